// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/debugger_interface.h"

#include <cstdint>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

// What a debugger reads (GDB manual, "JIT Compilation Interface").
struct ListEntry {
  ListEntry* next;
  ListEntry* previous;
  const std::byte* file;
  uint64_t size;
};
struct Descriptor {
  uint32_t version;
  uint32_t action;
  ListEntry* relevant;
  ListEntry* first;
};
extern "C" Descriptor __jit_debug_descriptor;

namespace relink {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

DebuggerRegistration Register(int number) {
  return DebuggerRegistration({std::byte(number)});
}

// The files in the list, each by its one byte.
std::vector<int> Listed() {
  std::vector<int> numbers;
  const ListEntry* previous = nullptr;
  for (const ListEntry* entry = __jit_debug_descriptor.first; entry != nullptr;
       entry = entry->next) {
    EXPECT_EQ(entry->previous, previous);
    EXPECT_EQ(entry->size, 1u);
    numbers.push_back(static_cast<int>(*entry->file));
    previous = entry;
  }
  return numbers;
}

TEST(DebuggerInterface, ListsFilesForAsLongAsTheyAreRegistered) {
  EXPECT_EQ(__jit_debug_descriptor.version, 1u);
  EXPECT_THAT(Listed(), IsEmpty());
  std::optional<DebuggerRegistration> first(Register(1));
  std::optional<DebuggerRegistration> second(Register(2));
  std::optional<DebuggerRegistration> third(Register(3));
  EXPECT_THAT(Listed(), ElementsAre(3, 2, 1));
  second.reset();
  EXPECT_THAT(Listed(), ElementsAre(3, 1));
  DebuggerRegistration moved(*std::move(third));
  third.reset();
  EXPECT_THAT(Listed(), ElementsAre(3, 1));
  first.reset();
  EXPECT_THAT(Listed(), ElementsAre(3));
}

TEST(DebuggerInterface, TakesChangesOfManyThreads) {
  const auto churn = [] {
    for (int i = 0; i < 1000; ++i) {
      const DebuggerRegistration first = Register(1);
      const DebuggerRegistration second = Register(2);
    }
  };
  std::thread other(churn);
  churn();
  other.join();
  EXPECT_THAT(Listed(), IsEmpty());
}

TEST(DebuggerInterface, KnowsThatNobodyIsWatching) {
  EXPECT_FALSE(DebuggerIsWatching());
}

}  // namespace
}  // namespace relink
