// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RELOC_APPLY_INTERCEPTED_H_
#define RELINK_RELOC_APPLY_INTERCEPTED_H_

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "relink/arch/target.h"
#include "relink/elf/records.h"
#include "relink/reloc/apply.h"
#include "relink/reloc/lazy_slots.h"
#include "relink/reloc/relocatable_image.h"
#include "relink/reloc/relocation_handler.h"
#include "relink/reloc/scope.h"
#include "relink/reloc/symbol_binder.h"

namespace relink {

// Applies the relocations of one module with a handler between: the slow road
// beside the loops of apply.h, which stay as they are. Everything that it is
// given must outlive it.
class InterceptedLoops {
 public:
  struct Arguments {
    RelocationHandler& handler;
    const Target& target;
    const ScopeMember& member;
    RelocatableImage& image;
    SymbolBinder& binder;
    // Where `binder` puts what only ifunc resolvers know.
    const std::vector<PendingIndirect>& indirects;
    LazySlots* lazy;  // Null to bind everything now.
  };
  explicit InterceptedLoops(const Arguments& arguments)
      : arguments_(arguments) {}

  // As ApplyRelr and ApplyTable. If `failure->what` is null, `status` says why.
  bool Relr(std::span<const NativeElf::Addr> table, ApplyFailure* failure);
  bool Table(std::span<const elf::Rela<NativeElf>> table,
             absl::string_view name, ApplyFailure* failure);
  bool Table(std::span<const elf::Rel<NativeElf>> table, absl::string_view name,
             ApplyFailure* failure);
  // The same, but jump slots may wait.
  bool JumpSlots(std::span<const elf::Rela<NativeElf>> table,
                 absl::string_view name, ApplyFailure* failure);

  const absl::Status& status() const {
    return status_.ok() ? arguments_.binder.status() : status_;
  }

 private:
  template <class Record>
  bool Apply(std::span<const Record> table, absl::string_view name,
             LazySlots* lazy, ApplyFailure* failure);
  template <class Record>
  bool Offer(const Record& record, absl::string_view table, size_t index,
             LazySlots* lazy, ApplyFailure* failure);
  // What the formula says, and what came of it.
  template <class Record>
  bool Proceed(const RelocationView& view, const Record& record,
               LazySlots* lazy, RelocationResult* result,
               ApplyFailure* failure);
  bool Store(const RelocationView& view, uint64_t value, ApplyFailure* failure);
  uint64_t ValueAt(const RelocationView& view) const;
  bool Fail(absl::Status status, ApplyFailure* failure);

  Arguments arguments_;
  absl::Status status_;
};

}  // namespace relink

#endif  // RELINK_RELOC_APPLY_INTERCEPTED_H_
