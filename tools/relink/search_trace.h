// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_SEARCH_TRACE_H_
#define RELINK_TOOLS_RELINK_SEARCH_TRACE_H_

#include <ostream>
#include <string>
#include <vector>

#include "relink/link/search_step.h"
#include "tools/relink/json_writer.h"

namespace relink::tools {

// Where each dependency of a load was looked for, in order.
class SearchTrace {
 public:
  void Add(const SearchStep& step);

  // "FILE needs NAME", and below it each place with the rule that led there and
  // what was there.
  void PrintText(std::ostream& out) const;
  // An array of objects, one for each place.
  void PrintJson(JsonWriter& json) const;

 private:
  struct Step {
    std::string requester;
    std::string name;
    SearchRule rule;
    std::string place;
    SearchOutcome outcome;
  };

  std::vector<Step> steps_;
};

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_SEARCH_TRACE_H_
