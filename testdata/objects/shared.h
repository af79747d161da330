// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TESTDATA_OBJECTS_SHARED_H_
#define RELINK_TESTDATA_OBJECTS_SHARED_H_

// One counter, however many objects have the function.
inline int& Counter() {
  static int counter = 0;
  return counter;
}

template <typename T>
__attribute__((noinline)) T Add(T a, T b) {
  if (a < 0) throw a;
  return a + b;
}

#endif  // RELINK_TESTDATA_OBJECTS_SHARED_H_
