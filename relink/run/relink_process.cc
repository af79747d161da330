// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/run/relink_process.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "relink/layout/layout.h"
#include "relink/layout/place_sections.h"
#include "relink/reloc/apply_fixups.h"
#include "relink/run/page_edits.h"
#include "relink/run/process_memory.h"
#include "relink/run/unwind_index.h"
#include "relink/scan/unwind_tables.h"
#include "relink/stage/placed_graph.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

// Modules further apart are not in one graph.
constexpr uint64_t kMaxSpan = uint64_t{1} << 30;

// jmp rel32
constexpr std::byte kJump{0xe9};
constexpr uint64_t kJumpSize = 5;

// What is known of a module of the process.
struct Candidate {
  const MappedModule* mapped = nullptr;
  Module facts;
  AddressWords words;
  RuntimeRange span;
  bool may_change = true;
};

// Modules of one graph, with their code copied.
struct PlacedGroup {
  std::vector<size_t> members;  // The candidate of each module.
  PlacedGraph placed;
  std::optional<SectionId> unwind_index;
};

class ProcessRelinker {
 public:
  ProcessRelinker(const MovedSource& before, Replacements replacements,
                  const Pipeline& pipeline, MappingBackend& backend,
                  ProcessMemory memory)
      : before_(before),
        replacements_(replacements),
        pipeline_(pipeline),
        backend_(backend),
        memory_(std::move(memory)),
        edits_(backend) {}

  absl::StatusOr<RelinkedProcess> Run(std::span<const MappedModule> modules) {
    for (const MappedModule& mapped : modules) Examine(mapped);
    for (const std::vector<size_t>& group : Groups()) PlaceAny(group);
    CollectMoves();
    const uint64_t entry = FindEntry();
    const std::optional<MovedFunctions::Move> entered = FindMove(entry);
    if (entered.has_value()) {
      edits_.Add({RuntimeAddr(entry), kJumpSize});
    }
    FindChanges();
    ASSIGN_OR_RETURN(memory_, ProcessMemory::Read());
    RETURN_IF_ERROR(edits_.Open(memory_));
    for (const auto& [place, value] : changes_) {
      std::memcpy(backend_.Bytes(place), &value, sizeof(value));
    }
    for (const auto& group : groups_) {
      MarkUnbound(*group);
      RETURN_IF_ERROR(RunPlacedPasses(pipeline_, group->placed));
    }
    RelinkedProcess result;
    std::vector<MovedFunctions::Unwind> unwind;
    for (const auto& group : groups_) {
      RETURN_IF_ERROR(Finish(*group, unwind, result.memory));
    }
    result.moved =
        MovedFunctions(moved_.moves(), std::move(unwind), ReturnWays());
    if (entered.has_value()) LeadTo(entry, *entered);
    edits_.Commit();
    for (const Candidate& candidate : candidates_) {
      result.spans.emplace_back(candidate.mapped->handle, candidate.span);
    }
    return result;
  }

 private:
  void Remark(absl::string_view module, const absl::Status& status) {
    if (pipeline_.context == nullptr) return;
    const std::string message(status.message());
    pipeline_.context->remarks().Add({.pass = "run",
                                      .kind = RemarkKind::kRefused,
                                      .module = module,
                                      .message = message});
  }

  void Examine(const MappedModule& mapped) {
    absl::StatusOr<Module> facts = ScanMapped(mapped, memory_);
    if (!facts.ok()) return Remark(mapped.name, facts.status());
    absl::StatusOr<AddressWords> words = FindAddressWords(*facts, mapped.bias);
    if (!words.ok()) return Remark(mapped.name, words.status());
    const char* why = WhyNot(*facts);
    if (why != nullptr) {
      Remark(mapped.name, absl::FailedPreconditionError(why));
    }
    const RuntimeRange span = SpanOf(*facts, mapped.bias, backend_.page_size());
    facts->source.CloseFile();
    candidates_.push_back({.mapped = &mapped,
                           .facts = *std::move(facts),
                           .words = *std::move(words),
                           .span = span,
                           .may_change = why == nullptr});
  }

