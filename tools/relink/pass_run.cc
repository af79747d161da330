// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/pass_run.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "passes/registry.h"
#include "relink/ir/graph_printer.h"
#include "relink/ir/verify_graph.h"
#include "relink/link/make_pipeline.h"
#include "relink/link/pass_plugin.h"
#include "relink/pass/pass_registry.h"
#include "relink/support/status_macros.h"

namespace relink::tools {
namespace {

absl::StatusOr<PassInstrumentationOptions> Instrumentation(
    const Arguments& arguments) {
  PassInstrumentationOptions options;
  for (const InstrumentationFlag& flag : InstrumentationFlags()) {
    if (!arguments.Has(flag.name)) continue;
    std::optional<absl::string_view> value;
    if (!flag.value.empty()) value = arguments.Value(flag.name);
    if (flag.value_optional && value == "all") value.reset();
    const absl::Status status =
        SetInstrumentationOption(flag.name, value, options);
    if (!status.ok()) return UsageError(status.message());
  }
  return options;
}

}  // namespace

absl::StatusOr<std::unique_ptr<PassRun>> PassRun::Create(
    const Arguments& arguments, std::ostream& out) {
  ASSIGN_OR_RETURN(PassInstrumentationOptions options,
                   Instrumentation(arguments));
  std::unique_ptr<PassRun> run(new PassRun(std::move(options), out));
  if (!arguments.Has("passes")) return run;
  PassRegistry registry;
  RegisterShippedPasses(registry);
  for (const absl::string_view path : arguments.Values("load-pass-plugin")) {
    RETURN_IF_ERROR(PassPlugin::Load(path, registry).status());
  }
  absl::StatusOr<Pipeline> pipeline =
      MakePipeline(arguments.Value("passes"), registry);
  if (!pipeline.ok()) {
    return UsageError(absl::StrCat("--passes: ", pipeline.status().message()));
  }
  if (arguments.Has("remarks")) {
    const std::string file(arguments.Value("remarks"));
    run->remarks_file_.open(file);
    if (!run->remarks_file_) {
      return absl::NotFoundError(absl::StrCat(file, ": cannot be written"));
    }
    run->remarks_.emplace(run->remarks_file_);
    run->context_.set_remarks(&*run->remarks_);
  }
  run->instrumentation_.Watch<LinkGraph>(
      run->context_, {.print = PrintGraph, .verify = VerifyGraph});
  run->instrumentation_.Watch<PlacedGraph>(run->context_);
  pipeline->context = &run->context_;
  run->pipeline_ = *std::move(pipeline);
  return run;
}

}  // namespace relink::tools
