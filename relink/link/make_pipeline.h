// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_LINK_MAKE_PIPELINE_H_
#define RELINK_LINK_MAKE_PIPELINE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/link/pipeline.h"
#include "relink/pass/pass_registry.h"

namespace relink {

// The pipeline that `text` names, of the passes that Relink ships, as in
// "split-functions,order<by=cdsort>,place,plt-bypass"; none for empty text.
// InvalidArgument: what is wrong with it, with the place marked.
absl::StatusOr<Pipeline> MakePipeline(absl::string_view text);

// The same of the passes of `registry`, which may have those of plugins.
absl::StatusOr<Pipeline> MakePipeline(absl::string_view text,
                                      const PassRegistry& registry);

// What is done with a profile if nothing else is said.
inline constexpr absl::string_view kProfiledPasses = "pack-hot,plt-bypass";

// `passes`, or kProfiledPasses if that is empty, after apply-profile of the
// file at `profile`; `passes` alone if that is empty.
std::string PassesWithProfile(absl::string_view profile,
                              absl::string_view passes);

}  // namespace relink

#endif  // RELINK_LINK_MAKE_PIPELINE_H_
