// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/ordering/shuffle.h"

#include <cstddef>
#include <utility>

namespace relink {
namespace {

// SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number
// Generators", OOPSLA 2014).
class SplitMix {
 public:
  explicit SplitMix(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    state_ += 0x9e3779b97f4a7c15;
    uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return mixed ^ (mixed >> 31);
  }

  // Less than `bound`, each as likely: what is beyond its last multiple is
  // drawn again.
  uint64_t Below(uint64_t bound) {
    const uint64_t first = (0 - bound) % bound;
    uint64_t drawn = Next();
    while (drawn < first) drawn = Next();
    return drawn % bound;
  }

 private:
  uint64_t state_;
};

}  // namespace

void Shuffle(uint64_t seed, std::vector<SectionId>& sections) {
  SplitMix random(seed);
  for (size_t left = sections.size(); left > 1; --left) {
    std::swap(sections[left - 1], sections[random.Below(left)]);
  }
}

}  // namespace relink
