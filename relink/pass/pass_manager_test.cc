// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/pass/pass_manager.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace relink {
namespace {

// The unit of these tests counts how often it was measured.
struct Text {
  std::string letters;
  mutable int measured = 0;
};
using Analyses = AnalysisManager<Text>;
using Preserved = absl::StatusOr<PreservedAnalyses>;

struct Length {
  static constexpr absl::string_view kName = "length";
  using Result = size_t;
  absl::StatusOr<size_t> Run(const Text& text, Analyses& /*analyses*/) {
    ++text.measured;
    return text.letters.size();
  }
};

// A pass with an option.
struct Append {
  static constexpr absl::string_view kName = "append";
  std::string letters;
  Preserved Run(Text& text, Analyses& /*analyses*/) const {
    text.letters += letters;
    return PreservedAnalyses::None();
  }
};

struct Capitalize {
  static constexpr absl::string_view kName = "capitalize";
  Preserved Run(Text& text, Analyses& /*analyses*/) const {
    if (!text.letters.empty()) text.letters[0] = 'A';
    return PreservedAnalyses::None().Preserve<Length>();
  }
};

// Appends the length.
struct AppendLength {
  static constexpr absl::string_view kName = "append-length";
  Preserved Run(Text& text, Analyses& analyses) const {
    const auto length = analyses.Get<Length>(text);
    if (!length.ok()) return length.status();
    text.letters += std::to_string(**length);
    return PreservedAnalyses::None();
  }
};

struct Measure {
  static constexpr absl::string_view kName = "measure";
  Preserved Run(Text& text, Analyses& analyses) const {
    const auto length = analyses.Get<Length>(text);
    if (!length.ok()) return length.status();
    return PreservedAnalyses::All();
  }
};

struct Fail {
  static constexpr absl::string_view kName = "fail";
  Preserved Run(Text& text, Analyses& /*analyses*/) const {
    text.letters = "half done";
    return absl::OutOfRangeError("too far");
  }
};

struct MoveOnly {
  static constexpr absl::string_view kName = "move-only";
  std::unique_ptr<int> option;
  Preserved Run(Text& /*text*/, Analyses& /*analyses*/) const {
    return PreservedAnalyses::All();
  }
};

struct Nameless {
  Preserved Run(Text& text, Analyses& analyses) const;
};

static_assert(PassFor<Append, Text>);
static_assert(PassFor<MoveOnly, Text>);
static_assert(!PassFor<Append, std::string>, "a pass of another unit");
static_assert(!PassFor<Nameless, Text>);

struct Log : PassObserver<Text> {
  std::vector<std::string> lines;
  void BeforePass(absl::string_view name, const Text& text) override {
    lines.push_back(absl::StrCat("before ", name, " ", text.letters));
  }
  void AfterPass(absl::string_view name, const Text& text,
                 const PreservedAnalyses& preserved) override {
    lines.push_back(
        absl::StrCat("after ", name, " ", text.letters,
                     preserved.Preserves<Length>() ? " same length" : ""));
  }
};

TEST(PassManager, RunsPassesInOrder) {
  PassManager<Text> passes;
  passes.Add(Append{"b"});
  passes.Add(MoveOnly());
  passes.Add(Append{"c"});
  passes.Add(Capitalize());
  Text text;
  Analyses analyses;
  ASSERT_TRUE(passes.Run(text, analyses).ok());
  EXPECT_EQ(text.letters, "Ac");
}

TEST(PassManager, WithoutPassesPreservesEverything) {
  const PassManager<Text> passes;
  Text text;
  Analyses analyses;
  const auto preserved = passes.Run(text, analyses);
  ASSERT_TRUE(preserved.ok());
  EXPECT_TRUE(preserved->Preserves<Length>());
}

TEST(PassManager, InvalidatesWhatAPassDoesNotPreserve) {
  PassManager<Text> passes;
  passes.Add(AppendLength());
  passes.Add(AppendLength());
  Text text = {"xyz"};
  Analyses analyses;
  const auto preserved = passes.Run(text, analyses);
  ASSERT_TRUE(preserved.ok());
  EXPECT_EQ(text.letters, "xyz34");
  EXPECT_FALSE(preserved->Preserves<Length>());
}

TEST(PassManager, KeepsWhatPassesPreserve) {
  PassManager<Text> passes;
  passes.Add(Measure());
  passes.Add(Capitalize());
  passes.Add(Measure());
  Text text = {"xyz"};
  Analyses analyses;
  const auto preserved = passes.Run(text, analyses);
  ASSERT_TRUE(preserved.ok());
  EXPECT_TRUE(preserved->Preserves<Length>());
  EXPECT_EQ(text.measured, 1);
}

TEST(PassManager, StopsAtThePassThatFailsAndNamesIt) {
  PassManager<Text> passes;
  passes.Add(Measure());
  passes.Add(Fail());
  passes.Add(Append{"never"});
  Text text = {"xyz"};
  Analyses analyses;
  EXPECT_EQ(passes.Run(text, analyses).status(),
            absl::OutOfRangeError("pass fail: too far"));
  EXPECT_EQ(text.letters, "half done");
  const auto length = analyses.Get<Length>(text);
  ASSERT_TRUE(length.ok());
  EXPECT_EQ(**length, text.letters.size());
}

TEST(PassManager, TellsItsObserverOfEveryPassThatSucceeds) {
  PassManager<Text> passes;
  passes.Add(Append{"b"});
  passes.Add(Capitalize());
  passes.Add(Fail());
  Log log;
  passes.set_observer(&log);
  Text text;
  Analyses analyses;
  EXPECT_FALSE(passes.Run(text, analyses).ok());
  EXPECT_EQ(log.lines,
            (std::vector<std::string>{
                "before append ", "after append b", "before capitalize b",
                "after capitalize A same length", "before fail A"}));
}

TEST(PassManager, ServesUnitsInTurn) {
  PassManager<Text> passes;
  passes.Add(AppendLength());
  Analyses analyses;
  Text one = {"x"}, two = {"xx"};
  ASSERT_TRUE(passes.Run(one, analyses).ok());
  ASSERT_TRUE(passes.Run(two, analyses).ok());
  EXPECT_EQ(one.letters, "x1");
  EXPECT_EQ(two.letters, "xx2");
}

}  // namespace
}  // namespace relink
