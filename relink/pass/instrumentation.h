// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASS_INSTRUMENTATION_H_
#define RELINK_PASS_INSTRUMENTATION_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "relink/pass/instrumentation_options.h"
#include "relink/pass/pass_context.h"
#include "relink/pass/pass_observer.h"
#include "relink/pass/pass_times.h"
#include "relink/pass/preserved_analyses.h"
#include "relink/support/status.h"

namespace relink {

// What can be done with a unit besides running passes over it. What is empty is
// not done.
template <typename Unit>
struct UnitFunctions {
  std::function<std::string(const Unit&)> print;
  std::function<absl::Status(const Unit&)> verify;
};

// Watches passes as its options say. Numbers and times go on from one run to
// the next. Not thread-safe.
class PassInstrumentation {
 public:
  // `out`, where everything is printed, must outlive the instrumentation.
  PassInstrumentation(PassInstrumentationOptions options, std::ostream& out)
      : options_(std::move(options)), out_(out) {}
  PassInstrumentation(const PassInstrumentation&) = delete;
  PassInstrumentation& operator=(const PassInstrumentation&) = delete;

  // Watches the passes over `Unit` of runs with `context`, which this must
  // outlive.
  template <typename Unit>
  void Watch(PassContext& context, UnitFunctions<Unit> functions = {}) {
    auto watcher = std::make_shared<Watcher<Unit>>(*this, std::move(functions));
    context.set_observer<Unit>(watcher.get());
    watchers_.push_back(std::move(watcher));
  }

  // For the progress: how many passes will run, those over parts as one.
  void set_pass_count(size_t count) { pass_count_ = count; }

  // stop_after was reached: everything else is skipped.
  bool stopped() const { return stopped_; }

  const PassTimes& times() const { return times_; }

  // Prints the times, if they are asked for.
  void Finish();

 private:
  template <typename Unit>
  class Watcher;

  // `where` is "", or " on NAME" for a part.
  bool ShouldRun(absl::string_view pass, absl::string_view where);
  void Skipped(absl::string_view pass);
  void Begin(absl::string_view pass);
  void End(absl::string_view pass, absl::string_view where);
  // Those of an adaptor.
  void Enter(absl::string_view pass);
  void Leave(absl::string_view pass);
  void Progress(absl::string_view pass);
  void PrintUnit(absl::string_view when, absl::string_view pass,
                 absl::string_view where, absl::string_view text);
  void PrintChange(absl::string_view pass, absl::string_view where,
                   absl::string_view before, absl::string_view after);

  const PassInstrumentationOptions options_;
  std::ostream& out_;
  std::vector<std::shared_ptr<void>> watchers_;
  PassTimes times_;
  int64_t bisect_number_ = 0;
  bool stopped_ = false;
  // In an adaptor, the part on which stop_after was reached: what is behind it
  // is skipped there, and the next part comes.
  std::string stopped_where_;
  size_t pass_count_ = 0;
  size_t pass_index_ = 0;
  size_t depth_ = 0;  // How many passes are running, each in the one before.
};

template <typename Unit>
class PassInstrumentation::Watcher final : public PassObserver<Unit> {
 public:
  Watcher(PassInstrumentation& owner, UnitFunctions<Unit> functions)
      : owner_(owner), functions_(std::move(functions)) {}

  bool ShouldRun(absl::string_view pass, const Unit& unit) override {
    return owner_.ShouldRun(pass, Where(unit));
  }
  void SkippedPass(absl::string_view pass, const Unit& /*unit*/) override {
    owner_.Skipped(pass);
  }

  void BeforePass(absl::string_view pass, const Unit& unit) override {
    if (functions_.print) {
      const bool print = owner_.options_.print_before.Has(pass);
      std::string text;
      if (print || owner_.options_.print_changed) {
        text = functions_.print(unit);
      }
      if (print) owner_.PrintUnit("before", pass, Where(unit), text);
      if (owner_.options_.print_changed) before_ = std::move(text);
    }
    owner_.Begin(pass);
  }

  void AfterPass(absl::string_view pass, const Unit& unit,
                 const PreservedAnalyses& /*preserved*/) override {
    owner_.End(pass, Where(unit));
    if (!functions_.print) return;
    const bool print = owner_.options_.print_after.Has(pass);
    if (!print && !owner_.options_.print_changed) return;
    const std::string text = functions_.print(unit);
    if (owner_.options_.print_changed) {
      owner_.PrintChange(pass, Where(unit), before_, text);
    }
    if (print) owner_.PrintUnit("after", pass, Where(unit), text);
  }

  void PassFailed(absl::string_view pass, const Unit& unit,
                  const absl::Status& /*error*/) override {
    owner_.End(pass, Where(unit));
  }

  absl::Status CheckAfterPass(absl::string_view /*pass*/,
                              const Unit& unit) override {
    if (!owner_.options_.verify_each || !functions_.verify) {
      return absl::OkStatus();
    }
    return Annotate(functions_.verify(unit), "verifier");
  }

  void EnterAdaptor(absl::string_view pass, const Unit& /*unit*/) override {
    owner_.Enter(pass);
  }
  void LeaveAdaptor(absl::string_view pass, const Unit& /*unit*/) override {
    owner_.Leave(pass);
  }

 private:
  static std::string Where(const Unit& unit) {
    if constexpr (requires { unit.name(); }) {
      return absl::StrCat(" on ", unit.name());
    } else {
      return "";
    }
  }

  PassInstrumentation& owner_;
  const UnitFunctions<Unit> functions_;
  std::string before_;  // The unit's text, if changes are printed.
};

}  // namespace relink

#endif  // RELINK_PASS_INSTRUMENTATION_H_
