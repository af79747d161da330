// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Thread-local variables, by whatever way the options choose.

namespace {

int* destroyed = nullptr;

struct Counted {
  int value = 5;
  ~Counted() {
    if (destroyed != nullptr) ++*destroyed;
  }
};

thread_local long long zeros[3];
thread_local int started = 40;
thread_local Counted counted;

}  // namespace

__thread int shared_with_others = 2;
extern __thread int of_another_object;

extern "C" {

void count_thread_destroyed(int* count) { destroyed = count; }

int next_in_thread() {
  zeros[1] += counted.value;
  return started++ + shared_with_others + static_cast<int>(zeros[1]) +
         of_another_object;
}
}
