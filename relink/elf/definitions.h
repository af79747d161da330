// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ELF_DEFINITIONS_H_
#define RELINK_ELF_DEFINITIONS_H_

#include <cstdint>
#include <span>

#include "relink/elf/symbol_table.h"
#include "relink/elf/versions.h"

namespace relink::elf {

// What a module defines: its dynamic symbols and the versions they have.
// Views only; the module's tables and the versions must outlive it.
template <class E>
struct Definitions {
  SymbolTable<E> symbols;
  std::span<const Version> versions;  // By DT_VERSYM index.

  // How to choose among several definitions of a name.
  struct Request {
    // The version to match; null for a reference without one.
    const Version* version = nullptr;
    // Without a version: the default one rather than the oldest, as dlsym does.
    bool newest = false;
    // Rejects an executable's canonical PLT entries.
    bool skip_undefined = false;
  };

  // Whether a symbol can be found at all.
  static bool IsDefinition(const Sym<E>& symbol, bool skip_undefined) {
    constexpr uint32_t kTypes = 1u << kSttNotype | 1u << kSttObject |
                                1u << kSttFunc | 1u << kSttCommon |
                                1u << kSttTls | 1u << kSttGnuIfunc;
    if ((kTypes >> symbol.type() & 1) == 0) return false;
    if (symbol.bind() != kStbGlobal && symbol.bind() != kStbWeak &&
        symbol.bind() != kStbGnuUnique) {
      return false;
    }
    if (symbol.st_value == 0 && symbol.st_shndx != kShnAbs &&
        symbol.type() != kSttTls) {
      return false;
    }
    return !(skip_undefined && symbol.undefined()) &&
           !(symbol.undefined() && symbol.type() == kSttTls);
  }

  // The index of the definition of `name`, or 0. The rules are those of the GNU
  // dynamic linker (LSB Core, "Symbol Versioning"): a versioned reference binds
  // to that version or, unless hidden, to an unversioned definition; one
  // without a version binds to the base or oldest version, or to the only one
  // there is.
  uint32_t Find(const SymbolName& name, const Request& request) const {
    uint32_t only_version = 0;
    uint32_t version_count = 0;
    const uint32_t found = symbols.Find(name, [&](uint32_t index) {
      const Sym<E>& symbol = symbols[index];
      if (!IsDefinition(symbol, request.skip_undefined)) return false;
      if (!symbols.versioned()) return true;
      const uint16_t versym = symbols.Version(index);
      const Version& version = VersionAt(versym);
      if (request.version != nullptr) {
        if (version.hash == request.version->hash &&
            version.name == request.version->name) {
          return true;
        }
        return !request.version->hidden && version.hash == 0 &&
               (versym & kVersymHidden) == 0;
      }
      if ((versym & kVersymVersion) < (request.newest ? 2 : 3)) return true;
      if ((versym & kVersymHidden) == 0 && version_count++ == 0) {
        only_version = index;
      }
      return false;
    });
    if (found != 0) return found;
    return version_count == 1 ? only_version : 0;
  }

  // The version that `versym` names; one with hash 0 if none.
  const Version& VersionAt(uint16_t versym) const {
    static constexpr Version kNone;
    const uint32_t index = versym & kVersymVersion;
    return index < versions.size() ? versions[index] : kNone;
  }
};

}  // namespace relink::elf

#endif  // RELINK_ELF_DEFINITIONS_H_
