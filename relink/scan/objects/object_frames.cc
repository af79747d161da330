// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/objects/object_frames.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <span>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "relink/elf/records.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

using Relocations = std::span<const elf::Rela<elf::Elf64Le>>;
using Word = elf::Elf64Le::Word;

// Of a record (LSB, "Exception Frames"): its length, which of the two kinds it
// is or where its CIE is, and then, in an FDE, the code.
constexpr uint64_t kIdAt = 4;
constexpr uint64_t kCodeAt = 8;
constexpr uint32_t kLongLength = 0xffffffff;

class FrameJoiner {
 public:
  FrameJoiner(LinkedObjects& linked, ObjectFixups& fixups)
      : linked_(linked), fixups_(fixups) {
    id_ = linked.AddSection(".eh_frame", SectionKind::kUnwind,
                            MemoryClass::kReadOnly);
    linked.section(id_).alignment = sizeof(uint64_t);
  }

  absl::Status Add(uint32_t object, uint32_t number) {
    object_ = object;
    from_ = &linked_.symbols->objects()[object].sections[number];
    commons_.clear();
    order_.assign(from_->relocations.begin(), from_->relocations.end());
    std::ranges::stable_sort(order_, {}, [](const auto& relocation) {
      return uint64_t{relocation.r_offset};
    });
    uint64_t at = 0;
    while (at < from_->contents.size()) {
      const auto length = from_->contents.Record<Word>(at);
      if (!length.ok()) return ToStatus(length.error(), "record");
      const uint32_t bytes = **length;
      if (bytes == 0) return absl::OkStatus();
      if (bytes == kLongLength) {
        return absl::UnimplementedError("record with a length of 64 bits");
      }
      const uint64_t size = sizeof(Word) + bytes;
      const auto id = from_->contents.Record<Word>(at + kIdAt);
      if (bytes < sizeof(Word) || !from_->contents.Contains(at, size) ||
          !id.ok()) {
        return absl::InvalidArgumentError(
            absl::StrCat("record at 0x", absl::Hex(at), " runs past the end"));
      }
      if (**id != 0) {
        absl::Status status = AddRecord(at, size, **id);
        if (!status.ok()) {
          return Annotate(status, absl::StrCat("record at 0x", absl::Hex(at)));
        }
      }
      at += size;
    }
    return absl::OkStatus();
  }

  void Finish() {
    Section& table = linked_.section(id_);
    std::vector<std::byte>& bytes = table.contents.Mutable();
    bytes.resize(bytes.size() + sizeof(Word));
    table.size = bytes.size();
  }

 private:
  Relocations RelocationsIn(uint64_t begin, uint64_t size) const {
    const auto offset = [](const auto& relocation) {
      return uint64_t{relocation.r_offset};
    };
    const auto first = std::ranges::lower_bound(order_, begin, {}, offset);
    const auto last =
        std::ranges::lower_bound(order_, begin + size, {}, offset);
    return {first, last};
  }

  // Whether the code that a record is about is in the link.
  absl::StatusOr<bool> IsLive(uint64_t record) const {
    const Relocations code = RelocationsIn(record + kCodeAt, 1);
    if (code.empty()) {
      return absl::InvalidArgumentError("no relocation says what it is about");
    }
    const ObjectFile& object = linked_.symbols->objects()[object_];
    const uint32_t number = object.symbol_sections[code.front().sym()];
    return linked_.places[object_][number].section_id.has_value();
  }

  absl::Status AddRecord(uint64_t at, uint64_t size, uint32_t distance) {
    if (size < kCodeAt + sizeof(Word)) {
      return absl::InvalidArgumentError("is too short");
    }
    ASSIGN_OR_RETURN(const bool live, IsLive(at));
    if (!live) return absl::OkStatus();
    if (distance > at + kIdAt) {
      return absl::InvalidArgumentError("its CIE is before the section");
    }
    ASSIGN_OR_RETURN(const uint64_t common, AddCommon(at + kIdAt - distance));
    ASSIGN_OR_RETURN(const uint64_t made, Copy(at, size));
    const auto made_distance = static_cast<uint32_t>(made + kIdAt - common);
    std::memcpy(linked_.section(id_).contents.Mutable().data() + made + kIdAt,
                &made_distance, sizeof(made_distance));
    return absl::OkStatus();
  }

  // The copy of the CIE at `at`, made once.
  absl::StatusOr<uint64_t> AddCommon(uint64_t at) {
    if (const auto known = commons_.find(at); known != commons_.end()) {
      return known->second;
    }
    const auto length = from_->contents.Record<Word>(at);
    const auto id = from_->contents.Record<Word>(at + kIdAt);
    if (!length.ok() || !id.ok() || **id != 0 || **length < sizeof(Word) ||
        !from_->contents.Contains(at, sizeof(Word) + uint64_t{**length})) {
      return absl::InvalidArgumentError(
          absl::StrCat("has no CIE at 0x", absl::Hex(at)));
    }
    ASSIGN_OR_RETURN(const uint64_t made,
                     Copy(at, sizeof(Word) + uint64_t{**length}));
    commons_[at] = made;
    return made;
  }

  // Appends a record with its relocations; returns where it begins.
  absl::StatusOr<uint64_t> Copy(uint64_t at, uint64_t size) {
    std::vector<std::byte>& bytes = linked_.section(id_).contents.Mutable();
    const uint64_t made = bytes.size();
    const auto record = from_->contents.bytes().subspan(at, size);
    bytes.insert(bytes.end(), record.begin(), record.end());
    for (const auto& relocation : RelocationsIn(at, size)) {
      ASSIGN_OR_RETURN(const std::optional<Fixup> fixup,
                       fixups_.MakeFixup(object_, relocation, id_,
                                         made + (relocation.r_offset - at)));
      if (fixup.has_value()) linked_.section(id_).fixups.push_back(*fixup);
    }
    return made;
  }

  LinkedObjects& linked_;
  ObjectFixups& fixups_;
  SectionId id_;
  // What is being added.
  uint32_t object_ = 0;
  const ObjectSection* from_ = nullptr;
  std::vector<elf::Rela<elf::Elf64Le>> order_;
  absl::flat_hash_map<uint64_t, uint64_t> commons_;
};

}  // namespace

absl::Status AddObjectFrames(LinkedObjects& linked, ObjectFixups& fixups) {
  if (linked.frames.empty()) return absl::OkStatus();
  FrameJoiner joiner(linked, fixups);
  for (const auto& [object, number] : linked.frames) {
    absl::Status status = joiner.Add(object, number);
    if (!status.ok()) {
      return Annotate(
          status,
          absl::StrCat(linked.symbols->objects()[object].name, ": .eh_frame"));
    }
  }
  joiner.Finish();
  return absl::OkStatus();
}

}  // namespace relink
