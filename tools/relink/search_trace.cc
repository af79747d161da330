// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/search_trace.h"

#include "absl/strings/str_format.h"
#include "tools/relink/shown_text.h"

namespace relink::tools {

void SearchTrace::Add(const SearchStep& step) {
  steps_.push_back({.requester = std::string(step.requester),
                    .name = std::string(step.name),
                    .rule = step.rule,
                    .place = step.place,
                    .outcome = step.outcome});
}

void SearchTrace::PrintText(std::ostream& out) const {
  const Step* previous = nullptr;
  for (const Step& step : steps_) {
    if (previous == nullptr || previous->requester != step.requester ||
        previous->name != step.name) {
      out << Shown(step.requester) << " needs " << Shown(step.name) << '\n';
    }
    out << absl::StrFormat(
        "  %-12s %-15s %s\n", Name(step.outcome), Name(step.rule),
        step.place.empty() ? "the program" : Shown(step.place));
    previous = &step;
  }
  if (!steps_.empty()) out << '\n';
}

void SearchTrace::PrintJson(JsonWriter& json) const {
  json.BeginArray();
  for (const Step& step : steps_) {
    json.BeginObject(JsonWriter::Lines::kOne);
    json.Field("requester", step.requester);
    json.Field("name", step.name);
    json.Field("rule", Name(step.rule));
    json.Field("place", step.place);
    json.Field("outcome", Name(step.outcome));
    json.EndObject();
  }
  json.EndArray();
}

}  // namespace relink::tools
