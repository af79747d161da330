// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/graph/apply_profile.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "passes/graph/merge_calls.h"
#include "passes/graph/merge_samples.h"
#include "passes/graph/profiled_places.h"
#include "passes/graph/split_functions.h"
#include "profiles/byte_stream.h"
#include "profiles/file_source.h"
#include "profiles/formats.h"
#include "relink/pass/remark.h"
#include "relink/scan/wanted_functions.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

using profiles::EdgeKind;
using profiles::Profile;

// Stacks without frame pointers break off at once. Less calls than this part of
// the samples say nothing about the others.
constexpr double kFewCalls = 0.25;

// To read a module's tables takes about as long as to move so many functions.
constexpr double kOpening = 50;

absl::StatusOr<Profile> Read(const std::string& path) {
  ASSIGN_OR_RETURN(auto source, profiles::OpenFile(path));
  return profiles::ReadProfile(profiles::ByteStream(path, std::move(source)));
}

class Applier {
 public:
  Applier(LinkGraph& graph, const Profile& profile,
          AnalysisManager<LinkGraph>& analyses)
      : graph_(graph),
        profile_(profile),
        analyses_(analyses),
        places_(graph, profile),
        counts_(profile.modules().size()) {
    for (uint32_t i = 0; i < profile.place_count(); ++i) {
      const profiles::PlaceId id(i);
      if (profile.count(id).weight == 0) continue;
      counts_[profile.place(id).module.index()].push_back(id);
    }
  }

  void Apply(const ApplyProfile& options) {
    const double here = PartHere();
    if (here < options.least) {
      return Note("", absl::StrFormat("only %.1f%% of it is of files that are "
                                      "here; nothing is done",
                                      100 * here));
    }
    Open(options);
    places_.Index();
    for (uint32_t i = 0; i < profile_.modules().size(); ++i) {
      Weigh(profiles::ModuleId(i));
    }
    // Branches that were taken say more than stacks that were seen.
    if (AddCalls(EdgeKind::kBranch) == 0) {
      const double calls =
          AddCalls(EdgeKind::kCall) + AddCalls(EdgeKind::kOuterCall);
      if (calls < kFewCalls * weight_) {
        graph_.calls.clear();
        Note("",
             "has few calls: each that a function has in its code counts "
             "as often as that runs");
      }
    }
    MergeCalls(graph_.calls);
    MergeSamples(graph_.samples);
  }

 private:
  // How much of the profile is of modules of the graph. What tells nothing of
  // its file is.
  double PartHere() const {
    double all = 0;
    double here = 0;
    for (uint32_t i = 0; i < profile_.modules().size(); ++i) {
      const profiles::ModuleId id(i);
      for (const profiles::PlaceId place : counts_[i]) {
        all += WeightOf(place);
        if (IsHere(id)) here += WeightOf(place);
      }
    }
    return all > 0 ? here / all : 1;
  }

  double WeightOf(profiles::PlaceId id) const {
    return static_cast<double>(profile_.count(id).weight);
  }

  // In this build or another, or about all files.
  bool IsHere(profiles::ModuleId id) const {
    return places_.Find(id).has_value() || places_.OtherBuild(id).has_value() ||
           profile_.module(id) == profiles::ModuleKey();
  }

  void Open(const ApplyProfile& options) {
    std::vector<WantedFunctions> ran(graph_.modules.size());
    std::vector<double> weights(graph_.modules.size());
    std::vector<bool> wanted(graph_.modules.size());
    double all = 0;
    for (uint32_t i = 0; i < profile_.modules().size(); ++i) {
      const profiles::ModuleId id(i);
      const bool any_module = profile_.module(id) == profiles::ModuleKey();
      for (const profiles::PlaceId place_id : counts_[i]) {
        const profiles::Place& place = profile_.place(place_id);
        const auto address = places_.AddressOf(place);
        all += WeightOf(place_id);
        if (address.has_value()) {
          const size_t index = places_.Find(id).index();
          ran[index].places.push_back({*address, WeightOf(place_id)});
          weights[index] += WeightOf(place_id);
        } else if (any_module) {
          wanted.assign(wanted.size(), true);
        } else if (place.kind == profiles::PlaceKind::kSymbol && IsHere(id)) {
          wanted[ModuleOf(id).index()] = true;
        }
      }
    }
    for (uint32_t i = 0; i < graph_.modules.size(); ++i) {
      ran[i].least = options.share * all;
      // Names are found once all functions are there.
      if (wanted[i] || (options.open_all && !ran[i].places.empty())) {
        SplitModule(graph_, ModuleId(i), analyses_);
      } else if (weights[i] < kOpening * ran[i].least) {
        Note(graph_.modules[ModuleId(i)].name(),
             absl::StrFormat("has %.2f%% of the weight: too little to open it",
                             100 * weights[i] / all));
      } else if (!ran[i].places.empty()) {
        std::ranges::sort(ran[i].places, {}, &WantedFunctions::Place::address);
        SplitModuleAt(graph_, ModuleId(i), ran[i], analyses_);
      }
    }
  }

