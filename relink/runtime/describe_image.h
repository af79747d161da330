// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUNTIME_DESCRIBE_IMAGE_H_
#define RELINK_RUNTIME_DESCRIBE_IMAGE_H_

#include <span>

#include "absl/status/statusor.h"
#include "relink/reloc/bound_module.h"
#include "relink/runtime/module_registry.h"
#include "relink/stage/placed_graph.h"

namespace relink {

// What the registry is to say of an image whose modules are `modules`; both
// must outlive it. InvalidArgument, OutOfRange: .eh_frame_hdr is malformed.
absl::StatusOr<LoadedGroup> DescribeImage(const LinkedImage& image,
                                          std::span<const BoundModule> modules);

}  // namespace relink

#endif  // RELINK_RUNTIME_DESCRIBE_IMAGE_H_
