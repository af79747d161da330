// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/objects/object_file.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "relink/elf/constants.h"
#include "relink/elf/elf_file.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

using Elf = ObjectFile::Elf;
using elf::Shdr;

// Fixup::offset holds less.
constexpr uint64_t kMaxSection = uint64_t{1} << 30;

absl::Status Malformed(absl::string_view where, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(where, ": ", what));
}

// Reads one file, in the order of the functions.
class ObjectReader {
 public:
  ObjectReader(const elf::SectionTable<Elf>& table, ObjectFile& object)
      : table_(table), object_(object) {}

  absl::Status Read() {
    RETURN_IF_ERROR(ReadSections());
    RETURN_IF_ERROR(ReadSymbols());
    for (uint32_t i = 1; i < count(); ++i) {
      const uint32_t type = header(i).sh_type;
      absl::Status status;
      if (type == elf::kShtRela || type == elf::kShtRel) {
        status = ReadRelocations(i);
      }
      if (type == elf::kShtGroup) status = ReadGroup(i);
      if (!status.ok()) return Annotate(status, object_.sections[i].name);
    }
    return absl::OkStatus();
  }

 private:
  uint32_t count() const {
    return static_cast<uint32_t>(table_.sections().size());
  }
  const Shdr<Elf>& header(uint32_t i) const { return table_.sections()[i]; }

  absl::Status ReadSections() {
    if (count() == 0) return absl::InvalidArgumentError("has no sections");
    object_.sections.resize(count());
    for (uint32_t i = 1; i < count(); ++i) {
      ObjectSection& section = object_.sections[i];
      section.name = View(table_.Name(header(i)));
      section.type = header(i).sh_type;
      section.flags = header(i).sh_flags;
      section.size = header(i).sh_size;
      section.entry_size = header(i).sh_entsize;
      section.contents = table_.Contents(header(i));
      if (header(i).sh_addralign != 0)
        section.alignment = header(i).sh_addralign;
      if ((section.flags & elf::kShfAlloc) == 0) continue;
      if (!std::has_single_bit(section.alignment)) {
        return Malformed(section.name, "alignment is not a power of two");
      }
      if (section.size >= kMaxSection || section.alignment > kMaxSection) {
        return absl::UnimplementedError(
            absl::StrCat(section.name, ": is larger than a GiB"));
      }
      if ((section.flags & elf::kShfCompressed) != 0) {
        return Malformed(section.name, "is loaded, but compressed");
      }
    }
    return absl::OkStatus();
  }

  absl::Status ReadSymbols() {
    const Shdr<Elf>* symtab = table_.FindType(elf::kShtSymtab);
    if (symtab == nullptr) return absl::OkStatus();
    if (symtab->sh_link == 0 || symtab->sh_link >= count()) {
      return Malformed(".symtab", "has no string table");
    }
    symtab_ = static_cast<uint32_t>(symtab - table_.sections().data());
    const ByteView bytes = table_.Contents(*symtab);
    const auto symbols =
        bytes.Records<elf::Sym<Elf>>(0, bytes.size() / sizeof(elf::Sym<Elf>));
    if (!symbols.ok()) return ToStatus(symbols.error(), ".symtab");
    object_.symbols = *symbols;
    object_.strings = table_.Contents(header(symtab->sh_link));
    object_.first_global = symtab->sh_info;
    if (object_.first_global > symbols->size()) {
      return Malformed(".symtab", "sh_info is past the end");
    }
    std::span<const Elf::Word> more;
    if (const Shdr<Elf>* indexes = table_.FindType(elf::kShtSymtabShndx)) {
      const ByteView words = table_.Contents(*indexes);
      const auto read =
          words.Records<Elf::Word>(0, words.size() / sizeof(Elf::Word));
      if (!read.ok()) return ToStatus(read.error(), ".symtab_shndx");
      more = *read;
    }
    object_.symbol_sections.resize(symbols->size());
    for (uint32_t i = 1; i < symbols->size(); ++i) {
      absl::Status status = ReadSymbol(i, more);
      if (!status.ok()) {
        return Annotate(status, absl::StrCat(".symtab[", i, "]"));
      }
    }
    return absl::OkStatus();
  }

  absl::Status ReadSymbol(uint32_t i, std::span<const Elf::Word> more) {
    const elf::Sym<Elf>& symbol = object_.symbols[i];
    if (!object_.strings.CString(symbol.st_name).ok() && symbol.st_name != 0) {
      return absl::InvalidArgumentError("name is outside of its string table");
    }
    if ((symbol.bind() == elf::kStbLocal) != (i < object_.first_global)) {
      return absl::InvalidArgumentError(
          "local symbols and others are not apart");
    }
    if (symbol.st_shndx == elf::kShnXindex) {
      if (i >= more.size()) {
        return absl::InvalidArgumentError("has no extended section index");
      }
      object_.symbol_sections[i] = more[i];
    } else if (symbol.st_shndx < elf::kShnLoreserve) {
      object_.symbol_sections[i] = symbol.st_shndx;
    } else if (symbol.st_shndx != elf::kShnAbs &&
               symbol.st_shndx != elf::kShnCommon) {
      // SHN_X86_64_LCOMMON among them.
      return absl::UnimplementedError(absl::StrCat(
          "special section index 0x", absl::Hex(uint16_t{symbol.st_shndx})));
    }
    const uint32_t section = object_.symbol_sections[i];
    if (section >= count()) {
      return absl::InvalidArgumentError(
          absl::StrCat("section index ", section, " is past the end"));
    }
    if (section != 0 && symbol.st_value > object_.sections[section].size) {
      return absl::InvalidArgumentError("is past the end of its section");
    }
    if (symbol.st_shndx == elf::kShnCommon &&
        (!std::has_single_bit(uint64_t{symbol.st_value}) ||
         symbol.st_value > kMaxSection || symbol.st_size >= kMaxSection)) {
      return absl::InvalidArgumentError(
          "common symbol of impossible size or alignment");
    }
    return absl::OkStatus();
  }

