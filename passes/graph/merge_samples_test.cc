// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/graph/merge_samples.h"

#include <vector>

#include "gtest/gtest.h"

namespace relink {
namespace {

TEST(MergeSamples, AddsUpThoseOfTheSamePlace) {
  const SectionId a(0);
  const SectionId b(1);
  std::vector<Sample> samples = {{b, 1, 1}, {a, 2, 2}, {b, 1, 4}, {a, 1, 8}};
  MergeSamples(samples);
  ASSERT_EQ(samples.size(), 3u);
  EXPECT_EQ(samples[0].offset, 1u);
  EXPECT_EQ(samples[0].weight, 8);
  EXPECT_EQ(samples[1].section_id, a);
  EXPECT_EQ(samples[2].section_id, b);
  EXPECT_EQ(samples[2].weight, 5);
}

}  // namespace
}  // namespace relink
