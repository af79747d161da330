// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUNTIME_DESCRIBE_CODE_H_
#define RELINK_RUNTIME_DESCRIBE_CODE_H_

#include "relink/runtime/module_registry.h"
#include "relink/runtime/profiler_maps.h"
#include "relink/stage/placed_graph.h"

namespace relink {

// The functions of an image that profilers cannot find in a mapped file: of
// modules that were copied into memory, and those in arenas. Names are those of
// the file that a module came from, if it still is the same, or else of its
// dynamic symbols. `group` describes the image.
ProfilerText DescribeCode(const LinkedImage& image, const LoadedGroup& group);

}  // namespace relink

#endif  // RELINK_RUNTIME_DESCRIBE_CODE_H_