  void Weigh(profiles::ModuleId id) {
    double all = 0;
    double found = 0;
    double pinned = 0;
    for (const profiles::PlaceId place_id : counts_[id.index()]) {
      const double weight = WeightOf(place_id);
      all += weight;
      const auto place = places_.FunctionAt(profile_.place(place_id));
      if (!place.has_value()) continue;
      Section& section = graph_.sections[place->section_id];
      section.weight += weight;
      if (place->offset < section.size) {
        graph_.samples.push_back({place->section_id, place->offset, weight});
      }
      found += weight;
      if (!section.pinned.empty()) pinned += weight;
    }
    weight_ += found;
    if (all > 0) TellMatch(id, all, found, pinned);
  }

  // Of this build or another.
  ModuleId ModuleOf(profiles::ModuleId id) const {
    return places_.Find(id).has_value() ? places_.Find(id)
                                        : places_.OtherBuild(id);
  }

  void TellMatch(profiles::ModuleId id, double all, double found,
                 double pinned) {
    if (!analyses_.remarks().wanted() || !IsHere(id)) return;
    const ModuleId module_id = ModuleOf(id);
    const std::string rate = absl::StrFormat(
        "%.1f%% of its samples are in functions that are known, %.1f%% in such "
        "as may move",
        100 * found / all, 100 * (found - pinned) / all);
    Note(
        module_id.has_value() ? graph_.modules[module_id].name() : "",
        places_.OtherBuild(id).has_value()
            ? absl::StrCat("is another build than the profile's, so only names "
                           "count: ",
                           rate)
            : rate);
  }

  void Note(absl::string_view module, absl::string_view message) {
    if (!analyses_.remarks().wanted()) return;
    analyses_.remarks().Add({.pass = ApplyProfile::kName,
                             .kind = RemarkKind::kNote,
                             .module = module,
                             .message = message});
  }

  // Returns how much of them there was.
  double AddCalls(EdgeKind kind) {
    double sum = 0;
    for (const profiles::CountedEdge& counted : profile_.EdgesOf(kind)) {
      const auto from = places_.FunctionAt(profile_.place(counted.edge.from));
      const auto to = places_.FunctionAt(profile_.place(counted.edge.to));
      if (!from.has_value() || !to.has_value() ||
          from->section_id == to->section_id) {
        continue;
      }
      const auto weight = static_cast<double>(counted.count.weight);
      sum += weight;
      graph_.calls.push_back({from->section_id, to->section_id, weight});
    }
    return sum;
  }

  LinkGraph& graph_;
  const Profile& profile_;
  AnalysisManager<LinkGraph>& analyses_;
  ProfiledPlaces places_;
  std::vector<std::vector<profiles::PlaceId>> counts_;  // By module.
  double weight_ = 0;                                   // Of functions.
};

}  // namespace

absl::StatusOr<ApplyProfile> ApplyProfile::Create(const PassOptions& options) {
  if (options.Text("file").empty()) {
    return options.Refuse("file", "names no profile");
  }
  const double share = options.Real("share");
  if (!(share >= 0 && share <= 1)) {
    return options.Refuse("share", "expected a number from 0 to 1");
  }
  const double least = options.Real("least");
  if (!(least >= 0 && least <= 1)) {
    return options.Refuse("least", "expected a number from 0 to 1");
  }
  absl::StatusOr<Profile> profile = Read(options.Text("file"));
  if (!profile.ok()) return options.Refuse("file", profile.status().message());
  return ApplyProfile{
      .profile = std::make_shared<const Profile>(*std::move(profile)),
      .open_all = options.Choice("open") == "all",
      .share = share,
      .least = least};
}

absl::StatusOr<PreservedAnalyses> ApplyProfile::Run(
    LinkGraph& graph, AnalysisManager<LinkGraph>& analyses) const {
  Applier(graph, *profile, analyses).Apply(*this);
  return PreservedAnalyses::None();
}

}  // namespace relink