  // Null if functions of the module may move.
  static const char* WhyNot(const Module& module) {
    // Its addresses are constants of its code, where nobody can tell them from
    // numbers, and all pointers to one function must be equal.
    if (!module.position_independent) return "is not position-independent";
    if ((module.dynamic.flags & elf::kDfTextrel) != 0) {
      return "has relocations in its code";
    }
    return nullptr;
  }

  // By index of candidates, neighbours together.
  std::vector<std::vector<size_t>> Groups() const {
    std::vector<size_t> order;
    for (size_t i = 0; i < candidates_.size(); ++i) {
      if (candidates_[i].may_change) order.push_back(i);
    }
    std::ranges::sort(order, {},
                      [&](size_t i) { return candidates_[i].span.begin; });
    std::vector<std::vector<size_t>> groups;
    for (const size_t i : order) {
      if (groups.empty() ||
          candidates_[i].span.end() - candidates_[groups.back()[0]].span.begin >
              int64_t{kMaxSpan}) {
        groups.emplace_back();
      }
      groups.back().push_back(i);
    }
    // As they were loaded.
    for (std::vector<size_t>& group : groups) std::ranges::sort(group);
    return groups;
  }

  // Those that cannot be placed are found by halving.
  void PlaceAny(std::span<const size_t> group) {
    absl::StatusOr<std::unique_ptr<PlacedGroup>> placed = Place(group);
    if (placed.ok()) {
      if (*placed != nullptr) groups_.push_back(*std::move(placed));
      return;
    }
    if (group.size() == 1) {
      return Remark(candidates_[group[0]].mapped->name, placed.status());
    }
    PlaceAny(group.first(group.size() / 2));
    PlaceAny(group.subspan(group.size() / 2));
  }

  // Null if there is nothing to place.
  absl::StatusOr<std::unique_ptr<PlacedGroup>> Place(
      std::span<const size_t> group) {
    LinkGraph graph;
    LayoutOptions options = {.page_size = backend_.page_size()};
    RuntimeAddr begin = candidates_[group[0]].span.begin;
    RuntimeAddr end = begin;
    for (const size_t i : group) {
      ASSIGN_OR_RETURN(Module module,
                       ScanMapped(*candidates_[i].mapped, memory_));
      // Bound already; they say nothing of where things go.
      module.dependencies.clear();
      graph.modules.Add(std::move(module));
      const RuntimeRange span = candidates_[i].span;
      options.adopted.push_back(span.begin);
      begin = std::min(begin, span.begin);
      end = std::max(end, span.end());
    }
    graph.root_id = ModuleId(0);
    RETURN_IF_ERROR(RunGraphPasses(pipeline_, graph));
    RETURN_IF_ERROR(AddUnwindTables(graph));
    const std::optional<SectionId> unwind_index = AddUnwindIndex(graph);
    ASSIGN_OR_RETURN(Layout layout, PlanLayout(graph, options));
    if (layout.reservations.empty()) return nullptr;
    ReservationPlan& plan = layout.reservations[0];
    // Passes took memory, too.
    ASSIGN_OR_RETURN(memory_, ProcessMemory::Read());
    ASSIGN_OR_RETURN(
        plan.address,
        memory_.FindRoom({begin, static_cast<uint64_t>(end - begin)},
                         AlignUp(plan.size, plan.alignment) + plan.alignment));
    plan.address = RuntimeAddr(AlignUp(plan.address.value(), plan.alignment));
    plan.fixed = true;
    ASSIGN_OR_RETURN(PlacedGraph placed,
                     Stage(std::move(graph), std::move(layout), backend_));
    return std::make_unique<PlacedGroup>(PlacedGroup{
        {group.begin(), group.end()}, std::move(placed), unwind_index});
  }

