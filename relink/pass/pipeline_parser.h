// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASS_PIPELINE_PARSER_H_
#define RELINK_PASS_PIPELINE_PARSER_H_

#include <span>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/pass/pass_context.h"
#include "relink/pass/pass_manager.h"
#include "relink/pass/pass_registry.h"

namespace relink {

// The passes that `text` names, each over one of `units`, in the order of those
// units. What is over the parts of one is put into a pass over it.
// InvalidArgument: a PipelineError.  Other errors are of making a pass.
absl::StatusOr<std::vector<ErasedPass>> MakePasses(
    absl::string_view text, const PassRegistry& registry,
    std::span<const UnitKey* const> units);

// Adds the passes that `text` names, as in
//
//   split-functions,order<algorithm=cdsort,seed=3>,module(icf),place
//
// to the managers of their units, which run in this order: a pass cannot stand
// behind one over a later unit. Its grammar is in pipeline_text.h. A pass over
// a module that stands by itself is run over each, as if it were module(PASS).
// InvalidArgument: a PipelineError, which names what is wrong, marks its place
// and suggests the nearest name; nothing was added.
template <typename... Units>
absl::Status ParsePipeline(absl::string_view text, const PassRegistry& registry,
                           PassManager<Units>&... managers) {
  const UnitKey* const units[] = {&kUnitKey<Units>...};
  absl::StatusOr<std::vector<ErasedPass>> passes =
      MakePasses(text, registry, units);
  if (!passes.ok()) return passes.status();
  for (ErasedPass& pass : *passes) {
    const UnitKey* const unit = pass.unit();
    ((unit == &kUnitKey<Units>
          ? managers.Add(std::move(pass).template Take<Units>())
          : void()),
     ...);
  }
  return absl::OkStatus();
}

}  // namespace relink

#endif  // RELINK_PASS_PIPELINE_PARSER_H_
