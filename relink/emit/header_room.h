// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_EMIT_HEADER_ROOM_H_
#define RELINK_EMIT_HEADER_ROOM_H_

#include "relink/ir/link_graph.h"
#include "relink/stage/placed_graph.h"
#include "relink/support/address.h"

namespace relink {

// Where the output's program headers go, which are more than the input's.
//
// They grow where they are, if what stands behind them can give way: notes, the
// interpreter's name, and tables, which nothing but headers and the dynamic
// table points at. Tools that write a file anew, as strip, expect them
// there. Otherwise they go to a new segment.
struct HeaderRoom {
  SectionId table_id;      // In a new segment; none: where the input has them.
  LinkRange displaced;     // What gave way; empty if nothing did.
  SectionId displaced_id;  // Where it is now, from `padding` on.
  uint64_t padding = 0;

  // Where what the input has at `addr` is because of that.
  LinkAddr At(const PlacedGraph& placed, LinkAddr addr) const {
    return displaced.Contains(addr) ? Moved(placed.At(displaced_id), addr)
                                    : addr;
  }
  LinkAddr At(const LinkedImage& image, LinkAddr addr) const {
    return displaced.Contains(addr) ? Moved(image.At(displaced_id), addr)
                                    : addr;
  }

 private:
  LinkAddr Moved(RuntimeAddr section, LinkAddr addr) const {
    return LinkAddr(section.value() + padding) +
           static_cast<uint64_t>(addr - displaced.begin);
  }
};

// Adds to `graph`, in an arena of read-only data, what has to move. For after
// all passes.
HeaderRoom MakeHeaderRoom(LinkGraph& graph, ModuleId id);

}  // namespace relink

#endif  // RELINK_EMIT_HEADER_ROOM_H_
