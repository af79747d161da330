// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RELOC_LAZY_SLOTS_H_
#define RELINK_RELOC_LAZY_SLOTS_H_

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "relink/elf/records.h"
#include "relink/ir/link_graph.h"
#include "relink/reloc/apply.h"
#include "relink/reloc/lazy_binder.h"
#include "relink/reloc/relocatable_image.h"
#include "relink/reloc/symbol_binder.h"
#include "relink/stage/placed_graph.h"

namespace relink {

// The jump slots of one module that can wait until they are called: those that
// lead into its own code (its PLT), stay writable and are aligned.
class LazySlots {
 public:
  // Null if everything is to be bound now: the module asks for it (DF_BIND_NOW,
  // DF_1_NOW), has no PLT, is in arenas, or cannot run in this process; or
  // Relink is built with --//relink:lazy_binding=false.
  static std::optional<LazySlots> Find(const PlacedGraph& placed, ModuleId id,
                                       RelocatableImage& image);

  // Lets the slot of `record` lead to its PLT entry. Returns false if it is not
  // one that can wait.
  bool Defer(const RelocationRule& rule, const elf::Rela<NativeElf>& record,
             RelocatableImage& image);

  // Applies DT_JMPREL: what can wait waits. As ApplyTable otherwise.
  bool Apply(const Target& target, std::span<const elf::Rela<NativeElf>> table,
             RelocatableImage& image, SymbolBinder& binder,
             ApplyFailure* failure);

  // Gives the module's GOT its link and trampoline, of `binder`.
  void Attach(LazyBinder& binder, BoundModule& module,
              const Target& target) const;

  // The slots that wait, if the module was opened, so that passes can know.
  std::span<const std::byte* const> waiting() const { return waiting_; }

 private:
  LazySlots(const Module& module, LinkRange read_only, std::byte* got)
      : module_(&module), read_only_(read_only), got_(got) {}

  const Module* module_;
  LinkRange read_only_;
  std::byte* got_;  // Its second word.
  std::vector<const std::byte*> waiting_;
};

}  // namespace relink

#endif  // RELINK_RELOC_LAZY_SLOTS_H_
