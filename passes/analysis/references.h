// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_ANALYSIS_REFERENCES_H_
#define RELINK_PASSES_ANALYSIS_REFERENCES_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/ir/link_graph.h"
#include "relink/pass/analysis_manager.h"

namespace relink {

// Who refers to each section: the fixups of live sections whose symbol is in
// it. A reference to a symbol that another module defines is not among them.
//
// Reads: fixups, symbols.
struct References {
  static constexpr absl::string_view kName = "references";
  static constexpr absl::string_view kHelp = "which fixups refer to a section";

  struct Reference {
    SectionId from_id;
    uint32_t fixup;  // Index.
  };

  struct Result {
    // Ascending by section and fixup.
    std::span<const Reference> To(SectionId id) const {
      return std::span(references)
          .subspan(first[id.index()],
                   first[id.index() + 1] - first[id.index()]);
    }

    const LinkGraph* graph;             // What it is about.
    std::vector<Reference> references;  // By the section that they refer to.
    std::vector<uint32_t> first;        // To each section, and their end.
  };

  absl::StatusOr<Result> Run(const LinkGraph& graph,
                             AnalysisManager<LinkGraph>& analyses) const;

  // "f: main+0x1 R_X86_64_PLT32, ..." for each section with any.
  static std::string Print(const Result& result);
};

}  // namespace relink

#endif  // RELINK_PASSES_ANALYSIS_REFERENCES_H_
