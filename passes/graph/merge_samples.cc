// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/graph/merge_samples.h"

#include <algorithm>
#include <cstddef>

namespace relink {

void MergeSamples(std::vector<Sample>& samples) {
  std::sort(samples.begin(), samples.end());
  size_t kept = 0;
  for (const Sample& sample : samples) {
    if (kept > 0 && !(samples[kept - 1] < sample)) {
      samples[kept - 1].weight += sample.weight;
    } else {
      samples[kept++] = sample;
    }
  }
  samples.resize(kept);
}

}  // namespace relink
