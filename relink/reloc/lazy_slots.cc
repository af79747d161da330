// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/reloc/lazy_slots.h"

#include <algorithm>
#include <cstdint>

#include "relink/arch/relocation_rule.h"
#include "relink/arch/target.h"
#include "relink/elf/constants.h"

namespace relink {
namespace {

constexpr uint64_t kWord = sizeof(uint64_t);

bool Overlap(LinkRange a, LinkRange b) {
  return a.Contains(b.begin) || b.Contains(a.begin);
}

bool AsksForBinding(const Module& module) {
  return (module.dynamic.flags & elf::kDfBindNow) != 0 ||
         (module.dynamic.flags_1 & elf::kDf1Now) != 0;
}

}  // namespace

std::optional<LazySlots> LazySlots::Find(const PlacedGraph& placed, ModuleId id,
                                         RelocatableImage& image) {
  const Module& module = placed.module(id);
  if (AsksForBinding(module) || module.target != &HostTarget() ||
      !module.dynamic.jmprel_is_rela || placed.placed(id).in_arenas() ||
      !placed.backend().runs_here()) {
    return std::nullopt;
  }
  // GOT[1] and GOT[2] are the dynamic linker's (psABI, "Global Offset Table").
  const LinkRange words = {module.dynamic.pltgot + kWord, 2 * kWord};
  // They may be read-only after this: GNU ld lets RELRO end behind them.
  std::byte* got = image.Place(words.begin, words.size);
  if (module.dynamic.pltgot.value() == 0 || got == nullptr) return std::nullopt;
  const uint64_t page = placed.backend().page_size();
  const uint64_t begin = AlignDown(module.relro.begin.value(), page);
  const uint64_t end = AlignDown(module.relro.end().value(), page);
  const LinkRange read_only = {LinkAddr(begin), end > begin ? end - begin : 0};
  return LazySlots(module, read_only, got);
}

bool LazySlots::Defer(const RelocationRule& rule,
                      const elf::Rela<NativeElf>& record,
                      RelocatableImage& image) {
  if (rule.formula != Formula::kAddress || rule.field != Field::k64 ||
      rule.lookup != Lookup::kCall) {
    return false;
  }
  const LinkRange slot = {LinkAddr(uint64_t{record.r_offset}), kWord};
  std::byte* place = image.Place(slot.begin, slot.size);
  // Stored at once, and later.
  if (place == nullptr || slot.begin.value() % kWord != 0 ||
      Overlap(read_only_, slot)) {
    return false;
  }
  const LinkAddr entry(LoadInteger<uint64_t, NativeElf::kOrder>(place));
  const bool in_code =
      std::ranges::any_of(module_->segments, [entry](const Segment& segment) {
        return segment.executable && segment.memory.Contains(entry);
      });
  if (!in_code) return false;
  StoreInteger<uint64_t, NativeElf::kOrder>(place, image.At(entry).value());
  // Passes that could ask are only for opened modules.
  if (!module_->sections.empty()) waiting_.push_back(place);
  return true;
}

bool LazySlots::Apply(const Target& target,
                      std::span<const elf::Rela<NativeElf>> table,
                      RelocatableImage& image, SymbolBinder& binder,
                      ApplyFailure* failure) {
  for (size_t i = 0; i < table.size(); ++i) {
    const RelocationRule& rule = target.Rule(table[i].type());
    if (Defer(rule, table[i], image)) continue;
    if (!reloc_internal::ApplyOne<NativeElf>(rule, table[i], image, binder,
                                             failure)) {
      failure->index = i;
      return false;
    }
  }
  return true;
}

void LazySlots::Attach(LazyBinder& binder, BoundModule& module,
                       const Target& target) const {
  const LazyBinder::Entry entry = binder.Attach(module, target);
  StoreInteger<uint64_t, NativeElf::kOrder>(got_, entry.link);
  StoreInteger<uint64_t, NativeElf::kOrder>(got_ + kWord, entry.trampoline);
}

}  // namespace relink
