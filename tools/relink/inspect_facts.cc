// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/inspect_facts.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "relink/elf/notes.h"
#include "relink/support/status.h"
#include "tools/relink/elf_parts.h"

namespace relink::tools {
namespace {

using namespace elf;  // NOLINT: this file is about its types only

// Longer ones are no build-ids; GNU ld makes 20 bytes, lld up to 32.
constexpr uint64_t kMaxBuildId = 64;

template <class E>
void CollectHeader(const ElfParts<E>& parts, FileFacts& facts) {
  const Ehdr<E>& header = parts.file.header();
  facts.platform = {header.e_machine, E::kClass, E::kData};
  facts.type = header.e_type;
  facts.os_abi = header.e_ident[kEiOsabi];
  facts.flags = header.e_flags;
  facts.entry = header.e_entry;
  facts.dynamic = parts.is_dynamic();
}

template <class E>
std::string BuildId(const ElfParts<E>& parts) {
  ByteView id = FindBuildId(parts.file);
  if (id.size() == 0 && parts.file.segments().empty() && parts.sections) {
    for (const Shdr<E>& section : parts.sections->sections()) {
      if (section.sh_type != kShtNote) continue;
      (void)ForEachNote<E>(
          parts.sections->Contents(section), section.sh_addralign,
          [&](const Note& note) {
            if (note.type == kNtGnuBuildId && note.name == StringRef("GNU")) {
              id = note.description;
            }
          });
    }
  }
  if (id.size() > kMaxBuildId) return "";
  std::string digits;
  for (std::byte byte : id.bytes()) {
    absl::StrAppend(&digits, absl::Hex(byte, absl::kZeroPad2));
  }
  return digits;
}

template <class E>
void CollectSegments(const ElfParts<E>& parts, FileFacts& facts) {
  ProtectionFacts& protection = facts.protection;
  for (const Phdr<E>& segment : parts.file.segments()) {
    facts.segments.push_back({.type = segment.p_type,
                              .flags = segment.p_flags,
                              .offset = segment.p_offset,
                              .vaddr = segment.p_vaddr,
                              .filesz = segment.p_filesz,
                              .memsz = segment.p_memsz,
                              .align = segment.p_align});
    const bool writable = (segment.p_flags & kPfW) != 0;
    const bool executable = (segment.p_flags & kPfX) != 0;
    switch (segment.p_type) {
      case kPtLoad:
        if (writable) protection.writable_bytes += segment.p_memsz;
        if (writable && executable) ++protection.rwx_segments;
        break;
      case kPtGnuStack:
        protection.stack = executable ? ProtectionFacts::Stack::kExecutable
                                      : ProtectionFacts::Stack::kNotExecutable;
        break;
      case kPtGnuRelro:
        protection.relro_bytes = segment.p_memsz;
        break;
      case kPtTls:
        facts.tls = {.present = true,
                     .filesz = segment.p_filesz,
                     .memsz = segment.p_memsz,
                     .align = segment.p_align};
        break;
      case kPtInterp: {
        auto path = parts.file.Contents(segment).CString(0);
        if (path.ok()) {
          facts.interpreter = View(*path);
        } else {
          facts.errors.push_back(ToStatus(path.error(), "interpreter"));
        }
        break;
      }
    }
  }
  // RELRO ends on a page, which may be past the end of its segment.
  protection.relro_bytes =
      std::min(protection.relro_bytes, protection.writable_bytes);
}

template <class E>
void CollectSections(const ElfParts<E>& parts, FileFacts& facts) {
  if (!parts.sections) return;
  for (const Shdr<E>& section : parts.sections->sections().subspan(1)) {
    facts.sections.push_back({.name = View(parts.sections->Name(section)),
                              .type = section.sh_type,
                              .flags = section.sh_flags,
                              .addr = section.sh_addr,
                              .offset = section.sh_offset,
                              .size = section.sh_size,
                              .align = section.sh_addralign});
  }
}

template <class E>
void CollectDynamic(const ElfParts<E>& parts, FileFacts& facts) {
  const Dynamic& dynamic = parts.dynamic;
  const auto string_at = [&](uint64_t offset, absl::string_view what) {
    std::optional<absl::string_view> text;
    if (offset == Dynamic::kNoString) return text;
    auto found = parts.strings.CString(offset);
    if (found.ok()) {
      text = View(*found);
    } else if (facts.errors.size() < 8) {
      facts.errors.push_back(ToStatus(found.error(), what));
    }
    return text;
  };
  facts.soname = string_at(dynamic.soname, "DT_SONAME");
  facts.rpath = string_at(dynamic.rpath, "DT_RPATH");
  facts.runpath = string_at(dynamic.runpath, "DT_RUNPATH");
  ForEachNeeded<E>(parts.dynamic_entries, [&](uint64_t offset) {
    if (auto name = string_at(offset, "DT_NEEDED")) {
      facts.needed.push_back(*name);
    }
  });
  facts.protection.bind_now =
      (dynamic.flags & kDfBindNow) != 0 || (dynamic.flags_1 & kDf1Now) != 0;
  facts.protection.text_relocations = (dynamic.flags & kDfTextrel) != 0;
  facts.tls.static_only = (dynamic.flags & kDfStaticTls) != 0;
}

absl::string_view Kind(const FileFacts& facts, const Dynamic& dynamic) {
  switch (facts.type) {
    case kEtRel:
      return "relocatable";
    case kEtExec:
      return "executable";
    case kEtCore:
      return "core";
    case kEtDyn:
      // Linkers before DF_1_PIE left this: an interpreter, but no name by which
      // anything could need it. (The C library has both.)
      if ((dynamic.flags_1 & kDf1Pie) != 0 ||
          (facts.interpreter && !facts.soname)) {
        return "PIE";
      }
      return "shared object";
    default:
      return "unknown";
  }
}

template <class E>
CapabilityFacts Capability(const ElfParts<E>& parts, const FileFacts& facts) {
  if (facts.type == kEtCore) return {"Opaque", "a core file"};
  if (!parts.sections) {
    return {"Opaque", parts.file.header().e_shoff == 0
                          ? "no section headers"
                          : "section headers are unusable"};
  }
  for (const SectionFacts& section : facts.sections) {
    if ((section.flags & kShfAlloc) != 0) {
      return {"Sectioned", "section headers are usable"};
    }
  }
  return {"Opaque", "no section is loaded"};
}

}  // namespace

Result<FileFacts> CollectFacts(ByteView file) {
  return WithElfParts(file, [](const auto& parts) {
    FileFacts facts;
    facts.warnings = parts.warnings;
    facts.errors = parts.errors;
    CollectHeader(parts, facts);
    facts.build_id = BuildId(parts);
    CollectSegments(parts, facts);
    CollectSections(parts, facts);
    if (parts.is_dynamic()) CollectDynamic(parts, facts);
    facts.kind = Kind(facts, parts.dynamic);
    facts.dynamic_symbols = CountSymbols(parts, SymbolTableKind::kDynamic);
    facts.full_symbols = CountSymbols(parts, SymbolTableKind::kFull);
    facts.relocations = CountRelocations(parts);
    facts.capability = Capability(parts, facts);
    return facts;
  });
}

}  // namespace relink::tools
