// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/reloc/relocate.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "relink/reloc/apply_intercepted.h"
#include "relink/reloc/describe_failure.h"
#include "relink/reloc/lazy_binder.h"
#include "relink/reloc/lazy_slots.h"
#include "relink/reloc/symbol_versions.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

// The parts of a module that relocations may write to. What they write to
// sections that are in no image goes to `discarded`.
std::vector<RelocatableImage::Part> WritableParts(
    const PlacedGraph& placed, ModuleId id, std::vector<std::byte>& discarded) {
  const Module& module = placed.module(id);
  const PlacedModule& where = placed.placed(id);
  std::vector<RelocatableImage::Part> parts;
  if (where.in_arenas()) {
    for (size_t i = 0; i < where.pieces.size(); ++i) {
      const MemoryClass memory_class =
          placed.section(where.piece_sections[i]).memory_class;
      if (memory_class == MemoryClass::kCode ||
          memory_class == MemoryClass::kReadOnly) {
        continue;
      }
      const AddressMap::Piece& piece = where.pieces[i];
      parts.push_back({piece.from, where.ArenaBytes(piece.to)});
    }
    for (const Section& section : placed.graph().sections) {
      if (section.module_id != id || !section.dead) continue;
      discarded.resize(std::max<size_t>(discarded.size(), section.home.size));
    }
    for (const Section& section : placed.graph().sections) {
      if (section.module_id != id || !section.dead) continue;
      parts.push_back({section.home, discarded.data()});
    }
    return parts;
  }
  const bool text = (module.dynamic.flags & elf::kDfTextrel) != 0;
  for (const Segment& segment : module.segments) {
    if (!segment.writable && !text) continue;
    parts.push_back({segment.memory, where.Bytes(segment.memory).data()});
  }
  return parts;
}

// The loops of apply.h, in the shape of InterceptedLoops.
struct FastLoops {
  const Target& target;
  RelocatableImage& image;
  SymbolBinder& binder;
  LazySlots* lazy;

  bool Relr(std::span<const NativeElf::Addr> table, ApplyFailure* failure) {
    return ApplyRelr<NativeElf>(table, image, failure);
  }
  template <class Record>
  bool Table(std::span<const Record> table, absl::string_view /*name*/,
             ApplyFailure* failure) {
    return ApplyTable<NativeElf>(target, table, image, binder, failure);
  }
  bool JumpSlots(std::span<const elf::Rela<NativeElf>> table,
                 absl::string_view name, ApplyFailure* failure) {
    if (lazy == nullptr) return Table(table, name, failure);
    return lazy->Apply(target, table, image, binder, failure);
  }
  const absl::Status& status() const { return binder.status(); }
};

template <class Loops>
absl::Status ApplyTables(Loops loops, const Target& target,
                         const BoundModule& bound) {
  const elf::RelocationTables<NativeElf>& tables = bound.relocations;
  ApplyFailure failure{};
  if (!loops.Relr(tables.relr, &failure)) {
    return DescribeFailure(failure, loops.status());
  }
  const auto describe = [&](auto table, absl::string_view name) {
    const auto& record = table[failure.index];
    return DescribeFailure({.table = name,
                            .r_type = record.type(),
                            .rule = target.Rule(record.type()),
                            .symbol = record.sym(),
                            .place = record.r_offset,
                            .member = bound.member},
                           failure, loops.status());
  };
  if (!loops.Table(tables.rela, "DT_RELA", &failure)) {
    return describe(tables.rela, "DT_RELA");
  }
  if (!loops.Table(tables.rel, "DT_REL", &failure)) {
    return describe(tables.rel, "DT_REL");
  }
  if (!loops.JumpSlots(tables.jmprel_rela, "DT_JMPREL", &failure)) {
    return describe(tables.jmprel_rela, "DT_JMPREL");
  }
  if (!loops.Table(tables.jmprel_rel, "DT_JMPREL", &failure)) {
    return describe(tables.jmprel_rel, "DT_JMPREL");
  }
  return absl::OkStatus();
}

