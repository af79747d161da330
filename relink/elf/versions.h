// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ELF_VERSIONS_H_
#define RELINK_ELF_VERSIONS_H_

#include <cstdint>
#include <span>

#include "relink/elf/address_view.h"
#include "relink/elf/dynamic.h"
#include "relink/elf/records.h"

namespace relink::elf {

// One symbol version that a module defines or needs, by its DT_VERSYM index.
struct Version {
  uint32_t hash = 0;  // SysvHash of the name; 0 if the index names no version.
  StringRef name;
  StringRef file;       // The DT_NEEDED it comes from; empty if defined here.
  bool hidden = false;  // A reference that only an exact match satisfies.
  bool weak = false;    // Its absence is not an error (VER_FLG_WEAK).
};

// The versions of one module, in storage that the caller provides.
// LSB Core, "Symbol Versioning".
template <class E>
class VersionReader {
 public:
  VersionReader(const AddressView<E>& view, const Dynamic& dynamic,
                ByteView strings)
      : view_(view), dynamic_(dynamic), strings_(strings) {}

  // One more than the highest version index; 0 if there are no versions.
  Result<uint32_t> Count() const;

  // Fills `versions`, which has `Count()` entries. The base definition (the
  // module itself) is left out, as no reference may match it.
  //
  // A chain ends at its count or at an entry without a next one, whichever
  // comes first.
  //
  // kMalformed, kOutOfRange: entries outside of their segment, unknown
  // structure versions, more versions than there are indices.
  Result<void> Read(std::span<Version> versions) const;

 private:
  // Calls `visit(index, version)` for every definition and need.
  template <typename Visit>
  Result<void> ForEach(Visit visit) const;

  const AddressView<E>& view_;
  const Dynamic& dynamic_;
  ByteView strings_;
};

extern template class VersionReader<Elf32Le>;
extern template class VersionReader<Elf32Be>;
extern template class VersionReader<Elf64Le>;
extern template class VersionReader<Elf64Be>;

}  // namespace relink::elf

#endif  // RELINK_ELF_VERSIONS_H_
