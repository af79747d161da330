// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ELF_EH_FRAME_H_
#define RELINK_ELF_EH_FRAME_H_

#include <cstdint>

#include "relink/elf/address_view.h"
#include "relink/support/address.h"

namespace relink::elf {

// Where .eh_frame lies, as .eh_frame_hdr says (LSB Core, ".eh_frame_hdr").
struct EhFrame {
  LinkRange records;         // Without the terminating zero word.
  uint64_t entry_count = 0;  // FDEs in the search table.
  bool terminated = false;   // A zero word follows, as unwinders expect.
};

// Finds .eh_frame from the PT_GNU_EH_FRAME segment at `header`. Only the
// encoding that linkers write is understood: a pc-relative 4-byte pointer to
// .eh_frame and a sorted table of datarel 4-byte pairs.
//
// kUnsupported: another encoding.  kMalformed, kOutOfRange: the table or a
// record is not inside its segment.
template <class E>
Result<EhFrame> FindEhFrame(const AddressView<E>& view, LinkRange header);

extern template Result<EhFrame> FindEhFrame(const AddressView<Elf32Le>&,
                                            LinkRange);
extern template Result<EhFrame> FindEhFrame(const AddressView<Elf32Be>&,
                                            LinkRange);
extern template Result<EhFrame> FindEhFrame(const AddressView<Elf64Le>&,
                                            LinkRange);
extern template Result<EhFrame> FindEhFrame(const AddressView<Elf64Be>&,
                                            LinkRange);

}  // namespace relink::elf

#endif  // RELINK_ELF_EH_FRAME_H_
