// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/debugger_interface.h"

#include <cstdint>
#include <mutex>
#include <utility>

// The layout and the names are the debugger's. Weak, since a process has one of
// each, and a compiler at run time in the same program may bring its own.
extern "C" {
struct jit_code_entry {
  jit_code_entry* next_entry;
  jit_code_entry* prev_entry;
  const void* symfile_addr;
  uint64_t symfile_size;
};

enum jit_actions_t : uint32_t { JIT_NOACTION, JIT_REGISTER, JIT_UNREGISTER };

struct jit_descriptor {
  uint32_t version;
  jit_actions_t action_flag;
  jit_code_entry* relevant_entry;
  jit_code_entry* first_entry;
};

__attribute__((weak))
jit_descriptor __jit_debug_descriptor = {1, JIT_NOACTION, nullptr, nullptr};

// Where debuggers stop to look at the descriptor.
__attribute__((weak, noinline)) void __jit_debug_register_code() {
  asm volatile("" ::: "memory");
}
}

namespace relink {
namespace {

std::mutex& ListMutex() {
  static std::mutex& mutex = *new std::mutex();
  return mutex;
}

void Tell(jit_actions_t action, jit_code_entry& entry) {
  __jit_debug_descriptor.relevant_entry = &entry;
  __jit_debug_descriptor.action_flag = action;
  __jit_debug_register_code();
  __jit_debug_descriptor.action_flag = JIT_NOACTION;
  __jit_debug_descriptor.relevant_entry = nullptr;
}

}  // namespace

bool DebuggerIsWatching() {
  constexpr unsigned char kInt3 = 0xcc;
  const auto* code = reinterpret_cast<const volatile unsigned char*>(
      &__jit_debug_register_code);
  return *code == kInt3;
}

struct DebuggerRegistration::Entry {
  std::vector<std::byte> file;
  jit_code_entry in_list;
};

DebuggerRegistration::DebuggerRegistration(std::vector<std::byte> file)
    : entry_(std::make_unique<Entry>()) {
  entry_->file = std::move(file);
  jit_code_entry& entry = entry_->in_list;
  std::lock_guard lock(ListMutex());
  entry = {.next_entry = __jit_debug_descriptor.first_entry,
           .prev_entry = nullptr,
           .symfile_addr = entry_->file.data(),
           .symfile_size = entry_->file.size()};
  if (entry.next_entry != nullptr) entry.next_entry->prev_entry = &entry;
  __jit_debug_descriptor.first_entry = &entry;
  Tell(JIT_REGISTER, entry);
}

DebuggerRegistration::DebuggerRegistration(DebuggerRegistration&&) noexcept =
    default;

DebuggerRegistration::~DebuggerRegistration() {
  if (entry_ == nullptr) return;
  jit_code_entry& entry = entry_->in_list;
  std::lock_guard lock(ListMutex());
  if (entry.prev_entry != nullptr) {
    entry.prev_entry->next_entry = entry.next_entry;
  } else {
    __jit_debug_descriptor.first_entry = entry.next_entry;
  }
  if (entry.next_entry != nullptr) {
    entry.next_entry->prev_entry = entry.prev_entry;
  }
  Tell(JIT_UNREGISTER, entry);
}

}  // namespace relink
