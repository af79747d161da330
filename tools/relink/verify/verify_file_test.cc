// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/verify/verify_file.h"

#include <string>

#include "gtest/gtest.h"

namespace relink::tools {
namespace {

TEST(Verdict, SurvivesBeingWritten) {
  for (Verdict::Kind kind :
       {Verdict::Kind::kOk, Verdict::Kind::kRefused, Verdict::Kind::kFailed}) {
    const Verdict written = {kind, "two\nlines", {"first", "", "third"}};
    const Verdict read = ParseVerdict(FormatVerdict(written));
    EXPECT_EQ(read.kind, kind);
    EXPECT_EQ(read.summary, "two lines");
    EXPECT_EQ(read.details, written.details);
  }
}

TEST(Verdict, IsAFailureIfItIsNotWhole) {
  const std::string whole = FormatVerdict({Verdict::Kind::kOk, "fine", {}});
  EXPECT_EQ(ParseVerdict(whole).kind, Verdict::Kind::kOk);
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(ParseVerdict(whole.substr(0, size)).kind, Verdict::Kind::kFailed)
        << whole.substr(0, size);
  }
}

TEST(Verdict, IsAFailureIfItIsSomethingElse) {
  EXPECT_EQ(ParseVerdict("a library's own\nwords\n").kind,
            Verdict::Kind::kFailed);
}

}  // namespace
}  // namespace relink::tools
