// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "profiles/print_profile.h"
#include "tools/relink/profile/profile_print.h"
#include "tools/relink/shown_text.h"

namespace relink::tools {
namespace {

using profiles::Count;
using profiles::FunctionId;
using profiles::ModuleId;
using profiles::ModuleKey;
using profiles::Profile;
using profiles::ProfiledFunction;
using profiles::Unattributed;

class Printer {
 public:
  Printer(const ShownProfile& shown, std::ostream& out)
      : shown_(shown), profile_(shown.profile), out_(out) {
    all_ = profile_.Attributed();
    all_ += profile_.NotAttributed();
  }

  void Print() {
    PrintSources();
    out_ << absl::StreamFormat("%-10s %7s\n", "samples", "weight");
    Line(all_, "all");
    Line(profile_.Attributed(), "in modules");
    for (int i = 0; i < profiles::kUnattributedKinds; ++i) {
      const auto kind = static_cast<Unattributed>(i);
      const Count& count = profile_.unattributed(kind);
      if (count.samples == 0 || kind == Unattributed::kLost) continue;
      Line(count, Name(kind));
    }
    PrintModules();
    PrintFunctions();
    PrintEdges();
  }

 private:
  void PrintSources() {
    for (const auto& [source, count] : profile_.sources()) {
      out_ << "from " << Shown(source.format);
      if (!source.event.empty()) out_ << ": " << Shown(source.event);
      if (source.period != 0) out_ << ", one in " << source.period;
      if (source.frequency != 0) {
        out_ << ", " << source.frequency << " each second";
      }
      out_ << ", " << count.samples << " samples\n";
    }
    const Count& lost = profile_.unattributed(Unattributed::kLost);
    if (lost.samples != 0) {
      out_ << "lost by the recorder: " << lost.samples << '\n';
    }
    out_ << '\n';
  }

  void PrintModules() {
    out_ << "\nmodules\n";
    for (const ModuleId id : ModulesByWeight(profile_)) {
      const ModuleKey& key = profile_.module(id);
      std::string line = Shown(ModuleName(key));
      if (!key.path.empty() && !key.build_id.empty()) {
        absl::StrAppend(&line, "  ", absl::BytesToHexString(key.build_id));
      }
      Line(profile_.TotalOf(id), line);
    }
  }

  void PrintFunctions() {
    const std::vector<FunctionId> sorted = shown_.functions.ByWeight();
    out_ << "\nfunctions\n";
    const size_t count = std::min(shown_.top, sorted.size());
    for (size_t i = 0; i < count; ++i) {
      const ProfiledFunction& function =
          shown_.functions.functions()[sorted[i]];
      const ModuleKey& key = profile_.module(function.module);
      Line(function.count,
           absl::StrCat(
               function.name.empty() ? "(no symbol)" : Shown(function.name),
               "  ", Shown(ModuleName(key))));
    }
    if (count < sorted.size()) {
      out_ << absl::StreamFormat("%20sand %d more\n", "",
                                 sorted.size() - count);
    }
  }

  void PrintEdges() {
    out_ << "\nedges\n";
    for (int i = 0; i < profiles::kEdgeKinds; ++i) {
      const auto kind = static_cast<profiles::EdgeKind>(i);
      Count total;
      const auto edges = profile_.EdgesOf(kind);
      for (const auto& edge : edges) total += edge.count;
      if (edges.empty()) continue;
      out_ << absl::StreamFormat("%10d          %s: %d different\n",
                                 total.samples, Name(kind), edges.size());
    }
  }

  void Line(const Count& count, absl::string_view what) {
    const double share = all_.weight == 0
                             ? 0
                             : 100 * static_cast<double>(count.weight) /
                                   static_cast<double>(all_.weight);
    out_ << absl::StreamFormat("%10d %6.2f%%  %s\n", count.samples, share,
                               what);
  }

  const ShownProfile& shown_;
  const Profile& profile_;
  std::ostream& out_;
  Count all_;
};

}  // namespace

std::vector<ModuleId> ModulesByWeight(const Profile& profile) {
  std::vector<std::pair<Count, ModuleId>> sorted;
  for (uint32_t i = 0; i < profile.modules().size(); ++i) {
    const Count total = profile.TotalOf(ModuleId(i));
    if (total != Count()) sorted.emplace_back(total, ModuleId(i));
  }
  std::sort(sorted.begin(), sorted.end(), [&](const auto& a, const auto& b) {
    if (a.first.weight != b.first.weight) {
      return a.first.weight > b.first.weight;
    }
    return profile.module(a.second) < profile.module(b.second);
  });
  std::vector<ModuleId> modules;
  for (const auto& [count, id] : sorted) modules.push_back(id);
  return modules;
}

void PrintProfileText(const ShownProfile& shown, std::ostream& out) {
  Printer(shown, out).Print();
}

}  // namespace relink::tools
