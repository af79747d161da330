// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ELF_TESTING_WALK_IMAGE_H_
#define RELINK_ELF_TESTING_WALK_IMAGE_H_

#include "relink/elf/records.h"
#include "relink/elf/testing/walk.h"
#include "relink/support/byte_view.h"

// For tests and fuzz targets only: reads everything that the parsers of this
// folder offer of a file.
namespace relink::elf {

// Each does work that is linear in the file's size times at most 64.
//
// What a loader needs: header, segments, dynamic table and what it points at.
template <class E>
void WalkLoaded(ByteView bytes, Walk* walk);
// Section headers, notes, and unwind information.
template <class E>
void WalkUnloaded(ByteView bytes, Walk* walk);

extern template void WalkLoaded<Elf32Le>(ByteView, Walk*);
extern template void WalkLoaded<Elf32Be>(ByteView, Walk*);
extern template void WalkLoaded<Elf64Le>(ByteView, Walk*);
extern template void WalkLoaded<Elf64Be>(ByteView, Walk*);
extern template void WalkUnloaded<Elf32Le>(ByteView, Walk*);
extern template void WalkUnloaded<Elf32Be>(ByteView, Walk*);
extern template void WalkUnloaded<Elf64Le>(ByteView, Walk*);
extern template void WalkUnloaded<Elf64Be>(ByteView, Walk*);

}  // namespace relink::elf

#endif  // RELINK_ELF_TESTING_WALK_IMAGE_H_
