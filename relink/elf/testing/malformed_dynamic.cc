// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "relink/elf/testing/malformed_list.h"

namespace relink::elf {
namespace {

using Elf = Image<Elf64Le>;
constexpr ErrorCode kMalformed = ErrorCode::kMalformed;
constexpr ErrorCode kOutOfRange = ErrorCode::kOutOfRange;

struct Entry {
  const char* name;
  int64_t tag;
};

// An entry set to a value.
MalformedList::Edit Set(int64_t tag, uint64_t value) {
  return [=](Elf& f) { f.dynamic(tag).d_val = value; };
}
// An entry gone; its tag is one that nobody knows.
MalformedList::Edit Remove(int64_t tag) {
  return [=](Elf& f) { f.dynamic(tag).d_tag = 0x60000fff; };
}

void AddEntrySizes(MalformedList* list) {
  struct EntrySize {
    const char* name;
    int64_t tag;
    uint64_t size;
  };
  constexpr EntrySize kEntrySizes[] = {
      {"DT_SYMENT", kDtSyment, 24},
      {"DT_RELAENT", kDtRelaent, 24},
      {"DT_RELRENT", kDtRelrent, 8},
  };
  for (const EntrySize& entry : kEntrySizes) {
    for (uint64_t size : {uint64_t{0}, entry.size - 1, entry.size * 2,
                          entry.size + (uint64_t{1} << 32), UINT64_MAX}) {
      list->Refused(absl::StrCat(entry.name, ": 0x", absl::Hex(size)),
                    kMalformed, entry.name, Set(entry.tag, size));
    }
  }
  list->Refused("DT_RELENT: 24", kMalformed, "DT_RELENT",
                [](Elf& f) { f.AddDynamic(kDtRelent, 24); });
  for (uint64_t value : {uint64_t{0}, uint64_t{8}, UINT64_MAX}) {
    list->Refused(absl::StrCat("DT_PLTREL: 0x", absl::Hex(value)), kMalformed,
                  "DT_PLTREL", Set(kDtPltrel, value));
  }
  list->Refused("DT_PLTREL: DT_REL though the size is one Rela", kMalformed,
                "DT_PLTRELSZ", Set(kDtPltrel, kDtRel));
}

void AddTableSizes(MalformedList* list) {
  struct Table {
    const char* name;
    int64_t tag;
    uint64_t entry;
    const char* what;
  };
  constexpr Table kTables[] = {
      {"DT_RELASZ", kDtRelasz, 24, "DT_RELASZ"},
      {"DT_RELRSZ", kDtRelrsz, 8, "DT_RELRSZ"},
      {"DT_PLTRELSZ", kDtPltrelsz, 24, "DT_PLTRELSZ"},
      {"DT_INIT_ARRAYSZ", kDtInitArraysz, 8, "array"},
      {"DT_FINI_ARRAYSZ", kDtFiniArraysz, 8, "array"},
  };
  for (const Table& table : kTables) {
    auto name = [&](const char* what) {
      return absl::StrCat(table.name, ": ", what);
    };
    list->Refused(name("1 byte more"), kMalformed, table.what, [&](Elf& f) {
      f.dynamic(table.tag).d_val = f.dynamic(table.tag).d_val + 1;
    });
    list->Refused(name("half an entry"), kMalformed, table.what,
                  Set(table.tag, table.entry / 2));
    const bool pointers = table.entry == 8 && table.tag != kDtRelrsz;
    for (uint64_t count : {uint64_t{1} << 16, uint64_t{1} << 40}) {
      auto edit = Set(table.tag, count * table.entry);
      const std::string huge =
          absl::StrCat(table.name, ": 0x", absl::Hex(count), " entries");
      if (pointers) {
        list->Unusable(huge, edit);
      } else {
        list->Refused(huge, kOutOfRange, nullptr, edit);
      }
    }
  }
}

void AddAddresses(MalformedList* list) {
  constexpr Entry kParsed[] = {
      {"DT_STRTAB", kDtStrtab},    {"DT_SYMTAB", kDtSymtab},
      {"DT_GNU_HASH", kDtGnuHash}, {"DT_VERSYM", kDtVersym},
      {"DT_VERDEF", kDtVerdef},    {"DT_VERNEED", kDtVerneed},
      {"DT_RELA", kDtRela},        {"DT_RELR", kDtRelr},
      {"DT_JMPREL", kDtJmprel},
  };
  for (const Entry& entry : kParsed) {
    for (const BadAddress& bad : kBadAddresses) {
      list->Refused(absl::StrCat(entry.name, ": ", bad.name), kOutOfRange,
                    nullptr, Set(entry.tag, bad.addr));
    }
  }
  constexpr Entry kCalled[] = {
      {"DT_INIT_ARRAY", kDtInitArray},
      {"DT_FINI_ARRAY", kDtFiniArray},
  };
  for (const Entry& entry : kCalled) {
    for (const BadAddress& bad : kBadAddresses) {
      list->Unusable(absl::StrCat(entry.name, ": ", bad.name),
                     Set(entry.tag, bad.addr));
    }
    list->Unusable(
        absl::StrCat(entry.name, ": straddles the end"), [&](Elf& f) {
          const Phdr<Elf64Le>& data = f.segment(kPtLoad, 2);
          f.dynamic(entry.tag).d_val = data.p_vaddr + data.p_memsz - 4;
        });
    list->Unusable(absl::StrCat(entry.name, ": of instructions"), [&](Elf& f) {
      f.dynamic(entry.tag).d_val = f.place(".text").addr;
    });
  }
  // Functions, whose entries the image does not have.
  for (Entry entry : {Entry{"DT_INIT", kDtInit}, Entry{"DT_FINI", kDtFini}}) {
    for (const BadAddress& bad : kBadAddresses) {
      list->Unusable(absl::StrCat(entry.name, ": ", bad.name),
                     [&](Elf& f) { f.AddDynamic(entry.tag, bad.addr); });
    }
    list->Unusable(absl::StrCat(entry.name, ": not executable"), [&](Elf& f) {
      f.AddDynamic(entry.tag, f.place(".data").addr);
    });
  }
  for (const BadAddress& bad : kBadAddresses) {
    list->Refused(absl::StrCat("DT_REL: ", bad.name), kOutOfRange, nullptr,
                  [&](Elf& f) {
                    f.AddDynamic(kDtRel, bad.addr);
                    f.AddDynamic(kDtRelsz, 16);
                  });
    list->Refused(absl::StrCat("DT_STRTAB: a second one ", bad.name),
                  kOutOfRange, nullptr,
                  [&](Elf& f) { f.AddDynamic(kDtStrtab, bad.addr); });
    // Only lazy binding writes there, and the image is bound at once.
    list->Odd(absl::StrCat("DT_PLTGOT: ", bad.name), Set(kDtPltgot, bad.addr));
  }
}

void AddStrings(MalformedList* list) {
  const uint64_t size = list->base().place(".dynstr").size;
  for (uint64_t strsz : {uint64_t{0}, uint64_t{1}, uint64_t{0x10000},
                         uint64_t{1} << 63, UINT64_MAX}) {
    list->Refused(absl::StrCat("DT_STRSZ: 0x", absl::Hex(strsz)), kOutOfRange,
                  nullptr, Set(kDtStrsz, strsz));
  }
  list->Refused("DT_STRSZ: cuts the last string", kMalformed,
                "unterminated string", Set(kDtStrsz, size - 1));
  constexpr Entry kStrings[] = {{"DT_NEEDED", kDtNeeded},
                                {"DT_SONAME", kDtSoname},
                                {"DT_RUNPATH", kDtRunpath}};
  for (const Entry& entry : kStrings) {
    for (uint64_t offset :
         {size, size + 1, uint64_t{1} << 32, UINT64_MAX - 1}) {
      list->Refused(absl::StrCat(entry.name, ": at 0x", absl::Hex(offset)),
                    kOutOfRange, nullptr, Set(entry.tag, offset));
    }
  }
  list->Refused("DT_RPATH: past the strings", kOutOfRange, nullptr,
                [=](Elf& f) { f.AddDynamic(kDtRpath, size); });
  list->Odd("DT_NEEDED: an empty name", Set(kDtNeeded, 0));
}

void AddPresence(MalformedList* list) {
  list->Refused("dynamic table: no DT_NULL", kMalformed, "DT_NULL", [](Elf& f) {
    for (int i = 0; i < 1 + kSpareDynamic; ++i) {
      f.AddDynamic(0x60000fff, 0);
    }
  });
  list->Refused("DT_STRSZ: absent", kOutOfRange, nullptr, Remove(kDtStrsz));
  constexpr Entry kNecessary[] = {{"DT_STRTAB", kDtStrtab},
                                  {"DT_SYMTAB", kDtSymtab},
                                  {"DT_GNU_HASH", kDtGnuHash}};
  for (const Entry& entry : kNecessary) {
    list->Unusable(absl::StrCat(entry.name, ": absent"), Remove(entry.tag));
  }
  constexpr Entry kOptional[] = {
      {"DT_SYMENT", kDtSyment},       {"DT_RELAENT", kDtRelaent},
      {"DT_RELRENT", kDtRelrent},     {"DT_PLTREL", kDtPltrel},
      {"DT_VERDEFNUM", kDtVerdefnum}, {"DT_VERNEEDNUM", kDtVerneednum},
      {"DT_VERSYM", kDtVersym}};
  for (const Entry& entry : kOptional) {
    list->Odd(absl::StrCat(entry.name, ": absent"), Remove(entry.tag));
  }
  for (Entry entry :
       {Entry{"DT_VERDEFNUM", kDtVerdefnum},
        Entry{"DT_VERNEEDNUM", kDtVerneednum},
        Entry{"DT_RELACOUNT", kDtRelacount}, Entry{"DT_FLAGS", kDtFlags},
        Entry{"DT_FLAGS_1", kDtFlags1}}) {
    list->Odd(absl::StrCat(entry.name, ": all ones"),
              Set(entry.tag, UINT64_MAX));
  }
  for (uint64_t count : {uint64_t{0}, uint64_t{4}, uint64_t{1000}}) {
    list->Odd(absl::StrCat("DT_RELACOUNT: ", count), Set(kDtRelacount, count));
  }
  list->Odd("DT_TEXTREL: though there are none",
            [](Elf& f) { f.AddDynamic(kDtTextrel, 0); });
  list->Odd("DT_JMPREL: the same table as DT_RELA", [](Elf& f) {
    f.dynamic(kDtJmprel).d_val = f.dynamic(kDtRela).d_val;
    f.dynamic(kDtPltrelsz).d_val = f.dynamic(kDtRelasz).d_val;
  });
  list->Odd("DT_JMPREL: overlaps the end of DT_RELA", [](Elf& f) {
    f.dynamic(kDtJmprel).d_val =
        f.dynamic(kDtJmprel).d_val - sizeof(Rela<Elf64Le>);
    f.dynamic(kDtPltrelsz).d_val = uint64_t{2 * sizeof(Rela<Elf64Le>)};
  });
}

}  // namespace

void AddMalformedDynamic(MalformedList* list) {
  AddEntrySizes(list);
  AddTableSizes(list);
  AddAddresses(list);
  AddStrings(list);
  AddPresence(list);
}

}  // namespace relink::elf
