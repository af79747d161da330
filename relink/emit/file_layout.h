// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_EMIT_FILE_LAYOUT_H_
#define RELINK_EMIT_FILE_LAYOUT_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "relink/ir/link_graph.h"
#include "relink/stage/placed_graph.h"
#include "relink/support/address.h"

namespace relink {

// A PT_LOAD segment that the input does not have: an arena.
struct NewSegment {
  ArenaId arena_id;
  LinkRange memory;  // All of it is in the file.
  FileOffset offset{};
  uint64_t alignment = 1;
  bool executable = false;
};

// Where the output has what. New segments stand between what is loaded of the
// input, which stays where it is, and what is not (debug information, symbols),
// which moves back: so an offset can be as far from its address as in the first
// segment, by which kernels before Linux 5.18 compute where the program headers
// are.
struct FileLayout {
  std::vector<NewSegment> segments;  // Ascending.
  uint64_t loaded_size = 0;          // So much of the input stays where it is.
  uint64_t input_size = 0;           // Without section headers at its end.
  uint64_t shift = 0;                // So far the rest moves.

  uint64_t Moved(uint64_t offset) const {
    return offset < loaded_size ? offset : offset + shift;
  }
  // Where the rest of the input ends in the output.
  uint64_t size() const { return input_size + shift; }

  // Where the output has what is placed at `addr`; null: no new segment has it.
  const NewSegment* Find(LinkAddr addr) const;
  FileOffset OffsetOf(LinkAddr addr) const;
};

// With `keep_distance` offsets are as far from their addresses as in the first
// segment: by that, kernels before Linux 5.18 tell a program where its program
// headers are.
//
// Unimplemented: an arena whose memory is written to.  InvalidArgument: the
// input's header cannot be read.
absl::StatusOr<FileLayout> PlanFile(const LinkedImage& image, ModuleId id,
                                    bool keep_distance);

}  // namespace relink

#endif  // RELINK_EMIT_FILE_LAYOUT_H_
