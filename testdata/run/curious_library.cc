// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <cstdio>
#include <stdexcept>

namespace {

struct Witness {
  ~Witness() { std::puts("unwound"); }
};

using Function = void (*)();
void Nothing() {}

// Takes its own address, which nothing but itself may know.
[[gnu::noinline]] bool IsItself(const void* self) {
  asm volatile("");
  return self == reinterpret_cast<const void*>(&IsItself);
}

// Ran before the program did.
const Function taken_early = &Nothing;

}  // namespace

void Throw(int depth) {
  Witness witness;
  if (depth == 0) throw std::runtime_error("library");
  Throw(depth - 1);
}

void Call(void (*function)()) {
  Witness witness;
  function();
}

void* AddressOfThrow() { return reinterpret_cast<void*>(&Throw); }
bool KnowsItself() {
  return IsItself(reinterpret_cast<const void*>(&IsItself));
}
bool IsTakenEarly() { return taken_early == &Nothing; }
