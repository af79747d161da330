// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/emit/emit_elf.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <span>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "relink/arch/relocation_rule.h"
#include "relink/arch/target.h"
#include "relink/elf/constants.h"
#include "relink/elf/records.h"
#include "relink/emit/file_layout.h"
#include "relink/emit/header_room.h"
#include "relink/emit/keep_unwind_records.h"
#include "relink/emit/lead_references.h"
#include "relink/emit/program_headers.h"
#include "relink/emit/section_headers.h"
#include "relink/ir/split_section.h"
#include "relink/layout/layout.h"
#include "relink/map/rebased_backend.h"
#include "relink/map/system_backend.h"
#include "relink/reloc/apply_fixups.h"
#include "relink/run/unwind_index.h"
#include "relink/scan/scan_module.h"
#include "relink/scan/unwind_tables.h"
#include "relink/stage/placed_graph.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

using Elf = elf::Elf64Le;
using Ehdr = elf::Ehdr<Elf>;

// Of all files for this machine, whatever the page size here.
constexpr uint64_t kPage = 4096;

absl::Status CheckInput(const Module& module) {
  const auto refuse = [&](absl::StatusCode code, absl::string_view why) {
    return absl::Status(code, absl::StrCat(module.name(), ": ", why));
  };
  if (module.target != &HostTarget()) {
    return refuse(
        absl::StatusCode::kUnimplemented,
        absl::StrCat("is for ", module.target->name, ", not for this machine"));
  }
  if (!module.position_independent || module.dynamic_table.size == 0) {
    return refuse(absl::StatusCode::kUnimplemented,
                  "is neither a shared object nor a position-independent "
                  "executable");
  }
  if ((module.dynamic.flags & elf::kDfTextrel) != 0) {
    return refuse(absl::StatusCode::kFailedPrecondition,
                  "has relocations in its code (DT_TEXTREL)");
  }
  return absl::OkStatus();
}

// What the passes may have done: no more than copies that are right wherever
// the file is loaded.
absl::Status CheckPlaced(const LinkGraph& graph) {
  const Module& module = graph.modules[graph.root_id];
  if (module.materialization == Materialization::kArenas) {
    return absl::FailedPreconditionError(absl::StrCat(
        module.name(),
        ": passes moved all of it to arenas; only copies can be emitted "
        "(choose-materialization<prefer=overlay>)"));
  }
  for (SectionId id : graph.order) {
    const Section& section = graph.sections[id];
    if (!section.arena_id.has_value()) continue;
    const bool relative =
        std::ranges::all_of(section.fixups, [](const Fixup& fixup) {
          return fixup.rule->formula == Formula::kPcRelative;
        });
    if (!relative) {
      return absl::FailedPreconditionError(
          absl::StrCat(module.name(), ": ", section.name,
                       ": a copy of it would need a dynamic relocation"));
    }
  }
  return absl::OkStatus();
}

bool MovesAnything(const LinkGraph& graph) {
  return std::ranges::any_of(graph.order, [&](SectionId id) {
    return graph.sections[id].arena_id.has_value();
  });
}

// Arenas lie behind the module.
absl::StatusOr<Layout> PlanAtLinkAddresses(const LinkGraph& graph) {
  ASSIGN_OR_RETURN(
      Layout layout,
      PlanLayout(graph, {.page_size = kPage, .at_link_addresses = true}));
  // Tables of the file change, too.
  layout.modules[graph.root_id].writes_code = true;
  return layout;
}

std::string MapText(const LinkedImage& image, ModuleId id) {
  const PlacedModule& placed = image.placed(id);
  std::string text;
  for (size_t i = 0; i < placed.pieces.size(); ++i) {
    const AddressMap::Piece& piece = placed.pieces[i];
    const Section& section = image.graph().sections[placed.piece_sections[i]];
    absl::StrAppendFormat(&text, "0x%x 0x%x %d %s\n", piece.from.begin.value(),
                          piece.to.value(), piece.from.size, section.name);
  }
  return text;
}

void Count(const LinkGraph& graph, EmittedElf& emitted) {
  emitted.functions = graph.modules[graph.root_id].functions.size();
  for (SectionId id : graph.order) {
    const Section& section = graph.sections[id];
    if (section.kind != SectionKind::kFunction ||
        !section.arena_id.has_value()) {
      continue;
    }
    // Parts of one function count once.
    if (!IsPartOfFunction(graph, section) ||
        section.home.begin == graph.sections[section.parent_id].home.begin) {
      ++emitted.moved_functions;
    }
    emitted.moved_bytes += section.size;
  }
}

uint64_t CountRecords(const LinkGraph& graph) {
  return static_cast<uint64_t>(
      std::ranges::count_if(graph.order, [&](SectionId id) {
        const Section& section = graph.sections[id];
        return section.arena_id.has_value() && section.fde.size != 0;
      }));
}

