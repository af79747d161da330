// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Which calls KernelMapping makes, and what it does when a kernel refuses one
// or is old. The kernel here writes down what it is asked.

#include <linux/errno.h>
#include <linux/mman.h>

#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "relink/map/kernel_mapping.h"
#include "relink/map/kernel_mapping_methods.h"

namespace relink {
namespace {

constexpr uint64_t kPage = 4096;
constexpr uint64_t kSomewhere = 0x7001000;

struct ScriptedKernel {
  struct Call {
    char name;  // 'm'map, 'p'rotect, 'u'nmap, m'a'dvise.
    uint64_t address;
    uint64_t size;
    int protection = 0;

    friend bool operator==(const Call&, const Call&) = default;
  };
  static inline std::vector<Call> calls;
  static inline uint64_t mmap_result = kSomewhere;
  static inline size_t failing_munmap = 0;  // Counted from 1.
  static inline size_t munmap_count = 0;

  static KernelResult Mmap(uint64_t address, uint64_t size, int protection,
                           int flags, FileHandle, uint64_t) {
    calls.push_back({'m', address, size, protection});
    return {.value = (flags & MAP_FIXED) != 0 ? address : mmap_result};
  }
  static KernelResult Mprotect(uint64_t address, uint64_t size,
                               int protection) {
    calls.push_back({'p', address, size, protection});
    return {};
  }
  static KernelResult Munmap(uint64_t address, uint64_t size) {
    calls.push_back({'u', address, size});
    if (++munmap_count == failing_munmap) return {.os_error = ENOMEM};
    return {};
  }
  static KernelResult Madvise(uint64_t address, uint64_t size, int advice) {
    calls.push_back({'a', address, size, advice});
    return {.os_error = EINVAL};
  }
  static uint64_t PageSize() { return kPage; }
};

class KernelMappingCalls : public testing::Test {
 protected:
  KernelMappingCalls() {
    ScriptedKernel::calls.clear();
    ScriptedKernel::failing_munmap = 0;
    ScriptedKernel::munmap_count = 0;
  }
  using Calls = std::vector<ScriptedKernel::Call>;

  KernelMapping<ScriptedKernel> backend_;
};

TEST_F(KernelMappingCalls, PrefaultIsOneHintWhoseRefusalDoesNotMatter) {
  backend_.Prefault({RuntimeAddr(0x5000), 2 * kPage}, /*write=*/true);
  constexpr int kPopulateWrite = 23;
  EXPECT_EQ(ScriptedKernel::calls,
            (Calls{{'a', 0x5000, 2 * kPage, kPopulateWrite}}));
}

TEST_F(KernelMappingCalls, AnOldKernelThatIgnoresNoReplaceIsAMismatch) {
  auto reserved = backend_.Reserve({.size = kPage,
                                    .alignment = kPage,
                                    .address = RuntimeAddr(0x5000),
                                    .fixed = true});
  ASSERT_FALSE(reserved.ok());
  EXPECT_EQ(reserved.error().code, ErrorCode::kMismatch);
  EXPECT_EQ(reserved.error().offset, 0x5000u);
  EXPECT_EQ(ScriptedKernel::calls,
            (Calls{{'m', 0x5000, kPage, PROT_NONE}, {'u', kSomewhere, kPage}}));
}

TEST_F(KernelMappingCalls, AnAlignmentOfOnePageCostsOneCall) {
  ASSERT_TRUE(backend_.Reserve({.size = kPage, .alignment = kPage}).ok());
  EXPECT_EQ(ScriptedKernel::calls.size(), 1u);
}

TEST_F(KernelMappingCalls, ALargeAlignmentIsTrimmedAtBothEnds) {
  auto reserved = backend_.Reserve({.size = kPage, .alignment = 4 * kPage});
  ASSERT_TRUE(reserved.ok());
  EXPECT_EQ(reserved->begin, RuntimeAddr(0x7004000));
  EXPECT_EQ(ScriptedKernel::calls, (Calls{{'m', 0, 5 * kPage, PROT_NONE},
                                          {'u', 0x7005000, kPage},
                                          {'u', 0x7001000, 3 * kPage}}));
}

TEST_F(KernelMappingCalls, ARefusedFirstTrimGivesEverythingBack) {
  ScriptedKernel::failing_munmap = 1;
  auto reserved = backend_.Reserve({.size = kPage, .alignment = 4 * kPage});
  ASSERT_FALSE(reserved.ok());
  EXPECT_EQ(reserved.error().os_error, ENOMEM);
  EXPECT_EQ(ScriptedKernel::calls.back(),
            (ScriptedKernel::Call{'u', kSomewhere, 5 * kPage}));
}

// What was trimmed before may belong to another thread by now.
TEST_F(KernelMappingCalls, ARefusedSecondTrimGivesBackOnlyWhatIsLeft) {
  ScriptedKernel::failing_munmap = 2;
  auto reserved = backend_.Reserve({.size = kPage, .alignment = 4 * kPage});
  ASSERT_FALSE(reserved.ok());
  EXPECT_EQ(ScriptedKernel::calls.back(),
            (ScriptedKernel::Call{'u', kSomewhere, 4 * kPage}));
}

TEST_F(KernelMappingCalls, NothingIsEverWritableAndExecutable) {
  RuntimeRange pages{RuntimeAddr(kSomewhere), 2 * kPage};
  for (Protection protection :
       {Protection::kNone, Protection::kRead, Protection::kReadWrite,
        Protection::kReadExecute}) {
    ASSERT_TRUE(
        backend_
            .Reserve({.size = kPage, .alignment = kPage, .initial = protection})
            .ok());
    ASSERT_TRUE(backend_.MapFile(pages, {}, FileOffset(0), protection).ok());
    ASSERT_TRUE(backend_.Protect(pages, protection).ok());
  }
  ASSERT_TRUE(backend_.MapZero(pages).ok());
  for (const ScriptedKernel::Call& call : ScriptedKernel::calls) {
    EXPECT_NE(call.protection & (PROT_WRITE | PROT_EXEC),
              PROT_WRITE | PROT_EXEC);
  }
}

TEST_F(KernelMappingCalls, WritableBecomesExecutableInOneCall) {
  RuntimeRange pages{RuntimeAddr(kSomewhere), 2 * kPage};
  ASSERT_TRUE(backend_.MapZero(pages).ok());
  ASSERT_TRUE(backend_.Protect(pages, Protection::kReadExecute).ok());
  EXPECT_EQ(ScriptedKernel::calls,
            (Calls{{'m', kSomewhere, 2 * kPage, PROT_READ | PROT_WRITE},
                   {'p', kSomewhere, 2 * kPage, PROT_READ | PROT_EXEC}}));
}

}  // namespace
}  // namespace relink
