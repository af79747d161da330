// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/emit/keep_unwind_records.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "relink/elf/address_view.h"
#include "relink/elf/dwarf_cursor.h"
#include "relink/elf/eh_frame.h"
#include "relink/elf/elf_file.h"
#include "relink/elf/unwind_records.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

using Elf = elf::Elf64Le;

// Of the section that AddUnwindTables puts last.
SectionId FindTable(const LinkGraph& graph) {
  for (SectionId id : graph.order) {
    if (graph.sections[id].kind == SectionKind::kUnwind) return id;
  }
  return {};
}

// Where unwinders find the module's records; if they cannot, where its section
// headers say.
LinkRange FindRecords(const LinkGraph& graph, const Module& module,
                      const elf::AddressView<Elf>& view) {
  if (module.eh_frame_hdr.size != 0) {
    const auto frame = elf::FindEhFrame<Elf>(view, module.eh_frame_hdr);
    if (frame.ok()) return frame->records;
  }
  for (SectionId id : module.sections) {
    if (graph.sections[id].name == ".eh_frame") return graph.sections[id].home;
  }
  return {};
}

// Collects the places of records that hold addresses.
class PointerFixups {
 public:
  PointerFixups(const Module& module, LinkRange records, SymbolId base)
      : module_(module), records_(records), base_(base) {}

  absl::Status Add(LinkAddr record, const elf::EncodedPointer& pointer) {
    if (!pointer.present() || pointer.target == LinkAddr()) {
      return absl::OkStatus();
    }
    const int format = pointer.encoding & elf::kPeFormat;
    const bool is_word = format == elf::kPeAbsptr || format == elf::kPeUdata8 ||
                         format == elf::kPeSdata8;
    const RelocationRule* rule = module_.target->FindRule(
        Formula::kPcRelative, is_word ? Field::k64 : Field::k32);
    if (rule == nullptr || (pointer.encoding & elf::kPeBase) != elf::kPePcrel) {
      return absl::UnimplementedError(
          "an unwind record has an absolute address");
    }
    Fixup fixup;
    fixup.offset = static_cast<uint32_t>(record - records_.begin + pointer.at) &
                   0x3fffffff;
    fixup.origin = FixupOrigin::kMade;
    fixup.target = base_;
    fixup.rule = rule;
    fixup.addend = static_cast<int64_t>(pointer.target.value());
    fixups_.push_back(fixup);
    return absl::OkStatus();
  }

  std::vector<Fixup> Take() && {
    std::ranges::sort(fixups_, {}, [](const Fixup& fixup) {
      return static_cast<uint32_t>(fixup.offset);
    });
    return std::move(fixups_);
  }

 private:
  const Module& module_;
  LinkRange records_;
  SymbolId base_;  // At address 0: the records keep pointing where they did.
  std::vector<Fixup> fixups_;
};

}  // namespace

absl::StatusOr<uint64_t> KeepUnwindRecords(LinkGraph& graph, ModuleId id) {
  const SectionId table_id = FindTable(graph);
  if (!table_id.has_value()) return 0;
  const Module& module = graph.modules[id];
  const auto file = elf::ElfFile<Elf>::Parse(module.file);
  if (!file.ok()) return ToStatus(file.error(), module.name());
  const auto view = elf::AddressView<Elf>::OfFile(*file);
  LinkRange range = FindRecords(graph, module, view);
  const auto bytes = view.Slice(range.begin, range.size);
  if (!bytes.ok()) return ToStatus(bytes.error(), "unwind records");

  Symbol base;
  base.module_id = id;
  base.definition = External{};
  PointerFixups fixups(module, range, graph.symbols.Add(base));
  absl::flat_hash_set<uint64_t> commons;
  elf::UnwindRecords<Elf> records(*bytes, range.begin);
  uint64_t count = 0;
  LinkAddr end = range.begin;  // Without the zero word that ends a table.
  for (;; ++count) {
    const auto next = records.Next();
    if (!next.ok()) return ToStatus(next.error(), "unwind records");
    const elf::FrameRecord* frame = *next;
    if (frame == nullptr) break;
    const elf::CommonRecord& common = frame->common;
    // A copy of the code may be impossible, but this one stays where it is.
    if (frame->code.size == 0 && frame->problem != nullptr) {
      return absl::InvalidArgumentError(frame->problem);
    }
    const LinkAddr record = frame->record.begin;
    end = frame->record.end();
    RETURN_IF_ERROR(fixups.Add(record, frame->code_pointer));
    RETURN_IF_ERROR(fixups.Add(record, frame->lsda));
    if (commons.insert(common.record.begin.value()).second) {
      RETURN_IF_ERROR(fixups.Add(common.record.begin, common.personality));
    }
  }

  Section& table = graph.sections[table_id];
  const std::span<const std::byte> added = table.contents.bytes();
  range.size = static_cast<uint64_t>(end - range.begin);
  const std::span<const std::byte> kept = bytes->bytes().first(range.size);
  std::vector<std::byte> all(kept.begin(), kept.end());
  all.insert(all.end(), added.begin(), added.end());
  std::vector<Fixup> all_fixups = std::move(fixups).Take();
  for (Fixup fixup : table.fixups) {
    fixup.offset =
        static_cast<uint32_t>(fixup.offset + range.size) & 0x3fffffff;
    all_fixups.push_back(fixup);
  }
  table.size = all.size();
  table.contents = SectionContents(std::move(all));
  table.fixups = std::move(all_fixups);
  return count;
}

}  // namespace relink
