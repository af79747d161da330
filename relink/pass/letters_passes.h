// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASS_LETTERS_PASSES_H_
#define RELINK_PASS_LETTERS_PASSES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "relink/pass/analysis_manager.h"
#include "relink/pass/any_pass.h"
#include "relink/pass/pass_option.h"
#include "relink/pass/pass_options.h"
#include "relink/pass/pass_registry.h"
#include "relink/pass/preserved_analyses.h"

// Units and passes for tests of the framework: a page has lines, and becomes a
// print.
namespace relink::letters {

struct Page {
  std::vector<std::string> lines;
};
struct Print {
  std::string ink;
};
struct Line {
  std::string& letters;
  std::string label;  // "line 0"
  absl::string_view name() const { return label; }
};

struct Lines {
  static constexpr absl::string_view kName = "line";
  using Whole = Page;
  using Part = Line;
  template <typename Run>
  static absl::Status ForEachPart(Page& page, AnalysisManager<Page>&, Run run) {
    for (size_t i = 0; i < page.lines.size(); ++i) {
      Line line = {page.lines[i], absl::StrCat("line ", i)};
      if (absl::Status status = run(line); !status.ok()) return status;
    }
    return absl::OkStatus();
  }
};

// Adds a line.
struct AddLine {
  static constexpr absl::string_view kName = "add-line";
  static constexpr absl::string_view kHelp = "add a line";
  static constexpr PassOption kOptions[] = {
      {"letters", OptionType::kText, "new", "what is in it"},
      {"times", OptionType::kInteger, "1", "how often"},
  };
  std::string letters;
  int64_t times = 1;

  static absl::StatusOr<AddLine> Create(const PassOptions& options) {
    AddLine pass = {options.Text("letters"), options.Integer("times")};
    if (pass.times < 0) return options.Refuse("times", "is less than none");
    if (pass.letters == "missing") return absl::NotFoundError("no such text");
    return pass;
  }
  absl::StatusOr<PreservedAnalyses> Run(Page& page,
                                        AnalysisManager<Page>&) const {
    for (int64_t i = 0; i < times; ++i) page.lines.push_back(letters);
    return PreservedAnalyses::None();
  }
};

// Appends "." to one line.
struct Dot {
  static constexpr absl::string_view kName = "dot";
  static constexpr absl::string_view kHelp = "end a line with a dot";
  absl::StatusOr<PreservedAnalyses> Run(Line& line,
                                        AnalysisManager<Line>&) const {
    line.letters += '.';
    return PreservedAnalyses::None();
  }
};

struct Blot {
  static constexpr absl::string_view kName = "blot";
  static constexpr absl::string_view kHelp = "spill ink";
  absl::StatusOr<PreservedAnalyses> Run(Print& print,
                                        AnalysisManager<Print>&) const {
    print.ink += '*';
    return PreservedAnalyses::None();
  }
};

struct LineCount {
  static constexpr absl::string_view kName = "line-count";
  static constexpr absl::string_view kHelp = "how many lines there are";
  using Result = size_t;
  absl::StatusOr<size_t> Run(const Page& page, AnalysisManager<Page>&) {
    if (page.lines.empty()) return absl::OutOfRangeError("no lines");
    return page.lines.size();
  }
  static std::string Print(size_t count) {
    return absl::StrCat(count, " lines");
  }
};

inline PassRegistry Registry() {
  PassRegistry registry;
  registry.AddUnit<Page>("page");
  registry.AddParts<Lines>();
  registry.AddUnit<Print>("print");
  registry.Add<Page, AddLine>();
  registry.Add<Line, Dot>();
  registry.Add<letters::Print, Blot>();
  registry.AddAnalysis<Page, LineCount>();
  return registry;
}

}  // namespace relink::letters

#endif  // RELINK_PASS_LETTERS_PASSES_H_
