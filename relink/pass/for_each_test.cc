// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/pass/for_each.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace relink {
namespace {

enum class Literacy : uint8_t { kNone, kLetters, kWords };
absl::string_view Name(Literacy literacy) {
  return literacy == Literacy::kNone      ? "unread"
         : literacy == Literacy::kLetters ? "spelled"
                                          : "read";
}

struct Line {
  std::string letters;
  bool secret = false;  // Can be spelled, not read.
  int spelled = 0;
};
struct Page {
  std::vector<Line> lines;
};

struct LineUnit {
  Line& line;
  std::string label;
  absl::string_view name() const { return label; }
  absl::StatusOr<CapabilityLevel> Provide(CapabilityLevel needed) {
    if (line.letters.empty()) return absl::InvalidArgumentError("empty");
    ++line.spelled;
    const Literacy reached =
        line.secret ? Literacy::kLetters : Literacy(needed.level);
    return CapabilityLevel{static_cast<uint8_t>(reached), Name(reached)};
  }
};

struct Lines {
  static constexpr absl::string_view kName = "line";
  using Whole = Page;
  using Part = LineUnit;
  template <typename Run>
  static absl::Status ForEachPart(Page& page, AnalysisManager<Page>&, Run run) {
    for (size_t i = 0; i < page.lines.size(); ++i) {
      LineUnit unit = {page.lines[i], absl::StrCat("line ", i)};
      if (absl::Status status = run(unit); !status.ok()) return status;
    }
    return absl::OkStatus();
  }
};

struct Append {
  static constexpr absl::string_view kName = "append";
  std::string letters;
  absl::StatusOr<PreservedAnalyses> Run(LineUnit& unit,
                                        AnalysisManager<LineUnit>&) const {
    if (unit.line.letters == "x") return absl::OutOfRangeError("no room");
    unit.line.letters += letters;
    return PreservedAnalyses::None();
  }
};

// Needs words.
struct Shout : Append {
  static constexpr absl::string_view kName = "shout";
  static constexpr Literacy kLeastCapability = Literacy::kWords;
};

// Counts letters of the whole page.
struct Letters {
  static constexpr absl::string_view kName = "letters";
  using Result = size_t;
  absl::StatusOr<size_t> Run(const Page& page, AnalysisManager<Page>&) {
    size_t count = 0;
    for (const Line& line : page.lines) count += line.letters.size();
    return count;
  }
};

// Appends how many letters the page has by then.
struct AppendCount {
  static constexpr absl::string_view kName = "append-count";
  AnalysisManager<Page>* analyses;
  const Page* page;
  absl::StatusOr<PreservedAnalyses> Run(LineUnit& unit,
                                        AnalysisManager<LineUnit>&) const {
    const auto count = analyses->Get<Letters>(*page);
    if (!count.ok()) return count.status();
    absl::StrAppend(&unit.line.letters, **count);
    return PreservedAnalyses::None();
  }
};

template <typename... Passes>
PassManager<Page> ForEachLine(Passes... passes) {
  PassManager<LineUnit> inner;
  (inner.Add(std::move(passes)), ...);
  PassManager<Page> outer;
  outer.Add(ForEach<Lines>(std::move(inner)));
  return outer;
}

std::vector<std::string> TextOf(const Page& page) {
  std::vector<std::string> text;
  for (const Line& line : page.lines) text.push_back(line.letters);
  return text;
}

TEST(ForEach, RunsItsPassesOverEveryPart) {
  Page page = {{{"a"}, {"b"}}};
  AnalysisManager<Page> analyses;
  const auto passes = ForEachLine(Append{"1"}, Append{"2"});
  ASSERT_TRUE(passes.Run(page, analyses).ok());
  EXPECT_EQ(TextOf(page), (std::vector<std::string>{"a12", "b12"}));
}

TEST(ForEach, NamesThePartInAnErrorAndStops) {
  Page page = {{{"a"}, {"x"}, {"b"}}};
  AnalysisManager<Page> analyses;
  const auto passes = ForEachLine(Append{"1"});
  EXPECT_EQ(passes.Run(page, analyses).status(),
            absl::OutOfRangeError("line 1: pass append: no room"));
  EXPECT_EQ(TextOf(page), (std::vector<std::string>{"a1", "x", "b"}));
}

TEST(ForEach, DropsAnalysesOfTheWholeAtOnce) {
  Page page = {{{"a"}, {"b"}}};
  AnalysisManager<Page> analyses;
  const auto passes = ForEachLine(AppendCount{&analyses, &page});
  ASSERT_TRUE(passes.Run(page, analyses).ok());
  EXPECT_EQ(TextOf(page), (std::vector<std::string>{"a2", "b3"}));
}

TEST(ForEach, SkipsAPassThatNeedsMoreThanIsKnown) {
  Page page = {{{.letters = "a"}, {.letters = "b", .secret = true}}};
  PassContext context;
  CollectedRemarks remarks;
  context.set_remarks(&remarks);
  AnalysisManager<Page> analyses(context);
  const auto passes = ForEachLine(Shout{{"!"}}, Append{"1"});
  ASSERT_TRUE(passes.Run(page, analyses).ok());
  EXPECT_EQ(TextOf(page), (std::vector<std::string>{"a!1", "b1"}));
  ASSERT_EQ(remarks.remarks().size(), 1);
  EXPECT_EQ(remarks.remarks()[0].pass, "shout");
  EXPECT_EQ(remarks.remarks()[0].kind, RemarkKind::kRefused);
  EXPECT_EQ(remarks.remarks()[0].module, "line 1");
  EXPECT_EQ(remarks.remarks()[0].message, "is spelled, must be read at least");
}

TEST(ForEach, AsksForNoMoreThanPassesNeed) {
  Page page = {{{"a"}}};
  AnalysisManager<Page> analyses;
  ASSERT_TRUE(ForEachLine(Append{"1"}).Run(page, analyses).ok());
  EXPECT_EQ(page.lines[0].spelled, 0);
}

TEST(ForEach, FailsIfLearningMoreOfAPartFails) {
  Page page = {{{""}}};
  AnalysisManager<Page> analyses;
  EXPECT_EQ(ForEachLine(Shout{{"!"}}).Run(page, analyses).status(),
            absl::InvalidArgumentError("line 0: pass shout: empty"));
}

TEST(ForEach, TellsTheObserverOfTheWholeThatItIsAnAdaptor) {
  struct Log : PassObserver<Page> {
    std::vector<std::string> lines;
    bool ShouldRun(absl::string_view name, const Page&) override {
      lines.push_back(absl::StrCat("should ", name));
      return true;
    }
    void EnterAdaptor(absl::string_view name, const Page&) override {
      lines.push_back(absl::StrCat("enter ", name));
    }
    void LeaveAdaptor(absl::string_view name, const Page&) override {
      lines.push_back(absl::StrCat("leave ", name));
    }
  };
  struct PartLog : PassObserver<LineUnit> {
    std::vector<std::string>* lines = nullptr;
    bool ShouldRun(absl::string_view name, const LineUnit& unit) override {
      lines->push_back(absl::StrCat(name, " of ", unit.label));
      return unit.label != "line 0";
    }
  };
  Log log;
  PartLog part_log;
  part_log.lines = &log.lines;
  PassContext context;
  context.set_observer<Page>(&log);
  context.set_observer<LineUnit>(&part_log);
  AnalysisManager<Page> analyses(context);
  Page page = {{{"a"}, {"b"}}};
  ASSERT_TRUE(ForEachLine(Append{"1"}).Run(page, analyses).ok());
  EXPECT_EQ(log.lines,
            (std::vector<std::string>{"enter line", "append of line 0",
                                      "append of line 1", "leave line"}));
  EXPECT_EQ(TextOf(page), (std::vector<std::string>{"a", "b1"}));
}

}  // namespace
}  // namespace relink
