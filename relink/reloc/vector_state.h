// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RELOC_VECTOR_STATE_H_
#define RELINK_RELOC_VECTOR_STATE_H_

#include <cstdint>

#include "absl/functional/function_ref.h"

namespace relink {

// How to save the registers in which arguments may be passed besides the
// general ones: %xmm, %ymm, %zmm and %k (Intel SDM, volume 1, chapter 13).
struct VectorState {
  enum class Method : uint8_t { kFxsave, kXsave, kXsavec };
  Method method = Method::kFxsave;
  uint64_t size = 512;    // Of the area; a multiple of its alignment, 64.
  uint64_t features = 0;  // The state components, as XSAVE takes them.
};

// What this machine has and the system enabled.
VectorState HostVectorState();

// The same, of a machine that answers CPUID so, as far as XCR0 enables it.
// `read_xcr0` is asked only if the machine has it.
struct CpuidAnswer {
  uint32_t eax = 0, ebx = 0, ecx = 0, edx = 0;
};
VectorState FindVectorState(
    absl::FunctionRef<CpuidAnswer(uint32_t leaf, uint32_t subleaf)> cpuid,
    absl::FunctionRef<uint64_t()> read_xcr0);

}  // namespace relink

#endif  // RELINK_RELOC_VECTOR_STATE_H_
