// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <cstdlib>

extern "C" void record(const char* event);

namespace {

struct Noisy {
  explicit Noisy(const char* birth, const char* death) : death(death) {
    record(birth);
  }
  ~Noisy() { record(death); }
  const char* death;
};

Noisy first("first constructed", "first destroyed");
Noisy second("second constructed", "second destroyed");

}  // namespace

extern "C" {
void make_local() {
  static Noisy local("local constructed", "local destroyed");
}
void register_at_exit() {
  atexit([] { record("at exit"); });
}
}
