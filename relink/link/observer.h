// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_LINK_OBSERVER_H_
#define RELINK_LINK_OBSERVER_H_

#include <cstdint>

#include "absl/strings/string_view.h"

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

// Told of every step of a load. Does nothing by default.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void OnStepBegin(LoadStep /*step*/) {}
  // Not called for a step that failed.
  virtual void OnStepEnd(LoadStep /*step*/) {}
};

}  // namespace relink

#endif  // RELINK_LINK_OBSERVER_H_