  absl::Status ReadRelocations(uint32_t index) {
    const Shdr<Elf>& section = header(index);
    if (section.sh_info == 0 || section.sh_info >= count()) {
      return absl::InvalidArgumentError("is of no section");
    }
    ObjectSection& target = object_.sections[section.sh_info];
    if ((target.flags & elf::kShfAlloc) == 0) return absl::OkStatus();
    if (section.sh_type == elf::kShtRel) {
      return absl::UnimplementedError("relocations without addends");
    }
    if (section.sh_link != symtab_ || symtab_ == 0) {
      return absl::InvalidArgumentError("is not of the symbol table");
    }
    if (!target.relocations.empty()) {
      return absl::UnimplementedError("is the second of its section");
    }
    const ByteView bytes = table_.Contents(section);
    const auto entries =
        bytes.Records<elf::Rela<Elf>>(0, bytes.size() / sizeof(elf::Rela<Elf>));
    if (!entries.ok()) return ToStatus(entries.error(), "entries");
    for (size_t i = 0; i < entries->size(); ++i) {
      if ((*entries)[i].sym() >= object_.symbols.size()) {
        return absl::InvalidArgumentError(
            absl::StrCat("[", i, "]: symbol index ", (*entries)[i].sym(),
                         " is past the end"));
      }
    }
    target.relocations = *entries;
    return absl::OkStatus();
  }

  absl::Status ReadGroup(uint32_t index) {
    const Shdr<Elf>& section = header(index);
    const ByteView bytes = table_.Contents(section);
    const auto words =
        bytes.Records<Elf::Word>(0, bytes.size() / sizeof(Elf::Word));
    if (!words.ok() || words->empty()) {
      return absl::InvalidArgumentError("group without flags");
    }
    if (section.sh_link != symtab_ || section.sh_info == 0 ||
        section.sh_info >= object_.symbols.size()) {
      return absl::InvalidArgumentError("group without a signature");
    }
    SectionGroup group;
    group.comdat = ((*words)[0] & elf::kGrpComdat) != 0;
    group.signature = object_.NameOf(section.sh_info);
    // Old assemblers take the section's symbol.
    const uint32_t named = object_.symbol_sections[section.sh_info];
    if (group.signature.empty()) group.signature = object_.sections[named].name;
    in_group_.resize(count());
    for (const Elf::Word& word : words->subspan(1)) {
      const uint32_t member = word;
      if (member == 0 || member >= count()) {
        return absl::InvalidArgumentError(
            absl::StrCat("member ", member, " is no section"));
      }
      if (object_.sections[member].type == elf::kShtGroup ||
          in_group_[member]) {
        return absl::InvalidArgumentError(
            absl::StrCat("member ", member, " is a group or in another one"));
      }
      in_group_[member] = true;
      group.members.push_back(member);
    }
    object_.groups.push_back(std::move(group));
    return absl::OkStatus();
  }

  const elf::SectionTable<Elf>& table_;
  ObjectFile& object_;
  uint32_t symtab_ = 0;
  std::vector<bool> in_group_;
};

absl::Status Read(ModuleSource& source, ObjectFile& object) {
  ASSIGN_OR_RETURN(const ByteView bytes, source.Read(0, source.size()));
  const auto identity = elf::Identify(bytes);
  if (!identity.ok()) return ToStatus(identity.error(), "ELF header");
  const auto file = elf::ElfFile<Elf>::Parse(bytes);
  if (!file.ok()) return ToStatus(file.error(), "ELF header");
  const elf::Ehdr<Elf>& header = file->header();
  if (header.e_type != elf::kEtRel) {
    return absl::InvalidArgumentError("is no relocatable object");
  }
  object.target =
      FindTarget(header.e_machine, identity->elf_class, identity->byte_order);
  if (object.target == nullptr || object.target->object_relocations.empty()) {
    return absl::UnimplementedError(absl::StrCat(
        "no support for objects of machine ", uint16_t{header.e_machine}));
  }
  const auto table = elf::SectionTable<Elf>::Parse(*file);
  if (!table.ok()) return ToStatus(table.error(), "section headers");
  return ObjectReader(*table, object).Read();
}

}  // namespace

absl::string_view ObjectFile::NameOf(uint32_t symbol) const {
  const auto text = strings.CString(symbols[symbol].st_name);
  return text.ok() ? View(*text) : absl::string_view();
}

absl::StatusOr<ObjectFile> ReadObjectFile(ModuleSource& source) {
  ObjectFile object;
  object.name = source.name();
  absl::Status status = Read(source, object);
  if (!status.ok()) return Annotate(status, source.name());
  return object;
}

}  // namespace relink
