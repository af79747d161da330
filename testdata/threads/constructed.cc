// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

extern "C" void record(const char* event);

namespace {

struct Noisy {
  Noisy() { record("constructed"); }
  ~Noisy() { record("destroyed"); }
  int value = 3;
};

thread_local Noisy noisy;

}  // namespace

extern "C" int use_noisy() { return noisy.value++; }