  void CollectMoves() {
    std::vector<MovedFunctions::Move> moves;
    for (const auto& group : groups_) {
      const LinkGraph& graph = group->placed.graph();
      for (uint32_t i = 0; i < graph.modules.size(); ++i) {
        const PlacedModule& module = group->placed.placed(ModuleId(i));
        for (const AddressMap::Piece& piece : module.pieces) {
          moves.push_back({module.Bulk(piece.from), piece.to});
        }
        for (const AddressMap::Piece& piece : module.second_copies) {
          moves.push_back({module.Bulk(piece.from), piece.to, true});
        }
      }
    }
    moved_ = MovedFunctions(std::move(moves), {}, {});
  }

  std::vector<MovedFunctions::ReturnWay> ReturnWays() const {
    std::vector<MovedFunctions::ReturnWay> ways;
    for (const Candidate& candidate : candidates_) {
      const RuntimeAddr at =
          FindReturnWay(candidate.facts, candidate.mapped->bias);
      if (at != RuntimeAddr()) ways.push_back({candidate.span, at});
    }
    return ways;
  }

  // Where the system will enter the program; 0 if that is not among them.
  uint64_t FindEntry() const {
    for (const Candidate& candidate : candidates_) {
      if (candidate.facts.kind != ModuleKind::kExecutable) continue;
      return candidate.facts.entry.value() + candidate.mapped->bias;
    }
    return 0;
  }

  std::optional<MovedFunctions::Move> FindMove(uint64_t entry) const {
    for (const MovedFunctions::Move& move : moved_.moves()) {
      if (move.from.begin.value() == entry && move.from.size >= kJumpSize) {
        return move;
      }
    }
    return std::nullopt;
  }

  uint64_t Redirected(uint64_t value) const {
    for (const auto& [from, to] : replacements_) {
      if (value == from) return to;
    }
    const uint64_t moved = moved_.NewAddress(value);
    return moved != value ? moved : before_.NewAddress(value);
  }

  // Words and places in code that will be others.
  void FindChanges() {
    for (const Candidate& candidate : candidates_) {
      for (const RuntimeAddr place : candidate.words.places) Redirect(place);
      for (const RuntimeAddr place : candidate.words.link_places) {
        Redirect(place, candidate.mapped->bias);
      }
      for (const auto& copy : candidate.words.copies) {
        RedirectCopy(candidate, copy);
      }
    }
    for (const auto& group : groups_) {
      const PlacedGraph& placed = group->placed;
      for (const SectionId id : placed.graph().order) {
        if (placed.layout().IsPlaced(id)) {
          AddLeading(placed, id);
          continue;
        }
        for (const Fixup& fixup : placed.section(id).fixups) {
          if (!IsRedirected(placed.graph(), placed.layout(), fixup)) continue;
          edits_.Add({placed.At(id) + fixup.offset,
                      static_cast<uint64_t>(fixup.rule->field)});
        }
      }
    }
  }

  // Its original will be a jump.
  void AddLeading(const PlacedGraph& placed, SectionId id) {
    const Section& section = placed.section(id);
    if (!section.leads) return;
    const Module& module = placed.module(section.module_id);
    edits_.Add(placed.placed(section.module_id)
                   .Bulk({section.home.begin, module.target->jump.size()}));
  }

  // Of a word that is an address less `bias`.
  void Redirect(RuntimeAddr place, uint64_t bias = 0) {
    uint64_t value = 0;
    std::memcpy(&value, backend_.Bytes(place), sizeof(value));
    const uint64_t redirected = Redirected(value + bias) - bias;
    if (redirected == value) return;
    changes_.emplace_back(place, redirected);
    edits_.Add({place, sizeof(value)});
  }

