// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_REPORT_REPORT_FACTS_H_
#define RELINK_TOOLS_RELINK_REPORT_REPORT_FACTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "passes/analysis/layout_metrics.h"
#include "relink/ir/link_graph.h"
#include "relink/pass/counters.h"
#include "relink/pass/pass_times.h"
#include "relink/pass/remark.h"
#include "tools/relink/plan/planned_link.h"
#include "tools/relink/report/heat_map.h"
#include "tools/relink/report/refusals.h"

namespace relink::tools {

// How much of something there is.
struct Amount {
  uint64_t functions = 0;
  uint64_t bytes = 0;
  double weight = 0;

  void Add(const Section& section) {
    ++functions;
    bytes += section.size;
    weight += section.weight;
  }
};

struct FunctionFacts {
  SectionId section_id;
  double cumulative = 0;  // Part of all weight that is of it and those before.
  std::string place;      // In an arena, as "hot+0x40"; empty if it stays.
  std::string why_stays;  // If somebody said so.
};

struct ModuleFacts {
  Amount known;  // Its functions that are in the graph.
  Amount moved;
  std::string refusal;  // Why no more was done to all of it; mostly empty.
};

struct ArenaFacts {
  Amount contents;
};

// All that a report says of a link, besides what the planned link has.
struct ReportFacts {
  bool weighted = false;
  Amount all;
  // Together all: what is in an arena, what was refused one for a reason, and
  // what nobody asked for.
  Amount moved;
  Amount refused;
  Amount left;
  std::vector<FunctionFacts> functions;  // The heaviest first; or largest.
  std::vector<RefusalGroup> refusals;
  std::vector<ModuleFacts> modules;  // One for each.
  std::vector<ArenaFacts> arenas;    // One for each.
  HeatMap heat_before;               // Of pages.
  HeatMap heat_after;
};

// `planned` and its graph are the ones that `remarks` are about.
ReportFacts CollectFacts(const PlannedLink& planned,
                         const std::vector<CollectedRemarks::Kept>& remarks);

// All that a page is made of.
struct Report {
  std::string title = {};
  std::string passes = {};                // As text; empty if there were none.
  std::string profile = {};               // Its file; empty if there was none.
  std::vector<std::string> sources = {};  // Of the profile, a line for each.
  // Passes that run once everything has its address, and so not for a report.
  std::vector<std::string> later_passes = {};
  const PlannedLink& planned;
  const ReportFacts& facts;
  const std::vector<CollectedRemarks::Kept>& remarks;
  const std::vector<PassTimes::Row>& times;
  const std::vector<Counters::Counter>& counters;
};

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_REPORT_REPORT_FACTS_H_
