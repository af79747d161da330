// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_OBJECTS_OBJECT_FILE_H_
#define RELINK_SCAN_OBJECTS_OBJECT_FILE_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/arch/target.h"
#include "relink/elf/records.h"
#include "relink/ir/module_source.h"
#include "relink/support/byte_view.h"

namespace relink {

// A section of an object file, as far as linking reads it.
struct ObjectSection {
  absl::string_view name;
  uint32_t type = 0;   // SHT_*.
  uint64_t flags = 0;  // SHF_*.
  uint64_t size = 0;
  uint64_t alignment = 1;  // A power of two.
  uint64_t entry_size = 0;
  ByteView contents;  // Empty for SHT_NOBITS.
  std::span<const elf::Rela<elf::Elf64Le>> relocations;
};

// Sections that are kept or left out together (gABI, "Section Groups").
struct SectionGroup {
  absl::string_view signature;
  bool comdat = false;  // One of that signature is enough.
  std::vector<uint32_t> members;
};

// A relocatable object (ET_REL) of an architecture that Relink links: views of
// the source's bytes. Holding one proves that every index in it (of sections,
// symbols, names, groups) means something, and that relocations name symbols
// that exist; not what their types are or where they are.
struct ObjectFile {
  using Elf = elf::Elf64Le;

  std::string name;
  const Target* target = nullptr;
  std::vector<ObjectSection> sections;  // By index; the first is empty.
  std::span<const elf::Sym<Elf>> symbols;
  uint32_t first_global = 0;  // Those before it are local.
  // By symbol; SHN_UNDEF for what is in none, as common and absolute ones.
  std::vector<uint32_t> symbol_sections;
  std::vector<SectionGroup> groups;

  absl::string_view NameOf(uint32_t symbol) const;

  ByteView strings;
};

// InvalidArgument: malformed, or no relocatable object.  OutOfRange: truncated.
// Unimplemented: a machine or construct that Relink does not link. Messages
// start with the source's name. `source` must outlive what is returned.
absl::StatusOr<ObjectFile> ReadObjectFile(ModuleSource& source);

}  // namespace relink

#endif  // RELINK_SCAN_OBJECTS_OBJECT_FILE_H_