absl::Status RelocateModule(PlacedGraph& placed, const BindingContext& context,
                            ModuleId id, SymbolBinder& binder,
                            const std::vector<PendingIndirect>& indirects) {
  const Target& target = *placed.module(id).target;
  BoundModule& bound = context.modules[id.index()];
  std::vector<std::byte> discarded;
  const std::vector<RelocatableImage::Part> parts =
      WritableParts(placed, id, discarded);
  RelocatableImage image(parts, placed.placed(id).addresses());
  std::optional<LazySlots> slots;
  if (context.lazy != nullptr) slots = LazySlots::Find(placed, id, image);
  LazySlots* lazy = slots.has_value() ? &*slots : nullptr;
  if (context.relocation_handler == nullptr) {
    RETURN_IF_ERROR(
        ApplyTables(FastLoops{target, image, binder, lazy}, target, bound));
  } else {
    const InterceptedLoops loops({.handler = *context.relocation_handler,
                                  .target = target,
                                  .member = bound.member,
                                  .image = image,
                                  .binder = binder,
                                  .indirects = indirects,
                                  .lazy = lazy});
    RETURN_IF_ERROR(ApplyTables(loops, target, bound));
  }
  if (lazy != nullptr) {
    lazy->Attach(*context.lazy, bound, target);
    for (const std::byte* place : lazy->waiting()) placed.MarkPending(place);
  }
  return absl::OkStatus();
}

// Resolvers are called before anything else of a module is, so a wrong address
// must be found here.
absl::Status CheckResolvers(const PlacedGraph& placed,
                            const BindingContext& context,
                            const std::vector<PendingIndirect>& indirects) {
  for (const PendingIndirect& pending : indirects) {
    if (placed.IsCode(pending.resolver)) continue;
    bool in_host = false;
    for (const ScopeMember* member : context.host) {
      in_host |= member->addresses.Contains(pending.resolver, member->span);
    }
    if (in_host) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        pending.rule->name, " at 0x", absl::Hex(pending.link_place.value()),
        ": ifunc resolver is not in an executable segment"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<PendingIndirect>> Relocate(
    PlacedGraph& placed, const BindingContext& context,
    std::span<const ModuleId> order) {
  std::vector<PendingIndirect> indirects;
  std::vector<std::string> undefined;
  for (const ModuleId id : order) {
    const Module& module = placed.module(id);
    BoundModule& bound = context.modules[id.index()];
    RETURN_IF_ERROR(CheckVersions(bound.member, context.local, context.global));
    std::vector<PendingIndirect> pending;
    SymbolBinder binder(context, bound, pending);
    binder.Foresee();
    absl::Status status = RelocateModule(placed, context, id, binder, pending);
    if (status.ok()) status = CheckResolvers(placed, context, pending);
    if (!status.ok()) return Annotate(status, module.name());
    indirects.insert(indirects.end(), pending.begin(), pending.end());
    for (const PendingIndirect& indirect : pending) {
      placed.MarkPending(indirect.place);
    }
    if (!binder.undefined().empty()) {
      undefined.push_back(absl::StrCat(module.name(), ": ",
                                       DescribeUndefined(binder.undefined())));
    }
  }
  if (!undefined.empty()) {
    return absl::NotFoundError(absl::StrJoin(undefined, "; "));
  }
  return indirects;
}

absl::Status ResolveIndirects(std::span<const PendingIndirect> indirects) {
  for (const PendingIndirect& pending : indirects) {
    const auto resolver =
        reinterpret_cast<uint64_t (*)()>(pending.resolver.value());
    uint64_t value = resolver() + pending.addend;
    if (pending.rule->formula == Formula::kPcRelative) {
      value -= reinterpret_cast<uint64_t>(pending.place);
    }
    if (!Fits(value, pending.rule->field, pending.rule->fit)) {
      return absl::OutOfRangeError(absl::StrCat(
          pending.rule->name, " at 0x", absl::Hex(pending.link_place.value()),
          ": value of the ifunc does not fit in its field (0x",
          absl::Hex(value), ")"));
    }
    reloc_internal::StoreField<NativeElf>(pending.place, pending.rule->field,
                                          value);
  }
  return absl::OkStatus();
}

}  // namespace relink
