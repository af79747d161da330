// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASS_PASS_REGISTRY_H_
#define RELINK_PASS_PASS_REGISTRY_H_

#include <any>
#include <cassert>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/pass/analysis_manager.h"
#include "relink/pass/any_pass.h"
#include "relink/pass/capability_level.h"
#include "relink/pass/for_each.h"
#include "relink/pass/pass_context.h"
#include "relink/pass/pass_manager.h"
#include "relink/pass/pass_option.h"
#include "relink/pass/pass_options.h"
#include "relink/pass/preserved_analyses.h"

namespace relink {

// A pass over a unit whose type is known only at run time.
class ErasedPass {
 public:
  template <typename Unit>
  explicit ErasedPass(AnyPass<Unit> pass)
      : unit_(&kUnitKey<Unit>),
        pass_(std::make_shared<AnyPass<Unit>>(std::move(pass))) {}

  const UnitKey* unit() const { return unit_; }

  // Precondition: unit() is that of `Unit`.
  template <typename Unit>
  AnyPass<Unit> Take() && {
    assert(unit_ == &kUnitKey<Unit>);
    return std::move(*static_cast<AnyPass<Unit>*>(pass_.get()));
  }

 private:
  const UnitKey* unit_;
  std::shared_ptr<void> pass_;  // An AnyPass of its unit.
};

// A kind of unit: what passes run over.
struct UnitRow {
  const UnitKey* unit;
  absl::string_view name;  // "graph"
  // For the parts of another unit: which it is, and what makes a pass over it
  // of passes over its parts. A pipeline has them as NAME(PASS,...).
  const UnitKey* whole = nullptr;
  std::function<ErasedPass(std::vector<ErasedPass>)> for_each = {};
};

// A pass that text can name.
struct PassRow {
  absl::string_view name;
  absl::string_view help;  // One line.
  std::span<const PassOption> options;
  const UnitKey* unit;
  CapabilityLevel least_capability;
  std::function<absl::StatusOr<ErasedPass>(const PassOptions& options)> make;
  // Keeps what this row refers to, if it is not there forever.
  std::shared_ptr<const void> owner = nullptr;
};

// What an analysis of `Unit` says, as text.
template <typename Unit>
using ResultText = std::function<absl::StatusOr<std::string>(
    const Unit& unit, AnalysisManager<Unit>& analyses)>;

// An analysis that text can name: require<NAME> is a pass that runs it.
struct AnalysisRow {
  absl::string_view name;
  absl::string_view help;  // One line.
  const UnitKey* unit;
  const AnalysisKey* key;
  std::function<ErasedPass()> make_require;
  std::any text = {};  // A ResultText of its unit, or nothing.
  std::shared_ptr<const void> owner = nullptr;
};

// A pass that does nothing but run an analysis.
template <typename Unit, AnalysisOf<Unit> A>
struct RequireAnalysis {
  static constexpr absl::string_view kName = "require";
  absl::StatusOr<PreservedAnalyses> Run(Unit& unit,
                                        AnalysisManager<Unit>& analyses) const {
    const auto result = analyses.template Get<A>(unit);
    if (!result.ok()) return result.status();
    return PreservedAnalyses::All();
  }
};

// The passes and analyses that a pipeline's text may name. A value: whoever
// makes one says what is in it. Not thread-safe while it is added to.
//
// A registered pass has, besides what PassFor asks for,
//
//   static constexpr absl::string_view kHelp = "one line";
//   // If it has any options:
//   static constexpr PassOption kOptions[] = {...};
//   static absl::StatusOr<GcSections> Create(const PassOptions& options);
//   // If it needs more than that its units are there:
//   static constexpr Capability kLeastCapability = Capability::kSectioned;
class PassRegistry {
 public:
  // Passes over a unit that was added first run first.
  template <typename Unit>
  void AddUnit(absl::string_view name) {
    units_.push_back({&kUnitKey<Unit>, name});
  }

  // `Parts` as ForEach takes it; its `Whole` was added before.
  template <typename Parts>
  void AddParts() {
    using Part = typename Parts::Part;
    units_.push_back({&kUnitKey<Part>, Parts::kName,
                      &kUnitKey<typename Parts::Whole>,
                      [](std::vector<ErasedPass> passes) {
                        PassManager<Part> manager;
                        for (ErasedPass& pass : passes) {
                          manager.Add(std::move(pass).Take<Part>());
                        }
                        return ErasedPass(AnyPass<typename Parts::Whole>(
                            ForEach<Parts>(std::move(manager))));
                      }});
  }

  // A name that is taken is a mistake, which an assertion tells.
  template <typename Unit, PassFor<Unit> P>
  void Add() {
    std::span<const PassOption> options;
    if constexpr (requires { P::kOptions; }) options = P::kOptions;
    AddKnown(PassRow{P::kName, P::kHelp, options, &kUnitKey<Unit>,
                     LeastCapabilityOfType<P>(), Make<Unit, P>});
  }

  template <typename Unit, AnalysisOf<Unit> A>
  void AddAnalysis() {
    AnalysisRow row = {
        A::kName, A::kHelp, &kUnitKey<Unit>, &kAnalysisKey<A>,
        [] { return ErasedPass(AnyPass<Unit>(RequireAnalysis<Unit, A>())); }};
    // For those who have no C++ type of it: `static string Print(Result)`.
    if constexpr (requires(const typename A::Result& r) { A::Print(r); }) {
      row.text = ResultText<Unit>(
          [](const Unit& unit, auto& analyses) -> absl::StatusOr<std::string> {
            const auto result = analyses.template Get<A>(unit);
            if (!result.ok()) return result.status();
            return A::Print(**result);
          });
    }
    AddKnown(std::move(row));
  }

  // All of them or none. AlreadyExists: a name is taken.  InvalidArgument: a
  // name or an option cannot be written, or its unit was not added.
  absl::Status AddRows(std::vector<PassRow> passes,
                       std::vector<AnalysisRow> analyses);

  // In the order in which they were added.
  const std::vector<UnitRow>& units() const { return units_; }
  const std::vector<PassRow>& passes() const { return passes_; }
  const std::vector<AnalysisRow>& analyses() const { return analyses_; }

  // Null if there is none.
  const UnitRow* FindUnit(const UnitKey* unit) const;
  const UnitRow* FindUnit(absl::string_view name) const;
  const PassRow* FindPass(absl::string_view name) const;
  const AnalysisRow* FindAnalysis(absl::string_view name) const;

 private:
  template <typename Unit, typename P>
  static absl::StatusOr<ErasedPass> Make(const PassOptions& options) {
    if constexpr (requires { P::Create(options); }) {
      absl::StatusOr<P> pass = P::Create(options);
      if (!pass.ok()) return pass.status();
      return ErasedPass(AnyPass<Unit>(*std::move(pass)));
    } else {
      return ErasedPass(AnyPass<Unit>(P()));
    }
  }

  void AddKnown(PassRow row);
  void AddKnown(AnalysisRow row);
  absl::Status Check(const PassRow& row) const;
  absl::Status Check(const AnalysisRow& row) const;

  std::vector<UnitRow> units_;
  std::vector<PassRow> passes_;
  std::vector<AnalysisRow> analyses_;
};

}  // namespace relink

#endif  // RELINK_PASS_PASS_REGISTRY_H_
