// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/reloc/vector_state.h"

#include <cpuid.h>

#include <algorithm>

#include "relink/support/address.h"

namespace relink {
namespace {

// State components: SSE, AVX, opmask, ZMM_Hi256, Hi16_ZMM. x87 registers pass
// no arguments.
constexpr uint64_t kVectorFeatures = 1 << 1 | 1 << 2 | 1 << 5 | 1 << 6 | 1 << 7;
constexpr uint32_t kFirstExtended = 2;
constexpr uint32_t kLastFeature = 7;
constexpr uint64_t kAreaAlignment = 64;
// The legacy region and the header, before the extended components.
constexpr uint64_t kExtendedOffset = 576;

// Leaf 1, %ecx; leaf 0xd, subleaf 1, %eax; its other subleaves, %ecx.
constexpr uint32_t kOsxsave = 1u << 27;
constexpr uint32_t kXsavec = 1u << 1;
constexpr uint32_t kAlignedInCompacted = 1u << 1;
constexpr uint32_t kXsaveLeaf = 0xd;

}  // namespace

VectorState FindVectorState(
    absl::FunctionRef<CpuidAnswer(uint32_t leaf, uint32_t subleaf)> cpuid,
    absl::FunctionRef<uint64_t()> read_xcr0) {
  VectorState state;
  if (cpuid(0, 0).eax < kXsaveLeaf || (cpuid(1, 0).ecx & kOsxsave) == 0) {
    return state;
  }
  state.features = read_xcr0() & kVectorFeatures;
  const bool compacted = (cpuid(kXsaveLeaf, 1).eax & kXsavec) != 0;
  state.method =
      compacted ? VectorState::Method::kXsavec : VectorState::Method::kXsave;
  uint64_t end = kExtendedOffset;
  for (uint32_t feature = kFirstExtended; feature <= kLastFeature; ++feature) {
    if ((state.features >> feature & 1) == 0) continue;
    const CpuidAnswer component = cpuid(kXsaveLeaf, feature);
    if (!compacted) {
      end = std::max(end, uint64_t{component.ebx} + component.eax);
      continue;
    }
    if ((component.ecx & kAlignedInCompacted) != 0) end = AlignUp(end, 64);
    end += component.eax;
  }
  state.size = AlignUp(end, kAreaAlignment);
  return state;
}

VectorState HostVectorState() {
  // CPUID is slow where a hypervisor answers it.
  static const VectorState state = FindVectorState(
      [](uint32_t leaf, uint32_t subleaf) {
        CpuidAnswer answer;
        __cpuid_count(leaf, subleaf, answer.eax, answer.ebx, answer.ecx,
                      answer.edx);
        return answer;
      },
      [] {
        uint32_t low = 0;
        uint32_t high = 0;
        __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
        return uint64_t{high} << 32 | low;
      });
  return state;
}

}  // namespace relink
