// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/unwind_tables.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "relink/arch/target.h"
#include "relink/elf/dwarf_cursor.h"
#include "relink/elf/unwind_records.h"
#include "relink/ir/split_section.h"
#include "relink/scan/part_frames.h"
#include "relink/support/address.h"
#include "relink/support/byte_view.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

using Elf = elf::Elf64Le;
using Records = elf::UnwindRecords<Elf>;

// The live section of the file that has `addr`; null if there is none.
const Section* FindSection(const LinkGraph& graph, const Module& module,
                           LinkAddr addr) {
  for (SectionId id : module.sections) {
    const Section& section = graph.sections[id];
    // What has no bytes may overlap what has some (.tbss).
    if (section.contents.size() != 0 && section.home.Contains(addr)) {
      return &section;
    }
  }
  return nullptr;
}

// One table for functions of any modules.
class TableBuilder {
 public:
  explicit TableBuilder(LinkGraph& graph) : graph_(graph) {}

  bool empty() const { return bytes_.empty(); }

  absl::Status Add(const Section& function) {
    module_id_ = function.module_id;
    const Section* frames = FindSection(graph_, module(), function.fde.begin);
    if (frames == nullptr) {
      return absl::FailedPreconditionError(
          "its unwind record is in no section that was opened");
    }
    Records records(ByteView(frames->contents.bytes()), frames->home.begin);
    const auto frame = records.Read(function.fde.begin);
    if (!frame.ok()) return ToStatus(frame.error(), "unwind record");
    const char* problem =
        frame->problem != nullptr ? frame->problem : frame->common.problem;
    if (problem != nullptr) return absl::InvalidArgumentError(problem);
    ASSIGN_OR_RETURN(const uint64_t common, AddCommon(*frames, frame->common));
    uint64_t begin = 0;
    const bool is_part = IsPartOfFunction(graph_, function);
    if (is_part) {
      ASSIGN_OR_RETURN(begin, CopyForPart(*frames, *frame, function));
    } else {
      begin = Copy(*frames, frame->record);
    }
    const uint64_t pointer_at = begin + elf::FrameRecord::kCommonPointerAt;
    const auto distance = static_cast<uint32_t>(pointer_at - common);
    std::memcpy(bytes_.data() + pointer_at, &distance, sizeof(distance));
    RETURN_IF_ERROR(
        Refer(begin, frame->code_pointer, function.symbol_id,
              is_part ? 0 : frame->code.begin - function.home.begin));
    return ReferTo(begin, frame->lsda);
  }

  // Of the module whose function was the last.
  Section Finish(SymbolId symbol_id) && {
    bytes_.resize(bytes_.size() + sizeof(uint32_t));
    std::ranges::sort(fixups_, {}, [](const Fixup& fixup) {
      return static_cast<uint32_t>(fixup.offset);
    });
    Section section;
    section.module_id = module_id_;
    section.name = ".eh_frame";
    section.kind = SectionKind::kUnwind;
    section.memory_class = MemoryClass::kReadOnly;
    section.size = bytes_.size();
    section.alignment = alignof(uint64_t);
    section.contents = SectionContents(std::move(bytes_));
    section.fixups = std::move(fixups_);
    section.symbol_id = symbol_id;
    return section;
  }

 private:
  const Module& module() const { return graph_.modules[module_id_]; }

  // Appends a record of `frames` and returns where it begins.
  uint64_t Copy(const Section& frames, LinkRange record) {
    const std::span<const std::byte> source = frames.contents.bytes().subspan(
        static_cast<size_t>(record.begin - frames.home.begin), record.size);
    const uint64_t begin = bytes_.size();
    bytes_.insert(bytes_.end(), source.begin(), source.end());
    return begin;
  }

  // Appends what a function's record says of one part of it.
  absl::StatusOr<uint64_t> CopyForPart(const Section& frames,
                                       const elf::FrameRecord& frame,
                                       const Section& part) {
    if (frame.lsda.target != LinkAddr()) {
      return absl::InvalidArgumentError(
          "a part of a function has language-specific data");
    }
    const auto at = [&](LinkAddr addr) {
      return static_cast<size_t>(addr - frames.home.begin);
    };
    const std::span<const std::byte> all = frames.contents.bytes();
    const uint64_t begin = bytes_.size();
    const auto head =
        static_cast<size_t>(frame.instructions.begin - frame.record.begin);
    const auto source = all.subspan(at(frame.record.begin), head);
    bytes_.insert(bytes_.end(), source.begin(), source.end());
    const int64_t from = part.home.begin - frame.code.begin;
    const FrameCode code = {ByteView(all.subspan(at(frame.instructions.begin),
                                                 frame.instructions.size)),
                            frame.common.code_alignment};
    if (from < 0 || !AppendFrameOfPart(
                        code, static_cast<uint64_t>(from),
                        static_cast<uint64_t>(from) + part.home.size, bytes_)) {
      return absl::InvalidArgumentError(
          "unwind record does not say enough of a part of the function");
    }
    // DW_CFA_nop up to whole words.
    bytes_.resize(AlignUp(bytes_.size() - begin, sizeof(uint32_t)) + begin);
    const auto length =
        static_cast<uint32_t>(bytes_.size() - begin - sizeof(uint32_t));
    std::memcpy(bytes_.data() + begin, &length, sizeof(length));
    const int format = frame.code_pointer.encoding & elf::kPeFormat;
    const bool is_word = format == elf::kPeAbsptr || format == elf::kPeUdata8 ||
                         format == elf::kPeSdata8;
    const size_t width = is_word ? sizeof(uint64_t) : sizeof(uint32_t);
    std::memcpy(bytes_.data() + begin + frame.code_pointer.at + width,
                &part.size, width);
    return begin;
  }

