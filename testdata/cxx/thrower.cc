// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "problem.h"

Problem::Problem(int number) : std::runtime_error("problem"), number_(number) {}
Problem::~Problem() = default;
int Problem::number() const { return number_; }

extern "C" {
void throw_problem(int number) { throw Problem(number); }
Problem* make_problem(int number) { return new Problem(number); }

int throw_and_catch() {
  try {
    throw_problem(3);
  } catch (const Problem& problem) {
    return problem.number();
  }
  return -1;
}
}
