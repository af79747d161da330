// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TESTDATA_CXX_PROBLEM_H_
#define RELINK_TESTDATA_CXX_PROBLEM_H_

#include <stdexcept>

// Its vtable and type_info are in libthrower.so.
class Problem : public std::runtime_error {
 public:
  explicit Problem(int number);
  ~Problem() override;
  virtual int number() const;

 private:
  int number_;
};

extern "C" {
void throw_problem(int number);
Problem* make_problem(int number);
}

#endif  // RELINK_TESTDATA_CXX_PROBLEM_H_
