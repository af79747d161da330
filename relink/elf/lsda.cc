// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/lsda.h"

#include <algorithm>

namespace relink::elf {
namespace {

Error At(ErrorCode code, const char* what, LinkAddr begin) {
  return {code, what, begin.value()};
}

template <class E>
Result<void> ReadCallSites(LinkAddr begin, Lsda& lsda) {
  const uint8_t encoding = lsda.call_site_encoding;
  DwarfCursor<E> cursor(lsda.call_site_bytes, lsda.call_sites.begin);
  while (!cursor.at_end()) {
    const uint64_t start = cursor.Value(encoding);
    const uint64_t length = cursor.Value(encoding);
    const uint64_t landing_pad = cursor.Value(encoding);
    cursor.Uleb128();  // Action.
    if (!cursor.ok() || start + length < start) {
      return At(ErrorCode::kMalformed, "LSDA: call site is malformed", begin);
    }
    lsda.call_sites_end = std::max(lsda.call_sites_end, start + length);
    lsda.last_landing_pad = std::max(lsda.last_landing_pad, landing_pad);
  }
  return {};
}

}  // namespace

template <class E>
Result<Lsda> ReadLsda(ByteView bytes, LinkAddr begin) {
  Lsda lsda;
  DwarfCursor<E> cursor(bytes, begin);
  const uint8_t base_encoding = cursor.Byte();
  if (base_encoding != kPeOmit && !IsRelocatable<E>(base_encoding)) {
    return At(ErrorCode::kUnsupported, "LSDA: unknown encoding of @LPStart",
              begin);
  }
  lsda.landing_pad_base = cursor.Pointer(base_encoding);
  if (cursor.Byte() != kPeOmit) cursor.Uleb128();  // @TTBase.
  const uint8_t encoding = cursor.Byte();
  const uint64_t size = cursor.Uleb128();
  const auto table = bytes.Slice(cursor.offset(), size);
  if (!cursor.ok() || !table.ok()) {
    return At(ErrorCode::kOutOfRange, "LSDA: runs past the end of its section",
              begin);
  }
  if (encoding != kPeUleb128 && encoding != kPeUdata2 &&
      encoding != kPeUdata4 && encoding != kPeUdata8) {
    return At(ErrorCode::kUnsupported, "LSDA: unknown encoding of call sites",
              begin);
  }
  lsda.call_sites = {cursor.addr(), size};
  lsda.call_site_bytes = *table;
  lsda.call_site_encoding = encoding;
  RELINK_TRY(ReadCallSites<E>(begin, lsda));
  return lsda;
}

template Result<Lsda> ReadLsda<Elf32Le>(ByteView, LinkAddr);
template Result<Lsda> ReadLsda<Elf32Be>(ByteView, LinkAddr);
template Result<Lsda> ReadLsda<Elf64Le>(ByteView, LinkAddr);
template Result<Lsda> ReadLsda<Elf64Be>(ByteView, LinkAddr);

}  // namespace relink::elf
