// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ELF_TESTING_LOADABLE_IMAGE_H_
#define RELINK_ELF_TESTING_LOADABLE_IMAGE_H_

#include "relink/elf/testing/image_builder.h"
#include "relink/elf/testing/image_spec.h"

// For tests only: a small x86-64 shared object that really loads.
//
//   answer, old_answer   return 42; the second is of a hidden old version
//   own_pid              jumps to getpid through its JUMP_SLOT
//   glob_dat_pointer     return the address of `answer`, out of a slot that
//   relr_pointer         the relocation named so wrote
//   relative_pointer
//   initialized          an int that DT_INIT_ARRAY sets to 1
//   zeroed               kZeroedSize bytes of .bss
//   counter              a thread-local int, 7 at first
namespace relink::elf {

// Entries of .rela.dyn, .rela.plt and .relr.dyn.
inline constexpr int kInitRelative = 0;  // The slot of DT_INIT_ARRAY.
inline constexpr int kFiniRelative = 1;
inline constexpr int kDataRelative = 2;
inline constexpr int kGlobDat = 3;
inline constexpr int kAbsolute64 = 4;
inline constexpr int kTlsModule = 5;
inline constexpr int kTlsOffset = 6;

inline constexpr uint64_t kZeroedSize = 0x2000;

// What `BuildLoadable` takes: change a copy for a variant.
ImageSpec LoadableSpec();

// Builds it and fills in what depends on addresses: displacements in .text and
// the words that DT_RELR relocates.
Image<Elf64Le> BuildLoadable(const ImageSpec& spec = LoadableSpec());

}  // namespace relink::elf

#endif  // RELINK_ELF_TESTING_LOADABLE_IMAGE_H_
