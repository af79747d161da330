// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PLUGIN_PLUGIN_H_
#define RELINK_PLUGIN_PLUGIN_H_

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "relink/pass/pass_option.h"
#include "relink/pass/pass_registry.h"
#include "relink/pass/preserved_analyses.h"
#include "relink/plugin/relink_pass_plugin.h"

namespace relink {

// A pass as its plugin registered it.
struct PluginPassEntry {
  relink_pass pass;  // Its text is not there any more; it is in:
  absl::string_view name;
  absl::string_view help;
  std::vector<PassOption> options;
};

struct PluginAnalysisEntry {
  relink_analysis analysis;  // As above.
  AnalysisKey key;           // Has its name.
  absl::string_view help;
};

// A plugin's passes and analyses. Kept by whatever came from it, so that its
// library stays for as long as its code may be called.
struct Plugin {
  std::shared_ptr<const void> library;  // Destroyed last.
  const relink_host* host = nullptr;    // What its callbacks are given.
  std::string name;
  std::string version;
  std::deque<PluginPassEntry> passes;
  std::deque<PluginAnalysisEntry> analyses;
  // Analyses of others, which its passes can have as text and preserve.
  std::vector<AnalysisRow> others;
  std::deque<std::string> texts;  // What the views above refer to.

  absl::string_view Keep(absl::string_view text) {
    return texts.emplace_back(text);
  }
  const PluginAnalysisEntry* FindAnalysis(absl::string_view analysis) const {
    for (const PluginAnalysisEntry& entry : analyses) {
      if (entry.key.name == analysis) return &entry;
    }
    return nullptr;
  }
};

}  // namespace relink

#endif  // RELINK_PLUGIN_PLUGIN_H_
