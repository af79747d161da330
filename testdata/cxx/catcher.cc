// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <cstdlib>
#include <exception>
#include <memory>
#include <typeinfo>

#include "problem.h"

namespace {

// Counts destructors that unwinding runs.
struct Guard {
  explicit Guard(int* count) : count(count) {}
  ~Guard() { ++*count; }
  int* count;
};

int Throwing(const void*, const void*) {
  throw_problem(5);
  return 0;
}

}  // namespace

extern "C" {
int catch_from_other_library() {
  int destroyed = 0;
  try {
    Guard guard(&destroyed);
    throw_problem(4);
  } catch (const Problem& problem) {
    return 10 * problem.number() + destroyed;
  }
  return -1;
}

// The exception passes through qsort, which is the host's.
int catch_through_host() {
  int numbers[] = {3, 1, 2};
  try {
    qsort(numbers, 3, sizeof(int), Throwing);
  } catch (const std::exception& error) {
    auto* problem = dynamic_cast<const Problem*>(&error);
    return problem == nullptr ? -2 : problem->number();
  }
  return -1;
}

int types_are_the_same() {
  const std::unique_ptr<Problem> problem(make_problem(6));
  std::exception* base = problem.get();
  return typeid(*base) == typeid(Problem) &&
         dynamic_cast<Problem*>(base) != nullptr;
}

void call_with_guard(void (*function)(), int* destroyed) {
  Guard guard(destroyed);
  function();
}
}
