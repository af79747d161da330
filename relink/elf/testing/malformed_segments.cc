// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <cstdint>
#include <iterator>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "relink/elf/testing/malformed_list.h"

namespace relink::elf {
namespace {

using Elf = Image<Elf64Le>;
constexpr ErrorCode kOutOfRange = ErrorCode::kOutOfRange;

constexpr const char* kLoadNames[] = {"PT_LOAD R", "PT_LOAD RX", "PT_LOAD RW"};
constexpr int kText = 1;
constexpr int kData = 2;

struct Value {
  const char* name;
  uint64_t value;
};

// The file ranges of every segment, loaded or not.
void AddFileRanges(MalformedList* list) {
  struct Segment {
    const char* name;
    uint32_t type;
    int nth;
  };
  constexpr Segment kSegments[] = {
      {kLoadNames[0], kPtLoad, 0},      {kLoadNames[1], kPtLoad, 1},
      {kLoadNames[2], kPtLoad, 2},      {"PT_DYNAMIC", kPtDynamic, 0},
      {"PT_NOTE", kPtNote, 0},          {"PT_TLS", kPtTls, 0},
      {"PT_GNU_RELRO", kPtGnuRelro, 0}, {"PT_GNU_EH_FRAME", kPtGnuEhFrame, 0},
  };
  for (const Segment& segment : kSegments) {
    auto refuse = [&](const char* what, const auto& edit) {
      list->Refused(absl::StrCat(segment.name, ": ", what), kOutOfRange,
                    "segment runs past the end", [&](Elf& f) {
                      edit(f, f.segment(segment.type, segment.nth));
                    });
    };
    refuse("p_offset past the file", [](Elf& f, Phdr<Elf64Le>& p) {
      p.p_offset = AlignUp(f.bytes.size(), kImagePage) + p.p_offset;
    });
    refuse("p_offset wrapping", [](Elf&, Phdr<Elf64Le>& p) {
      p.p_offset = UINT64_MAX - kImagePage + 1 + p.p_offset % kImagePage;
      p.p_filesz = p.p_memsz = 2 * kImagePage;
    });
    refuse("p_filesz one byte past the file", [](Elf& f, Phdr<Elf64Le>& p) {
      p.p_filesz = p.p_memsz = f.bytes.size() - p.p_offset + 1;
    });
    if (segment.type != kPtLoad) continue;
    refuse("p_offset 2^63", [](Elf&, Phdr<Elf64Le>& p) {
      p.p_offset = (uint64_t{1} << 63) + p.p_offset;
    });
    refuse("p_filesz 2^64 - 1",
           [](Elf&, Phdr<Elf64Le>& p) { p.p_filesz = p.p_memsz = UINT64_MAX; });
  }
}

void AddLoadShape(MalformedList* list, int nth) {
  auto name = [=](const char* what) {
    return absl::StrCat(kLoadNames[nth], ": ", what);
  };
  auto unloadable = [&](const char* what, const auto& edit) {
    list->Unusable(name(what),
                   [&](Elf& f) { edit(f, f.segment(kPtLoad, nth)); });
  };
  unloadable("p_memsz one less than p_filesz",
             [](Elf&, Phdr<Elf64Le>& p) { p.p_memsz = p.p_filesz - 1; });
  unloadable("p_memsz 0 with contents",
             [](Elf&, Phdr<Elf64Le>& p) { p.p_memsz = uint64_t{0}; });
  // Of the last segment, a terabyte is only unwise.
  for (Value memsz :
       {Value{"2^47", uint64_t{1} << 47}, Value{"2^63", uint64_t{1} << 63},
        Value{"2^64 - 1", UINT64_MAX},
        Value{"2^64 - 0x3000", UINT64_MAX - 0x2fff}}) {
    unloadable(absl::StrCat("p_memsz ", memsz.name).c_str(),
               [&](Elf&, Phdr<Elf64Le>& p) { p.p_memsz = memsz.value; });
  }
  unloadable("p_vaddr not congruent",
             [](Elf&, Phdr<Elf64Le>& p) { p.p_vaddr = p.p_vaddr + 1; });
  unloadable("p_vaddr not congruent by a half page",
             [](Elf&, Phdr<Elf64Le>& p) { p.p_vaddr = p.p_vaddr + 0x800; });
  unloadable("p_offset not congruent", [](Elf&, Phdr<Elf64Le>& p) {
    p.p_offset = p.p_offset + 1;
    p.p_filesz = p.p_filesz - 1;
  });
  unloadable("p_vaddr whose end wraps", [](Elf&, Phdr<Elf64Le>& p) {
    p.p_vaddr = UINT64_MAX - kImagePage + 1;
    p.p_memsz = 2 * kImagePage;
  });
  for (Value align :
       {Value{"3", 3}, Value{"0x1001", 0x1001}, Value{"0x3000", 0x3000},
        Value{"2^63", 1ull << 63}, Value{"2^64 - 1", UINT64_MAX}}) {
    unloadable(absl::StrCat("p_align ", align.name).c_str(),
               [&](Elf&, Phdr<Elf64Le>& p) { p.p_align = align.value; });
  }
  for (uint64_t align : {0, 1}) {
    list->Odd(name(absl::StrCat("p_align ", align).c_str()),
              [=](Elf& f) { f.segment(kPtLoad, nth).p_align = align; });
  }
}

void AddLoadOrder(MalformedList* list) {
  list->Unusable("PT_LOAD RX: over the one before", [](Elf& f) {
    f.segment(kPtLoad, kText).p_vaddr = f.segment(kPtLoad).p_vaddr;
  });
  list->Unusable("PT_LOAD RW: over the one before", [](Elf& f) {
    f.segment(kPtLoad, kData).p_vaddr = f.segment(kPtLoad, kText).p_vaddr;
  });
  list->Unusable("PT_LOAD RX: p_memsz into the next", [](Elf& f) {
    f.segment(kPtLoad, kText).p_memsz = uint64_t{0x3000};
  });
  list->Unusable("PT_LOAD: RX and RW not ascending", [](Elf& f) {
    std::swap(f.segment(kPtLoad, kText), f.segment(kPtLoad, kData));
  });
  list->Unusable("PT_LOAD: R twice",
                 [](Elf& f) { f.segment(kPtGnuStack) = f.segment(kPtLoad); });
  list->Unusable("PT_LOAD: none", [](Elf& f) {
    for (int i = 0; i < 3; ++i) f.segment(kPtLoad).p_type = kPtNull;
  });
  list->Unusable("PT_LOAD: no RW",
                 [](Elf& f) { f.segment(kPtLoad, kData).p_type = kPtNull; });
  list->Unusable("PT_LOAD: no R",
                 [](Elf& f) { f.segment(kPtLoad).p_type = kPtNull; });
  list->Unusable(
      "PT_LOAD RW: p_align 2^21 but not congruent to it",
      [](Elf& f) { f.segment(kPtLoad, kData).p_align = uint64_t{1} << 21; });
  list->Odd("PT_LOAD RX: p_align 2^21", [](Elf& f) {
    f.segment(kPtLoad, kText).p_align = uint64_t{1} << 21;
  });
  list->Odd("PT_LOAD RW: p_memsz 2^40", [](Elf& f) {
    f.segment(kPtLoad, kData).p_memsz = uint64_t{1} << 40;
  });
  list->Odd("PT_LOAD: an empty one at the end", [](Elf& f) {
    Phdr<Elf64Le>& segment = f.segment(kPtGnuStack);
    segment.p_type = kPtLoad;
    segment.p_vaddr = uint64_t{0x10000};
    segment.p_align = kImagePage;
  });
}

void AddFlags(MalformedList* list) {
  list->Unusable("PT_LOAD RX: not executable though initializers are in it",
                 [](Elf& f) { f.segment(kPtLoad, kText).p_flags = kPfR; });
  list->Unusable("PT_LOAD RW: not writable though relocated",
                 [](Elf& f) { f.segment(kPtLoad, kData).p_flags = kPfR; });
  list->Odd("PT_LOAD RX: writable too", [](Elf& f) {
    f.segment(kPtLoad, kText).p_flags = kPfR | kPfW | kPfX;
  });
  list->Odd("PT_LOAD RW: executable too", [](Elf& f) {
    f.segment(kPtLoad, kData).p_flags = kPfR | kPfW | kPfX;
  });
  list->Odd("PT_LOAD RX: unknown flags",
            [](Elf& f) { f.segment(kPtLoad, kText).p_flags = 0xffff0005u; });
  list->Odd("PT_GNU_STACK: executable", [](Elf& f) {
    f.segment(kPtGnuStack).p_flags = kPfR | kPfW | kPfX;
  });
}

void AddDynamicSegment(MalformedList* list) {
  list->Unusable("PT_DYNAMIC: absent",
                 [](Elf& f) { f.segment(kPtDynamic).p_type = kPtNull; });
  for (const BadAddress& bad : kBadAddresses) {
    list->Unusable(absl::StrCat("PT_DYNAMIC: p_vaddr ", bad.name),
                   [&](Elf& f) { f.segment(kPtDynamic).p_vaddr = bad.addr; });
  }
  list->Unusable("PT_DYNAMIC: misaligned", [](Elf& f) {
    Phdr<Elf64Le>& segment = f.segment(kPtDynamic);
    segment.p_vaddr = segment.p_paddr = segment.p_vaddr + 1;
    segment.p_offset = segment.p_offset + 1;
    segment.p_filesz = segment.p_memsz = segment.p_filesz - 1;
  });
  for (uint64_t size : {0, 8, 16, 0x40}) {
    list->Refused(absl::StrCat("PT_DYNAMIC: ", size, " bytes"),
                  ErrorCode::kMalformed, "DT_NULL", [=](Elf& f) {
                    Phdr<Elf64Le>& segment = f.segment(kPtDynamic);
                    segment.p_filesz = segment.p_memsz = size;
                  });
  }
  list->Odd("PT_DYNAMIC: twice",
            [](Elf& f) { f.segment(kPtGnuStack) = f.segment(kPtDynamic); });
  list->Odd("PT_DYNAMIC: not a multiple of an entry", [](Elf& f) {
    Phdr<Elf64Le>& segment = f.segment(kPtDynamic);
    segment.p_filesz = segment.p_memsz = segment.p_filesz - 7;
  });
}

void AddOtherSegments(MalformedList* list) {
  auto tls = [&](const char* what, auto edit) {
    list->Unusable(absl::StrCat("PT_TLS: ", what),
                   [&](Elf& f) { edit(f.segment(kPtTls)); });
  };
  using P = Phdr<Elf64Le>;
  tls("p_align 3", [](P& p) { p.p_align = uint64_t{3}; });
  tls("p_align 2^63", [](P& p) { p.p_align = uint64_t{1} << 63; });
  tls("p_memsz less than p_filesz", [](P& p) { p.p_memsz = uint64_t{2}; });
  tls("p_memsz 2^63", [](P& p) { p.p_memsz = uint64_t{1} << 63; });
  tls("p_memsz 2^64 - 1", [](P& p) { p.p_memsz = UINT64_MAX; });
  for (const BadAddress& bad : kBadAddresses) {
    tls(absl::StrCat("p_vaddr ", bad.name).c_str(),
        [&](P& p) { p.p_vaddr = bad.addr; });
    list->Unusable(absl::StrCat("PT_GNU_RELRO: p_vaddr ", bad.name),
                   [&](Elf& f) { f.segment(kPtGnuRelro).p_vaddr = bad.addr; });
    for (auto [type, name] :
         {std::pair(kPtNote, "PT_NOTE"), std::pair(kPtPhdr, "PT_PHDR")}) {
      list->Odd(
          absl::StrCat(name, ": p_vaddr ", bad.name),
          [&, type = type](Elf& f) { f.segment(type).p_vaddr = bad.addr; });
    }
  }
  list->Odd("PT_TLS: p_align 0",
            [](Elf& f) { f.segment(kPtTls).p_align = uint64_t{0}; });
  list->Odd("PT_TLS: absent though symbols need it",
            [](Elf& f) { f.segment(kPtTls).p_type = kPtNull; });
  list->Unusable("PT_GNU_RELRO: p_memsz 2^63", [](Elf& f) {
    f.segment(kPtGnuRelro).p_memsz = uint64_t{1} << 63;
  });
  list->Odd("PT_GNU_RELRO: ends inside a page",
            [](Elf& f) { f.segment(kPtGnuRelro).p_memsz = uint64_t{0x801}; });
  for (auto [type, name] :
       {std::pair(kPtInterp, "PT_INTERP"), std::pair(kPtShlib, "PT_SHLIB"),
        std::pair(0x6fffffffu, "an unknown type")}) {
    list->Odd(absl::StrCat("segment: ", name, " that makes no sense"),
              [type = type](Elf& f) {
                Phdr<Elf64Le>& segment = f.segment(kPtGnuStack);
                segment.p_type = type;
                segment.p_vaddr = uint64_t{0x7fff0000};
                segment.p_filesz = uint64_t{3};
              });
  }
}

}  // namespace

void AddMalformedSegments(MalformedList* list) {
  AddFileRanges(list);
  for (int nth = 0; nth < std::ssize(kLoadNames); ++nth) {
    AddLoadShape(list, nth);
  }
  AddLoadOrder(list);
  AddFlags(list);
  AddDynamicSegment(list);
  AddOtherSegments(list);
}

}  // namespace relink::elf
