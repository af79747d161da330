// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/testing/image_sections.h"

#include <algorithm>
#include <span>
#include <utility>

#include "relink/elf/records.h"
#include "relink/elf/testing/image_symbols.h"
#include "relink/elf/testing/image_tables.h"

namespace relink::elf {
namespace {

constexpr uint64_t kWrite = kShfWrite | kShfAlloc;
constexpr uint64_t kCode = kShfExecinstr | kShfAlloc;

template <class E>
class SectionMaker {
 public:
  SectionMaker(const ImageSpec& spec, const PlaceMap& places)
      : spec_(spec), places_(places) {}

  std::vector<ImageSection> Make(std::map<std::string, uint32_t>* index);

 private:
  static constexpr uint64_t kWordSize = sizeof(typename E::Native);

  void Add(ImageSection section) {
    if (section.size() != 0) sections_.push_back(std::move(section));
  }
  Place PlaceOf(const char* name) const {
    auto found = places_.find(name);
    return found == places_.end() ? Place() : found->second;
  }
  Bytes Pointers(std::span<const uint64_t> text_offsets) const {
    Bytes out;
    for (uint64_t offset : text_offsets) {
      Append(&out, typename E::Addr(
                       Word<E>(AddressIn(Area::kText, offset, places_))));
    }
    return out;
  }
  Bytes Dynamic(StringTable* strings) const;

