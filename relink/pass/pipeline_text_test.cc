// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/pass/pipeline_text.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace relink {
namespace {

std::string Reprinted(absl::string_view text) {
  const auto passes = ParsePipelineText(text);
  return passes.ok() ? PrintPipeline(*passes)
                     : std::string(passes.status().message());
}

TEST(PipelineText, IsPrintedAsItWasWritten) {
  for (const char* text : {
           "",
           "place",
           "split-functions,order<algorithm=cdsort>,pack-hot<page=2M>,place",
           "order<algorithm=cdsort,seed=3,reverse>",
           "module(split,icf<safe>),place",
           "module()",
           "module<first>(a(b))",
           "gc<roots=[main,_ZN1aC2Ev]>",
           "gc<roots=[]>",
           R"(order<file="a, b">)",
           R"(order<file="\"\\">)",
           R"(order<file="">)",
           "order<file=/tmp/x=y:z+1>",
       }) {
    EXPECT_EQ(Reprinted(text), text);
  }
}

TEST(PipelineText, LosesWhiteSpaceAndNeedlessQuotes) {
  EXPECT_EQ(Reprinted(" a ,\n b < c = \"1\" , d > ( e ) , f<g=[ 1 , 2 ]> "),
            "a,b<c=1,d>(e),f<g=[1,2]>");
  EXPECT_EQ(Reprinted("a<>"), "a");
}

TEST(PipelineText, SaysWhereThingsStand) {
  const auto passes = ParsePipelineText("a, order<x=[1, 2]>(b)");
  ASSERT_TRUE(passes.ok());
  ASSERT_EQ(passes->size(), 2);
  const PassText& order = (*passes)[1];
  EXPECT_EQ(order.span.begin, 3);
  EXPECT_EQ(order.span.size, 5);
  ASSERT_EQ(order.options.size(), 1);
  EXPECT_EQ(order.options[0].name_span.begin, 9);
  EXPECT_EQ(order.options[0].value_span.begin, 11);
  EXPECT_EQ(order.options[0].value_span.size, 6);
  EXPECT_EQ(order.options[0].values, (std::vector<std::string>{"1", "2"}));
  ASSERT_EQ(order.passes.size(), 1);
  EXPECT_EQ(order.passes[0].name, "b");
}

TEST(PipelineText, RefusesWhatIsNone) {
  EXPECT_EQ(Reprinted("a,,b"),
            "line 1, column 3: expected the name of a pass\n"
            "  a,,b\n"
            "    ^");
  EXPECT_EQ(Reprinted("a,"),
            "line 1, column 3: expected the name of a pass, not the end\n"
            "  a,\n"
            "    ^");
  EXPECT_EQ(Reprinted("a b"),
            "line 1, column 3: expected ',' or the end\n"
            "  a b\n"
            "    ^");
  EXPECT_EQ(Reprinted("a)"),
            "line 1, column 2: expected ',' or the end\n"
            "  a)\n"
            "   ^");
  EXPECT_EQ(Reprinted("m(a"),
            "line 1, column 4: expected ',' or ')', not the end\n"
            "  m(a\n"
            "     ^");
  EXPECT_EQ(Reprinted("order<=1>"),
            "line 1, column 7: expected the name of an option\n"
            "  order<=1>\n"
            "        ^");
  EXPECT_EQ(Reprinted("order<seed=>"),
            "line 1, column 12: expected a value\n"
            "  order<seed=>\n"
            "             ^");
  EXPECT_EQ(Reprinted("order<seed=1"),
            "line 1, column 13: expected ',' or '>', not the end\n"
            "  order<seed=1\n"
            "              ^");
  EXPECT_EQ(Reprinted("gc<roots=[a>"),
            "line 1, column 12: expected ',' or ']'\n"
            "  gc<roots=[a>\n"
            "             ^");
  EXPECT_EQ(Reprinted("gc<roots=[,a]>"),
            "line 1, column 11: expected a value or ']'\n"
            "  gc<roots=[,a]>\n"
            "            ^");
  EXPECT_EQ(Reprinted("a<f=\"b>"),
            "line 1, column 5: the quote does not end\n"
            "  a<f=\"b>\n"
            "      ^");
  EXPECT_EQ(Reprinted(R"(a<f="\n">)"),
            "line 1, column 6: expected \\\" or \\\\\n"
            "  a<f=\"\\n\">\n"
            "       ^~");
}

TEST(PipelineText, RefusesToNestWithoutEnd) {
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += "m(";
  EXPECT_NE(Reprinted(deep).find("column 34: too deep\n"), std::string::npos);
}

TEST(PipelineError, MarksItsPlaceInTheRightLine) {
  EXPECT_EQ(PipelineError("a,\n  ordr,\nb", {5, 4}, "unknown").message(),
            "line 2, column 3: unknown\n"
            "    ordr,\n"
            "    ^~~~");
}

TEST(PipelineError, ShowsAPartOfALongLine) {
  const std::string text =
      std::string(1000, 'x') + "!" + std::string(1000, 'y');
  EXPECT_EQ(
      PipelineError(text, {1000, 1}, "bad").message(),
      absl::StrCat("line 1, column 1001: bad\n  ", std::string(60, 'x'), "!",
                   std::string(59, 'y'), "\n  ", std::string(60, ' '), "^"));
}

TEST(PipelineError, KeepsToTheText) {
  EXPECT_EQ(PipelineError("", {7, 9}, "bad").message(),
            "line 1, column 1: bad\n  \n  ^");
  EXPECT_EQ(PipelineError("a\x1b[b", {3, 100}, "bad").message(),
            "line 1, column 4: bad\n  a [b\n     ^");
}

}  // namespace
}  // namespace relink
