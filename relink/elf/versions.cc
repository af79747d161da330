// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/versions.h"

#include <algorithm>

namespace relink::elf {
namespace {

// DT_VERSYM has 15 bits of index, so no module has more versions. Offsets are
// unsigned, so every chain ends; but entries may overlap and share inner
// chains, and only a limit on their sum keeps the work of a hostile file
// linear.
constexpr uint32_t kMaxVersions = 1 << 15;

class VersionLimit {
 public:
  Result<void> Take(uint64_t at) {
    if (++taken_ <= kMaxVersions) return {};
    return Error{ErrorCode::kMalformed, "more versions than DT_VERSYM can name",
                 at};
  }

 private:
  uint32_t taken_ = 0;
};

}  // namespace

template <class E>
template <typename Visit>
Result<void> VersionReader<E>::ForEach(Visit visit) const {
  VersionLimit limit;
  if (dynamic_.verdef.value() != 0) {
    RELINK_TRY_ASSIGN(ByteView bytes, view_.From(dynamic_.verdef));
    uint64_t at = 0;
    for (uint64_t i = 0; i < dynamic_.verdefnum; ++i) {
      RELINK_TRY(limit.Take(at));
      RELINK_TRY_ASSIGN(const Verdef<E>* def, bytes.Record<Verdef<E>>(at));
      if (def->vd_version != 1) {
        return Error{ErrorCode::kMalformed, "unknown vd_version", at};
      }
      if ((def->vd_flags & kVerFlgBase) == 0) {
        RELINK_TRY_ASSIGN(const Verdaux<E>* aux,
                          bytes.Record<Verdaux<E>>(at + def->vd_aux));
        RELINK_TRY_ASSIGN(StringRef name, strings_.CString(aux->vda_name));
        visit(static_cast<uint16_t>(def->vd_ndx & kVersymVersion),
              Version{.hash = def->vd_hash,
                      .name = name,
                      .file = {},
                      .hidden = false,
                      .weak = false});
      }
      if (def->vd_next == 0) break;
      at += def->vd_next;
    }
  }
  if (dynamic_.verneed.value() != 0) {
    RELINK_TRY_ASSIGN(ByteView bytes, view_.From(dynamic_.verneed));
    uint64_t at = 0;
    for (uint64_t i = 0; i < dynamic_.verneednum; ++i) {
      RELINK_TRY(limit.Take(at));
      RELINK_TRY_ASSIGN(const Verneed<E>* need, bytes.Record<Verneed<E>>(at));
      if (need->vn_version != 1) {
        return Error{ErrorCode::kMalformed, "unknown vn_version", at};
      }
      RELINK_TRY_ASSIGN(StringRef file, strings_.CString(need->vn_file));
      uint64_t aux_at = at + need->vn_aux;
      for (uint32_t j = 0; j < need->vn_cnt; ++j) {
        RELINK_TRY(limit.Take(aux_at));
        RELINK_TRY_ASSIGN(const Vernaux<E>* aux,
                          bytes.Record<Vernaux<E>>(aux_at));
        RELINK_TRY_ASSIGN(StringRef name, strings_.CString(aux->vna_name));
        visit(static_cast<uint16_t>(aux->vna_other & kVersymVersion),
              Version{.hash = aux->vna_hash,
                      .name = name,
                      .file = file,
                      .hidden = (aux->vna_other & kVersymHidden) != 0,
                      .weak = (aux->vna_flags & kVerFlgWeak) != 0});
        if (aux->vna_next == 0) break;
        aux_at += aux->vna_next;
      }
      if (need->vn_next == 0) break;
      at += need->vn_next;
    }
  }
  return {};
}

template <class E>
Result<uint32_t> VersionReader<E>::Count() const {
  uint32_t count = 0;
  RELINK_TRY(ForEach([&](uint16_t index, const Version&) {
    count = std::max<uint32_t>(count, index + 1u);
  }));
  return count;
}

template <class E>
Result<void> VersionReader<E>::Read(std::span<Version> versions) const {
  return ForEach([&](uint16_t index, const Version& version) {
    if (index < versions.size()) versions[index] = version;
  });
}

template class VersionReader<Elf32Le>;
template class VersionReader<Elf32Be>;
template class VersionReader<Elf64Le>;
template class VersionReader<Elf64Be>;

}  // namespace relink::elf