// Copies what is loaded, as it is in the image, and the rest of the input.
std::vector<std::byte> CopyContents(const LinkedImage& image, ModuleId id,
                                    const FileLayout& layout) {
  const Module& module = image.module(id);
  const std::span<const std::byte> input = module.file.bytes();
  std::vector<std::byte> output(layout.size());
  const auto copy = [&](std::span<const std::byte> bytes, uint64_t to) {
    if (!bytes.empty()) std::memcpy(&output[to], bytes.data(), bytes.size());
  };
  copy(input.first(layout.loaded_size), 0);
  copy(
      input.subspan(layout.loaded_size, layout.input_size - layout.loaded_size),
      layout.loaded_size + layout.shift);
  for (const Segment& segment : module.segments) {
    copy(image.placed(id).Bytes({segment.memory.begin, segment.file.size}),
         segment.file.begin.value());
  }
  for (SectionId section_id : image.graph().order) {
    if (!image.layout().IsPlaced(section_id)) continue;
    copy(image.Bytes(section_id),
         layout.OffsetOf(LinkAddr(image.At(section_id).value())).value());
  }
  return output;
}

void WriteHeaders(const LinkedImage& image, ModuleId id,
                  const FileLayout& layout, const HeaderRoom& room,
                  std::span<const elf::Phdr<Elf>> headers,
                  std::vector<std::byte>& output) {
  Ehdr header;
  std::memcpy(&header, output.data(), sizeof(header));
  if (room.table_id.has_value()) {
    header.e_phoff =
        layout.OffsetOf(LinkAddr(image.At(room.table_id).value())).value();
  }
  header.e_phnum = static_cast<uint16_t>(headers.size());
  if (image.module(id).entry != LinkAddr()) {
    header.e_entry = image.placed(id).At(image.module(id).entry).value();
  }
  std::memcpy(output.data(), &header, sizeof(header));
  std::memcpy(&output[header.e_phoff], headers.data(), headers.size_bytes());
}

}  // namespace

absl::StatusOr<EmittedElf> EmitElf(ModuleSource source,
                                   const Pipeline& pipeline) {
  LinkGraph graph;
  ASSIGN_OR_RETURN(Module scanned, ScanModule(std::move(source)));
  RETURN_IF_ERROR(CheckInput(scanned));
  scanned.dependencies.clear();  // They say nothing of where things go.
  graph.modules.Add(std::move(scanned));
  const ModuleId id = graph.root_id = ModuleId(0);

  RETURN_IF_ERROR(RunGraphPasses(pipeline, graph));
  EmittedElf emitted;
  Count(graph, emitted);
  Module& module = graph.modules[id];
  if (!MovesAnything(graph)) {
    ASSIGN_OR_RETURN(const ByteView all,
                     module.source.Read(0, module.source.size()));
    emitted.bytes.assign(all.bytes().begin(), all.bytes().end());
    return emitted;
  }
  RETURN_IF_ERROR(AddUnwindTables(graph));
  const auto kept = KeepUnwindRecords(graph, id);
  if (!kept.ok()) return Annotate(kept.status(), graph.modules[id].name());
  const std::optional<SectionId> unwind_index = AddUnwindIndex(graph, *kept);
  const HeaderRoom room = MakeHeaderRoom(graph, id);
  RETURN_IF_ERROR(CheckPlaced(graph));

  ASSIGN_OR_RETURN(Layout layout, PlanAtLinkAddresses(graph));
  RebasedBackend backend(SystemBackend());
  ASSIGN_OR_RETURN(PlacedGraph placed,
                   Stage(std::move(graph), std::move(layout), backend));
  RETURN_IF_ERROR(LeadReferences(placed, id, room));
  RETURN_IF_ERROR(MarkUnbound(placed, id));
  RETURN_IF_ERROR(RunPlacedPasses(pipeline, placed));
  RETURN_IF_ERROR(ApplyFixups(placed, BindingContext()));
  if (unwind_index.has_value()) {
    RETURN_IF_ERROR(FillUnwindIndex(placed, *unwind_index));
  }
  ASSIGN_OR_RETURN(const LinkedImage image,
                   FinishImage(std::move(placed), nullptr));

  ASSIGN_OR_RETURN(const FileLayout file,
                   PlanFile(image, id, room.table_id.has_value()));
  emitted.map = MapText(image, id);
  if (unwind_index.has_value()) {
    emitted.unwind_records = *kept + CountRecords(image.graph());
  }
  emitted.bytes = CopyContents(image, id, file);
  WriteHeaders(image, id, file, room,
               MakeProgramHeaders(image, id, file, room, unwind_index),
               emitted.bytes);
  RETURN_IF_ERROR(
      AppendSectionHeaders(image, id, file, room, emitted.map, emitted.bytes));
  return emitted;
}

}  // namespace relink
