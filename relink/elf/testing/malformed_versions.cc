// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <cstdint>
#include <initializer_list>

#include "absl/strings/str_cat.h"
#include "relink/elf/testing/malformed_list.h"

namespace relink::elf {
namespace {

using Elf = Image<Elf64Le>;
using Halves = std::initializer_list<uint16_t>;
constexpr ErrorCode kMalformed = ErrorCode::kMalformed;
constexpr ErrorCode kOutOfRange = ErrorCode::kOutOfRange;

// The `i`th definition (0 is the image itself), and the one need, of libc.
Verdef<Elf64Le>& Definition(Elf& f, int i) {
  return f.At<Verdef<Elf64Le>>(
      f.place(".gnu.version_d").offset +
      static_cast<uint64_t>(i) *
          (sizeof(Verdef<Elf64Le>) + sizeof(Verdaux<Elf64Le>)));
}
Verneed<Elf64Le>& Need(Elf& f) {
  return f.At<Verneed<Elf64Le>>(f.place(".gnu.version_r").offset);
}
Vernaux<Elf64Le>& NeededVersion(Elf& f, int i) {
  return f.At<Vernaux<Elf64Le>>(
      f.place(".gnu.version_r").offset + sizeof(Verneed<Elf64Le>) +
      static_cast<uint64_t>(i) * sizeof(Vernaux<Elf64Le>));
}

void AddDefinitions(MalformedList* list) {
  for (uint16_t version : Halves{0, 2, 0xffff}) {
    for (int i : {0, 2}) {
      list->Refused(
          absl::StrCat("DT_VERDEF: vd_version ", version, " of entry ", i),
          kMalformed, "vd_version",
          [=](Elf& f) { Definition(f, i).vd_version = version; });
    }
  }
  for (uint32_t offset : {0x10000u, UINT32_MAX}) {
    list->Refused(absl::StrCat("DT_VERDEF: vd_aux 0x", absl::Hex(offset)),
                  kOutOfRange, nullptr,
                  [=](Elf& f) { Definition(f, 1).vd_aux = offset; });
    list->Refused(absl::StrCat("DT_VERDEF: vd_next 0x", absl::Hex(offset)),
                  kOutOfRange, nullptr,
                  [=](Elf& f) { Definition(f, 1).vd_next = offset; });
    list->Refused(absl::StrCat("DT_VERDEF: vda_name 0x", absl::Hex(offset)),
                  kOutOfRange, nullptr, [=](Elf& f) {
                    const uint64_t definition =
                        f.place(".gnu.version_d").offset +
                        sizeof(Verdef<Elf64Le>) + sizeof(Verdaux<Elf64Le>);
                    f.At<Verdaux<Elf64Le>>(definition + sizeof(Verdef<Elf64Le>))
                        .vda_name = offset;
                  });
  }
  list->Refused("DT_VERDEF: vd_next into the same entry", kMalformed,
                "vd_version", [](Elf& f) { Definition(f, 0).vd_next = 1u; });
  list->Odd("DT_VERDEF: vd_next 0 before the last",
            [](Elf& f) { Definition(f, 0).vd_next = 0u; });
  list->Odd("DT_VERDEF: vd_cnt 0",
            [](Elf& f) { Definition(f, 1).vd_cnt = uint16_t{0}; });
  for (uint16_t index : Halves{0, 1, 0x7fff, 0xffff}) {
    list->Odd(absl::StrCat("DT_VERDEF: vd_ndx ", index),
              [=](Elf& f) { Definition(f, 1).vd_ndx = index; });
  }
  list->Odd("DT_VERDEF: vd_hash of another name",
            [](Elf& f) { Definition(f, 1).vd_hash = 1u; });
}

void AddNeeds(MalformedList* list) {
  for (uint16_t version : Halves{0, 2, 0xffff}) {
    list->Refused(absl::StrCat("DT_VERNEED: vn_version ", version), kMalformed,
                  "vn_version", [=](Elf& f) { Need(f).vn_version = version; });
  }
  for (uint32_t offset : {0x10000u, UINT32_MAX}) {
    auto refuse = [&](const char* field, const MalformedList::Edit& edit) {
      list->Refused(
          absl::StrCat("DT_VERNEED: ", field, " 0x", absl::Hex(offset)),
          kOutOfRange, nullptr, edit);
    };
    refuse("vn_file", [=](Elf& f) { Need(f).vn_file = offset; });
    refuse("vn_aux", [=](Elf& f) { Need(f).vn_aux = offset; });
    refuse("vn_next", [=](Elf& f) {
      Need(f).vn_next = offset;
      f.dynamic(kDtVerneednum).d_val = uint64_t{2};
    });
    refuse("vna_next", [=](Elf& f) { NeededVersion(f, 0).vna_next = offset; });
    refuse("vna_name", [=](Elf& f) { NeededVersion(f, 1).vna_name = offset; });
  }
  list->Refused("DT_VERNEED: an endless chain of its own entry", kMalformed,
                "vn_version", [](Elf& f) {
                  Need(f).vn_next = 1u;
                  f.dynamic(kDtVerneednum).d_val = UINT64_MAX;
                });
  list->Unusable("DT_VERNEED: a version that libc does not define", [](Elf& f) {
    NeededVersion(f, 0).vna_name = uint32_t{Need(f).vn_file};
  });
  list->Odd("DT_VERNEED: vn_cnt 65535",
            [](Elf& f) { Need(f).vn_cnt = uint16_t{0xffff}; });
  list->Odd("DT_VERNEED: vn_cnt 0",
            [](Elf& f) { Need(f).vn_cnt = uint16_t{0}; });
  list->Odd("DT_VERNEED: vn_file that is not needed", [](Elf& f) {
    Need(f).vn_file = static_cast<uint32_t>(f.dynamic(kDtSoname).d_val);
  });
  list->Odd("DT_VERNEED: vna_hash of another name",
            [](Elf& f) { NeededVersion(f, 0).vna_hash = 1u; });
  for (uint16_t index : Halves{0, 1, 0x7fff, 0xffff}) {
    list->Odd(absl::StrCat("DT_VERNEED: vna_other ", index),
              [=](Elf& f) { NeededVersion(f, 0).vna_other = index; });
  }
}

void AddIndices(MalformedList* list) {
  for (const char* name : {"answer", "getpid"}) {
    for (uint16_t index : Halves{0, 100, 0x7fff, 0xffff}) {
      list->Odd(absl::StrCat("DT_VERSYM: ", name, " has version ", index),
                [=](Elf& f) {
                  f.At<Elf64Le::Half>(".gnu.version", f.index.at(name)) = index;
                });
    }
  }
}

}  // namespace

void AddMalformedVersions(MalformedList* list) {
  AddDefinitions(list);
  AddNeeds(list);
  AddIndices(list);
}

}  // namespace relink::elf
