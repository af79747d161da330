// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PROFILES_COUNT_H_
#define RELINK_PROFILES_COUNT_H_

#include <cstdint>

namespace relink::profiles {

// How often something was seen, and what that stands for. Integers that stop at
// their largest value: such a sum is the same in whatever order it is made.
struct Count {
  uint64_t samples = 0;
  // Events: the sum of the samples' periods, or their number if the source has
  // no periods.
  uint64_t weight = 0;

  Count& operator+=(const Count& other) {
    samples = Sum(samples, other.samples);
    weight = Sum(weight, other.weight);
    return *this;
  }
  friend bool operator==(const Count&, const Count&) = default;

 private:
  static uint64_t Sum(uint64_t a, uint64_t b) {
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
  }
};

// A factor between 0 and 2^32 in steps of 2^-32, so that all machines scale
// alike.
class ScaleFactor {
 public:
  constexpr ScaleFactor() = default;
  static ScaleFactor Of(double factor) {
    ScaleFactor result;
    result.fixed_ = static_cast<uint64_t>(factor * 0x1p32);
    return result;
  }

  // Rounded down: what ages goes away in the end.
  Count operator()(const Count& count) const {
    return {Scaled(count.samples), Scaled(count.weight)};
  }
  // This factor after `other`.
  ScaleFactor operator*(ScaleFactor other) const {
    ScaleFactor result;
    result.fixed_ = Scaled(other.fixed_);
    return result;
  }

 private:
  uint64_t Scaled(uint64_t value) const {
    const unsigned __int128 product =
        static_cast<unsigned __int128>(value) * fixed_;
    const unsigned __int128 scaled = product >> 32;
    return scaled > UINT64_MAX ? UINT64_MAX : static_cast<uint64_t>(scaled);
  }

  uint64_t fixed_ = uint64_t{1} << 32;
};

}  // namespace relink::profiles

#endif  // RELINK_PROFILES_COUNT_H_
