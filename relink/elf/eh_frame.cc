// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/eh_frame.h"

#include <algorithm>

namespace relink::elf {
namespace {

// DWARF exception header encodings (LSB Core, "DWARF Exception Header
// Encoding").
constexpr uint8_t kPcrelSdata4 = 0x10 | 0x0b;
constexpr uint8_t kUdata4 = 0x03;
constexpr uint8_t kDatarelSdata4 = 0x30 | 0x0b;

template <class E>
struct EhFrameHeader {
  uint8_t version;
  uint8_t eh_frame_ptr_enc;
  uint8_t fde_count_enc;
  uint8_t table_enc;
  typename E::Sword eh_frame_ptr;
  typename E::Word fde_count;
};
template <class E>
struct TableEntry {
  typename E::Sword location;
  typename E::Sword fde;
};

}  // namespace

template <class E>
Result<EhFrame> FindEhFrame(const AddressView<E>& view, LinkRange header) {
  RELINK_TRY_ASSIGN(ByteView bytes, view.Slice(header.begin, header.size));
  RELINK_TRY_ASSIGN(const auto* head, bytes.Record<EhFrameHeader<E>>(0));
  if (head->version != 1) {
    return Error{ErrorCode::kMalformed, ".eh_frame_hdr: unknown version",
                 header.begin.value()};
  }
  if (head->eh_frame_ptr_enc != kPcrelSdata4 ||
      head->fde_count_enc != kUdata4 || head->table_enc != kDatarelSdata4) {
    return Error{ErrorCode::kUnsupported,
                 ".eh_frame_hdr: encoding without a search table",
                 header.begin.value()};
  }
  RELINK_TRY_ASSIGN(auto table, bytes.Records<TableEntry<E>>(
                                    sizeof(EhFrameHeader<E>), head->fde_count));
  // The pointer is relative to itself, four bytes into the header; 64-bit
  // arithmetic, so that a hostile offset lands outside rather than wraps.
  const LinkAddr begin =
      header.begin + 4 +
      static_cast<uint64_t>(int64_t{int32_t{head->eh_frame_ptr}});
  RELINK_TRY_ASSIGN(ByteView records, view.From(begin));
  EhFrame frame{
      .records = {begin, 0}, .entry_count = table.size(), .terminated = false};
  if (table.empty()) {
    frame.terminated = true;  // Nothing to register.
    return frame;
  }
  // The table is sorted by address; the last record in the file need not be the
  // last in the table.
  int32_t last = table.front().fde;
  for (const TableEntry<E>& entry : table) {
    last = std::max<int32_t>(last, entry.fde);
  }
  const int64_t at =
      header.begin + static_cast<uint64_t>(int64_t{last}) - begin;
  if (at < 0) {
    return Error{ErrorCode::kMalformed,
                 ".eh_frame_hdr: record lies before .eh_frame",
                 header.begin.value()};
  }
  RELINK_TRY_ASSIGN(ByteView rest, records.From(static_cast<uint64_t>(at)));
  // From the last indexed record on, walk to the zero word that ends the
  // section; records without an index entry may stand in between.
  frame.records.size = static_cast<uint64_t>(at);
  for (;;) {
    auto length = rest.Record<typename E::Word>(0);
    if (!length.ok()) break;
    if (**length == 0) {
      frame.terminated = true;
      break;
    }
    if (**length == UINT32_MAX) {
      return Error{ErrorCode::kUnsupported, ".eh_frame: 64-bit record length",
                   frame.records.end().value()};
    }
    const uint64_t size = uint64_t{**length} + 4;
    RELINK_TRY_ASSIGN(rest, rest.From(size));
    frame.records.size += size;
  }
  return frame;
}

template Result<EhFrame> FindEhFrame(const AddressView<Elf32Le>&, LinkRange);
template Result<EhFrame> FindEhFrame(const AddressView<Elf32Be>&, LinkRange);
template Result<EhFrame> FindEhFrame(const AddressView<Elf64Le>&, LinkRange);
template Result<EhFrame> FindEhFrame(const AddressView<Elf64Be>&, LinkRange);

}  // namespace relink::elf