  // ld.so copied what relocations had made of another module's object.
  void RedirectCopy(const Candidate& copier,
                    const AddressWords::CopiedObject& copy) {
    for (const Candidate& owner : candidates_) {
      if (&owner == &copier) continue;
      const RuntimeAddr object(
          FindDefinition(owner.facts, owner.mapped->bias, copy.name));
      if (object == RuntimeAddr() ||
          !owner.span.Contains(RuntimeRange{object, copy.size}) ||
          std::memcmp(backend_.Bytes(object), backend_.Bytes(copy.place),
                      copy.size) != 0) {
        continue;
      }
      for (const RuntimeAddr word : owner.words.places) {
        if (word < object || word >= object + copy.size) continue;
        Redirect(copy.place + static_cast<uint64_t>(word - object));
      }
      return;
    }
  }

  // Passes take nothing from slots that ld.so binds when they are first used:
  // they lead back into their own module's stubs.
  void MarkUnbound(PlacedGroup& group) {
    for (uint32_t i = 0; i < group.members.size(); ++i) {
      const Candidate& candidate = candidates_[group.members[i]];
      const LinkGraph& graph = group.placed.graph();
      std::vector<LinkRange> stubs;
      for (const SectionId id : graph.modules[ModuleId(i)].sections) {
        const Section& section = graph.sections[id];
        if (absl::StartsWith(section.name, ".plt")) {
          stubs.push_back(section.home);
        }
      }
      for (const RuntimeAddr place : candidate.words.places) {
        uint64_t value = 0;
        std::memcpy(&value, backend_.Bytes(place), sizeof(value));
        const LinkAddr home(moved_.OldAddress(value) - candidate.mapped->bias);
        if (std::ranges::any_of(
                stubs, [&](LinkRange range) { return range.Contains(home); })) {
          group.placed.MarkPending(backend_.Bytes(place));
        }
      }
    }
  }

  absl::Status Finish(PlacedGroup& group,
                      std::vector<MovedFunctions::Unwind>& unwind,
                      std::vector<Reservation>& memory) {
    RETURN_IF_ERROR(ApplyFixups(group.placed, BindingContext()));
    if (group.unwind_index.has_value()) {
      RETURN_IF_ERROR(FillUnwindIndex(group.placed, *group.unwind_index));
      const RuntimeAddr header = group.placed.At(*group.unwind_index);
      const LinkGraph& graph = group.placed.graph();
      for (uint32_t i = 0; i < graph.arenas.size(); ++i) {
        if (graph.arenas[ArenaId(i)].memory_class != MemoryClass::kCode) {
          continue;
        }
        unwind.push_back({group.placed.ArenaRange(ArenaId(i)), header});
      }
    }
    ASSIGN_OR_RETURN(LinkedImage image,
                     FinishImage(std::move(group.placed), nullptr));
    TellPages(pipeline_, image);
    for (Reservation& reservation : std::move(image).TakeMemory()) {
      memory.push_back(std::move(reservation));
    }
    return absl::OkStatus();
  }

  // The system enters the program at an address that nothing can redirect.
  void LeadTo(uint64_t entry, const MovedFunctions::Move& move) {
    std::byte* place = backend_.Bytes(RuntimeAddr(entry));
    const auto distance =
        static_cast<int32_t>(move.to.value() - (entry + kJumpSize));
    *place = kJump;
    std::memcpy(place + 1, &distance, sizeof(distance));
  }

  const MovedSource& before_;
  Replacements replacements_;
  const Pipeline& pipeline_;
  MappingBackend& backend_;
  ProcessMemory memory_;
  std::vector<Candidate> candidates_;
  std::vector<std::unique_ptr<PlacedGroup>> groups_;
  MovedFunctions moved_;
  std::vector<std::pair<RuntimeAddr, uint64_t>> changes_;
  PageEdits edits_;
};

}  // namespace

absl::StatusOr<RelinkedProcess> RelinkProcess(
    std::span<const MappedModule> modules, const MovedSource& before,
    Replacements replacements, const Pipeline& pipeline,
    MappingBackend& backend) {
  ASSIGN_OR_RETURN(ProcessMemory memory, ProcessMemory::Read());
  ProcessRelinker relinker(before, replacements, pipeline, backend,
                           std::move(memory));
  return relinker.Run(modules);
}

}  // namespace relink
