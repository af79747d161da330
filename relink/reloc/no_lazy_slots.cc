// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/reloc/lazy_slots.h"

// Nothing waits, so there is never one of these to ask.

namespace relink {

std::optional<LazySlots> LazySlots::Find(const PlacedGraph& /*placed*/,
                                         ModuleId /*id*/,
                                         RelocatableImage& /*image*/) {
  return std::nullopt;
}

bool LazySlots::Defer(const RelocationRule& /*rule*/,
                      const elf::Rela<NativeElf>& /*record*/,
                      RelocatableImage& /*image*/) {
  return false;
}

bool LazySlots::Apply(const Target& target,
                      std::span<const elf::Rela<NativeElf>> table,
                      RelocatableImage& image, SymbolBinder& binder,
                      ApplyFailure* failure) {
  return ApplyTable<NativeElf>(target, table, image, binder, failure);
}

void LazySlots::Attach(LazyBinder& /*binder*/, BoundModule& /*module*/,
                       const Target& /*target*/) const {}

}  // namespace relink
