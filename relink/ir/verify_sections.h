// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_IR_VERIFY_SECTIONS_H_
#define RELINK_IR_VERIFY_SECTIONS_H_

#include <string>

#include "absl/status/status.h"
#include "relink/ir/link_graph.h"

namespace relink {

// The part of VerifyGraph that is about sections, their fixups and where they
// are placed.
absl::Status VerifySections(const LinkGraph& graph);

// "libfoo.so: .text", whatever of it is there.
std::string Described(const LinkGraph& graph, SectionId id);

}  // namespace relink

#endif  // RELINK_IR_VERIFY_SECTIONS_H_