  absl::StatusOr<uint64_t> AddCommon(const Section& frames,
                                     const elf::CommonRecord& common) {
    const auto [known, is_new] = commons_.try_emplace(
        std::pair(module_id_.index(), common.record.begin.value()), 0);
    if (!is_new) return known->second;
    const uint64_t begin = Copy(frames, common.record);
    known->second = begin;
    RETURN_IF_ERROR(ReferTo(begin, common.personality));
    return begin;
  }

  // A pointer to something that the file has and that has a section.
  absl::Status ReferTo(uint64_t record, const elf::EncodedPointer& pointer) {
    if (!pointer.present() || pointer.target == LinkAddr()) {
      return absl::OkStatus();
    }
    const Section* target = FindSection(graph_, module(), pointer.target);
    if (target == nullptr || target->split) {
      return absl::FailedPreconditionError(absl::StrCat(
          "unwind record points at 0x", absl::Hex(pointer.target.value()),
          ", which is in no section that it can follow"));
    }
    return Refer(record, pointer, target->symbol_id,
                 pointer.target - target->home.begin);
  }

  absl::Status Refer(uint64_t record, const elf::EncodedPointer& pointer,
                     SymbolId target, int64_t addend) {
    const int format = pointer.encoding & elf::kPeFormat;
    const bool is_word = format == elf::kPeAbsptr || format == elf::kPeUdata8 ||
                         format == elf::kPeSdata8;
    const bool is_relative = (pointer.encoding & elf::kPeBase) == elf::kPePcrel;
    const RelocationRule* rule = module().target->FindRule(
        is_relative ? Formula::kPcRelative : Formula::kSymbol,
        is_word ? Field::k64 : Field::k32);
    if (rule == nullptr || (!is_relative && !is_word)) {
      return absl::InvalidArgumentError(
          "unwind record has an absolute pointer of 32 bits");
    }
    Fixup fixup;
    fixup.offset = static_cast<uint32_t>(record + pointer.at) & 0x3fffffff;
    fixup.origin = FixupOrigin::kMade;
    fixup.target = target;
    fixup.rule = rule;
    fixup.addend = addend;
    fixups_.push_back(fixup);
    return absl::OkStatus();
  }

  LinkGraph& graph_;
  ModuleId module_id_;  // Of what is being added.
  std::vector<std::byte> bytes_;
  std::vector<Fixup> fixups_;
  // By module and address.
  absl::flat_hash_map<std::pair<uint32_t, uint64_t>, uint64_t> commons_;
};

// An arena that read-only data may go to.
ArenaId ReadOnlyArena(LinkGraph& graph) {
  for (uint32_t i = 0; i < graph.arenas.size(); ++i) {
    const Arena& arena = graph.arenas[ArenaId(i)];
    if (arena.memory_class == MemoryClass::kReadOnly && !arena.huge_pages) {
      return ArenaId(i);
    }
  }
  return graph.arenas.Add(
      {.name = "unwind", .memory_class = MemoryClass::kReadOnly});
}

}  // namespace

absl::Status AddUnwindTables(LinkGraph& graph) {
  TableBuilder builder(graph);
  for (SectionId id : graph.order) {
    const Section& section = graph.sections[id];
    if (!section.arena_id.has_value() || section.fde.size == 0) continue;
    absl::Status status = builder.Add(section);
    if (!status.ok()) {
      return Annotate(
          status, absl::StrCat(graph.modules[section.module_id].name(), ": ",
                               section.name));
    }
  }
  if (builder.empty()) return absl::OkStatus();
  const auto id = SectionId(static_cast<uint32_t>(graph.sections.size()));
  Symbol symbol;
  symbol.definition = InSection{id, 0};
  const SymbolId symbol_id = graph.symbols.Add(symbol);
  Section table = std::move(builder).Finish(symbol_id);
  graph.symbols[symbol_id].module_id = table.module_id;
  table.arena_id = ReadOnlyArena(graph);
  graph.sections.Add(std::move(table));
  graph.order.push_back(id);
  return absl::OkStatus();
}

}  // namespace relink
