// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUNTIME_DESCRIBE_SYMBOLS_H_
#define RELINK_RUNTIME_DESCRIBE_SYMBOLS_H_

#include <cstddef>
#include <vector>

#include "relink/runtime/module_registry.h"
#include "relink/stage/placed_graph.h"

namespace relink {

// Symbol files (see SymbolFile) that describe an image to debuggers: one for
// each module that has its own segments, and one for what is in arenas.
//
// That of a module from a file leads to the file, and so to its lines, types
// and variables, if the file is still the same: it is read to the end. That of
// another has the symbols of its dynamic symbol table. `group` describes the
// image.
std::vector<std::vector<std::byte>> DescribeSymbols(const LinkedImage& image,
                                                    const LoadedGroup& group);

}  // namespace relink

#endif  // RELINK_RUNTIME_DESCRIBE_SYMBOLS_H_
