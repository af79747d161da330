// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/graph/weights.h"

#include <cmath>
#include <cstddef>
#include <random>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "passes/graph/merge_calls.h"
#include "passes/graph/merge_samples.h"
#include "passes/graph/named_sections.h"
#include "relink/pass/remark.h"

namespace relink {
namespace {

// NAME=WEIGHT; false if it is not.
bool Parse(absl::string_view text, Weights::Weight& weight) {
  const size_t equals = text.rfind('=');
  if (equals == absl::string_view::npos || equals == 0) return false;
  weight.name = std::string(text.substr(0, equals));
  return absl::SimpleAtod(text.substr(equals + 1), &weight.weight) &&
         std::isfinite(weight.weight) && weight.weight >= 0;
}

bool ParseCall(absl::string_view text, Weights::Weight& weight) {
  if (!Parse(text, weight)) return false;
  const size_t colon = weight.name.find(':');
  if (colon == std::string::npos) return false;
  weight.callee = weight.name.substr(colon + 1);
  weight.name.resize(colon);
  return !weight.name.empty() && !weight.callee.empty();
}

void TellMissing(absl::string_view name, RemarkSink& remarks) {
  if (!remarks.wanted()) return;
  remarks.Add({.pass = Weights::kName,
               .kind = RemarkKind::kRefused,
               .subject = name,
               .message = "there is no section of that name"});
}

// The same places each time.
void AddSamples(SectionId id, uint64_t places, LinkGraph& graph) {
  const Section& section = graph.sections[id];
  if (section.size == 0) return;
  std::minstd_rand random(id.index() + 1);
  const double weight = section.weight / static_cast<double>(places);
  for (uint64_t i = 0; i < places; ++i) {
    graph.samples.push_back({id, random() % section.size, weight});
  }
}

}  // namespace

absl::StatusOr<Weights> Weights::Create(const PassOptions& options) {
  Weights weights;
  for (const std::string& text : options.List("set")) {
    if (!Parse(text, weights.set.emplace_back())) {
      return options.Refuse(
          "set", absl::StrCat("expected NAME=WEIGHT, not below 0: ", text));
    }
  }
  for (const std::string& text : options.List("calls")) {
    if (!ParseCall(text, weights.calls.emplace_back())) {
      return options.Refuse(
          "calls",
          absl::StrCat("expected CALLER:CALLEE=WEIGHT, not below 0: ", text));
    }
  }
  const int64_t places = options.Integer("places");
  if (places < 0 || places > 1000) {
    return options.Refuse("places", "expected a number from 0 to 1000");
  }
  weights.places = static_cast<uint64_t>(places);
  return weights;
}

absl::StatusOr<PreservedAnalyses> Weights::Run(
    LinkGraph& graph, AnalysisManager<LinkGraph>& analyses) const {
  std::vector<std::string> names;
  for (const Weight& each : set) names.push_back(each.name);
  for (const Weight& each : calls) {
    names.push_back(each.name);
    names.push_back(each.callee);
  }
  const auto named = SectionsNamed(graph, names);
  for (size_t i = 0; i < names.size(); ++i) {
    if (named[i].empty()) TellMissing(names[i], analyses.remarks());
  }
  for (size_t i = 0; i < set.size(); ++i) {
    for (const SectionId id : named[i]) {
      graph.sections[id].weight = set[i].weight;
      if (places > 0) AddSamples(id, places, graph);
    }
  }
  MergeSamples(graph.samples);
  for (size_t i = 0; i < calls.size(); ++i) {
    for (const SectionId caller_id : named[set.size() + 2 * i]) {
      for (const SectionId callee_id : named[set.size() + 2 * i + 1]) {
        graph.calls.push_back({caller_id, callee_id, calls[i].weight});
      }
    }
  }
  MergeCalls(graph.calls);
  return PreservedAnalyses::None();
}

}  // namespace relink
