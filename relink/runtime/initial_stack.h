// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUNTIME_INITIAL_STACK_H_
#define RELINK_RUNTIME_INITIAL_STACK_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "relink/support/address.h"

namespace relink {

// One entry of the auxiliary vector: Elf64_auxv_t.
struct AuxiliaryEntry {
  uint64_t type = 0;  // AT_*.
  uint64_t value = 0;
  friend bool operator==(AuxiliaryEntry, AuxiliaryEntry) = default;
};

// What a program finds on its stack.
struct InitialStackContents {
  std::span<const std::string> arguments;
  std::span<const std::string> environment;  // "NAME=value".
  // Without AT_NULL. The values of AT_EXECFN, AT_PLATFORM and AT_RANDOM, which
  // point into the stack, are filled in.
  std::vector<AuxiliaryEntry> auxiliary;
  std::string file;                  // AT_EXECFN.
  std::string platform;              // AT_PLATFORM.
  std::vector<std::string> others;   // That something else refers to.
  std::array<std::byte, 16> random;  // AT_RANDOM.
};

// The stack as psABI, "Initial Stack and Register State", wants it at a
// program's entry: argc, argv, envp, the auxiliary vector, and what those point
// to.
struct InitialStack {
  std::vector<std::byte> bytes;  // To be copied to `pointer`.
  RuntimeAddr pointer;           // %rsp at the entry point; of argc.
  // Parts of it, where they will be.
  RuntimeRange arguments;    // The strings, one after the other.
  RuntimeRange environment;  // Likewise, after those.
  RuntimeRange auxiliary;    // With AT_NULL.
  std::vector<RuntimeAddr> others;
};

// The stack of `contents` that ends at `end` or a few bytes before. Strings end
// at their first NUL.
InitialStack MakeInitialStack(InitialStackContents contents, RuntimeAddr end);

}  // namespace relink

#endif  // RELINK_RUNTIME_INITIAL_STACK_H_