  const ImageSpec& spec_;
  const PlaceMap& places_;
  std::vector<ImageSection> sections_;
};

template <class E>
std::vector<ImageSection> SectionMaker<E>::Make(
    std::map<std::string, uint32_t>* index) {
  StringTable strings;
  SymbolTables symbols = MakeSymbolTables<E>(spec_, places_, &strings);
  const bool versioned = !spec_.versions.empty() || !spec_.needs.empty();
  std::vector<uint64_t> words;
  for (auto [area, offset] : spec_.relative_words) {
    words.push_back(AddressIn(area, offset, places_));
  }
  std::sort(words.begin(), words.end());
  const uint32_t rel_type = spec_.rela ? kShtRela : kShtRel;
  const uint64_t rel_size = spec_.rela ? sizeof(Rela<E>) : sizeof(Rel<E>);
  const Bytes dynamic = Dynamic(&strings);  // Adds its strings first.
  const Bytes verdef = MakeVersionDefinitions<E>(spec_, &strings);
  const Bytes verneed = MakeVersionNeeds<E>(spec_, &strings);
  const auto verdef_count = static_cast<uint32_t>(1 + spec_.versions.size());
  const auto verneed_count = static_cast<uint32_t>(spec_.needs.size());
  // clang-format off
  Add({".note", kShtNote, kShfAlloc, ImageGroup::kReadOnly, MakeNotes<E>(spec_.notes), 4});
  if (spec_.sysv_hash) Add({".hash", kShtHash, kShfAlloc, ImageGroup::kReadOnly, symbols.sysv_hash, 4, 4, ".dynsym"});
  if (spec_.gnu_hash) Add({".gnu.hash", kShtGnuHash, kShfAlloc, ImageGroup::kReadOnly, symbols.gnu_hash, kWordSize, 0, ".dynsym"});
  Add({".dynsym", kShtDynsym, kShfAlloc, ImageGroup::kReadOnly, symbols.dynsym, kWordSize, sizeof(Sym<E>), ".dynstr", symbols.first_global});
  Add({".dynstr", kShtStrtab, kShfAlloc, ImageGroup::kReadOnly, strings.bytes(), 1});
  if (versioned) Add({".gnu.version", kShtGnuVersym, kShfAlloc, ImageGroup::kReadOnly, symbols.versym, 2, 2, ".dynsym"});
  if (!spec_.versions.empty()) Add({".gnu.version_d", kShtGnuVerdef, kShfAlloc, ImageGroup::kReadOnly, verdef, kWordSize, 0, ".dynstr", verdef_count});
  Add({".gnu.version_r", kShtGnuVerneed, kShfAlloc, ImageGroup::kReadOnly, verneed, kWordSize, 0, ".dynstr", verneed_count});
  Add({spec_.rela ? ".rela.dyn" : ".rel.dyn", rel_type, kShfAlloc, ImageGroup::kReadOnly, MakeRelocations<E>(spec_.relocations, spec_.rela, symbols, places_), kWordSize, rel_size, ".dynsym"});
  Add({spec_.rela ? ".rela.plt" : ".rel.plt", rel_type, kShfAlloc, ImageGroup::kReadOnly, MakeRelocations<E>(spec_.plt_relocations, spec_.rela, symbols, places_), kWordSize, rel_size, ".dynsym"});
  Add({".relr.dyn", kShtRelr, kShfAlloc, ImageGroup::kReadOnly, MakeRelr<E>(words), kWordSize, kWordSize});
  if (spec_.eh_frame) Add({".eh_frame_hdr", kShtProgbits, kShfAlloc, ImageGroup::kReadOnly, MakeEhFrameHeader<E>(places_), 4});
  if (spec_.eh_frame) Add({".eh_frame", kShtProgbits, kShfAlloc, ImageGroup::kReadOnly, MakeEhFrame<E>(places_)});
  Add({".text", kShtProgbits, kCode, ImageGroup::kCode, spec_.text, 16});
  Add({".tdata", kShtProgbits, kWrite | kShfTls, ImageGroup::kRelro, spec_.tls});
  Add({".init_array", kShtInitArray, kWrite, ImageGroup::kRelro, Pointers(spec_.init_array), kWordSize, kWordSize});
  Add({".fini_array", kShtFiniArray, kWrite, ImageGroup::kRelro, Pointers(spec_.fini_array), kWordSize, kWordSize});
  Add({".dynamic", kShtDynamic, kWrite, ImageGroup::kRelro, dynamic, kWordSize, sizeof(Dyn<E>), ".dynstr"});
  Add({".got", kShtProgbits, kWrite, ImageGroup::kRelro, spec_.relro});
  Add({".data", kShtProgbits, kWrite, ImageGroup::kWritable, spec_.data});
  Add({".bss", kShtNobits, kWrite, ImageGroup::kWritable, {}, 8, 0, nullptr, 0, spec_.bss_size});
  // clang-format on
  if (spec_.section_headers) {
    StringTable names;
    names.Add(".shstrtab");
    for (const ImageSection& section : sections_) names.Add(section.name);
    Add({".shstrtab", kShtStrtab, 0, ImageGroup::kUnloaded, names.bytes(), 1});
  }
  *index = std::move(symbols.index);
  return std::move(sections_);
}

template <class E>
Bytes SectionMaker<E>::Dynamic(StringTable* strings) const {
  Bytes out;
  auto add = [&](int64_t tag, uint64_t value) {
    Append(&out,
           Dyn<E>{static_cast<typename E::SignedNative>(tag), Word<E>(value)});
  };
  auto add_addr = [&](const char* name, bool present, int64_t tag) {
    if (present) add(tag, PlaceOf(name).addr);
  };
  auto add_table = [&](const char* name, bool present, int64_t tag,
                       int64_t size_tag) {
    add_addr(name, present, tag);
    if (present) add(size_tag, PlaceOf(name).size);
  };
  for (const std::string& file : spec_.needed) {
    add(kDtNeeded, strings->Add(file));
  }
  if (!spec_.soname.empty()) add(kDtSoname, strings->Add(spec_.soname));
  if (!spec_.runpath.empty()) add(kDtRunpath, strings->Add(spec_.runpath));
  const bool defines = !spec_.versions.empty();
  const bool needs = !spec_.needs.empty();
  add_addr(".hash", spec_.sysv_hash, kDtHash);
  add_addr(".gnu.hash", spec_.gnu_hash, kDtGnuHash);
  add_table(".dynstr", true, kDtStrtab, kDtStrsz);
  add_addr(".dynsym", true, kDtSymtab);
  add(kDtSyment, sizeof(Sym<E>));
  add_addr(".gnu.version", defines || needs, kDtVersym);
  add_addr(".gnu.version_d", defines, kDtVerdef);
  if (defines) add(kDtVerdefnum, 1 + spec_.versions.size());
  add_addr(".gnu.version_r", needs, kDtVerneed);
  if (needs) add(kDtVerneednum, spec_.needs.size());
  if (!spec_.relocations.empty()) {
    add_table(spec_.rela ? ".rela.dyn" : ".rel.dyn", true,
              spec_.rela ? kDtRela : kDtRel, spec_.rela ? kDtRelasz : kDtRelsz);
    add(spec_.rela ? kDtRelaent : kDtRelent,
        spec_.rela ? sizeof(Rela<E>) : sizeof(Rel<E>));
  }
  if (!spec_.plt_relocations.empty()) {
    add_table(spec_.rela ? ".rela.plt" : ".rel.plt", true, kDtJmprel,
              kDtPltrelsz);
    add(kDtPltrel, static_cast<uint64_t>(spec_.rela ? kDtRela : kDtRel));
    add_addr(".got", !spec_.relro.empty(), kDtPltgot);
  }
  if (!spec_.relative_words.empty()) {
    add_table(".relr.dyn", true, kDtRelr, kDtRelrsz);
    add(kDtRelrent, kWordSize);
  }
  add_table(".init_array", !spec_.init_array.empty(), kDtInitArray,
            kDtInitArraysz);
  add_table(".fini_array", !spec_.fini_array.empty(), kDtFiniArray,
            kDtFiniArraysz);
  for (auto [tag, value] : spec_.dynamic) add(tag, value);
  for (int i = 0; i < 1 + kSpareDynamic; ++i) add(kDtNull, 0);
  return out;
}

}  // namespace

template <class E>
std::vector<ImageSection> MakeImageSections(
    const ImageSpec& spec, const PlaceMap& places,
    std::map<std::string, uint32_t>* symbol_index) {
  return SectionMaker<E>(spec, places).Make(symbol_index);
}

#define RELINK_INSTANTIATE(E)                              \
  template std::vector<ImageSection> MakeImageSections<E>( \
      const ImageSpec&, const PlaceMap&, std::map<std::string, uint32_t>*)

RELINK_INSTANTIATE(Elf32Le);
RELINK_INSTANTIATE(Elf32Be);
RELINK_INSTANTIATE(Elf64Le);
RELINK_INSTANTIATE(Elf64Be);

}  // namespace relink::elf
