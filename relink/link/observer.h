// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_LINK_OBSERVER_H_
#define RELINK_LINK_OBSERVER_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "relink/ir/link_graph.h"
#include "relink/link/search_step.h"
#include "relink/map/mapping_backend.h"
#include "relink/reloc/symbol_reference.h"
#include "relink/runtime/module_observer.h"
#include "relink/support/address.h"

namespace relink {

// The steps of a load, in order.
enum class LoadStep : uint8_t {
  kScan,          // Files are read: the root and its dependencies.
  kGraphPasses,   // Passes run over the graph; only with a pipeline.
  kLayout,        // Everything is given its place.
  kStage,         // It is mapped there.
  kRelocate,      // Symbols are bound and dynamic relocations applied.
  kPlacedPasses,  // Passes run over what is placed; only with a pipeline.
  kFixups,        // References to what moved; only if a pass placed sections.
  kFinish,        // Protections are final, ifuncs resolved.
  kCommit,        // Unwinding and TLS work; initialization functions ran.
};

absl::string_view Name(LoadStep step);

// Told of everything that happens to modules, and calls their functions. Does
// nothing else by default. Loads in several threads tell it at once.
class Observer : public ModuleObserver {
 public:
  virtual void OnStepBegin(LoadStep /*step*/) {}
  // Not called for a step that failed.
  virtual void OnStepEnd(LoadStep /*step*/) {}

  // A place where a dependency was looked for.
  virtual void OnSearch(const SearchStep& /*step*/) {}
  // All facts about a file are known, none of it is mapped; its `user_data` may
  // be set.
  virtual void OnScanned(Module& /*module*/) {}
  // A segment has its place and its contents, not relocated yet.
  virtual void OnMapped(const Module& /*module*/, const Segment& /*segment*/,
                        RuntimeRange /*memory*/) {}
  // A reference to a symbol was bound; at least once for each symbol of each
  // module, and when a function is first called if that is when it is bound.
  // Only if wants_bindings, since there are many.
  virtual void OnBound(const SymbolBinding& /*binding*/) {}
  virtual bool wants_bindings() const { return false; }
};

}  // namespace relink

#endif  // RELINK_LINK_OBSERVER_H_
