// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/command_line.h"

#include "gtest/gtest.h"

namespace relink::tools {
namespace {

using Words = std::vector<absl::string_view>;

constexpr Option kOptions[] = {
    {.name = "json", .help = "print JSON"},
    {.name = "passes", .value = "PIPELINE", .help = "run these"},
    {.name = "set", .value = "NAME", .help = "set it", .repeated = true},
};
constexpr Syntax kSyntax = {
    .description = "Does something to files.",
    .options = kOptions,
    .operands = {.usage = "FILE...", .min = 1, .max = Operands::kAny},
};

std::string ErrorOf(const Syntax& syntax, const Words& args) {
  auto parsed = ParseCommandLine(syntax, args);
  if (parsed.ok()) return "ok";
  EXPECT_TRUE(IsUsageError(parsed.status()));
  return std::string(parsed.status().message());
}

TEST(ParseCommandLine, TakesOptionsAndOperandsInAnyOrder) {
  const Words args = {"a", "--json", "--passes=x,y", "b", "-"};
  auto parsed = ParseCommandLine(kSyntax, args);
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_TRUE(parsed->Has("json"));
  EXPECT_EQ(parsed->Value("passes"), "x,y");
  EXPECT_EQ(parsed->Value("set", "none"), "none");
  EXPECT_EQ(Words(parsed->operands().begin(), parsed->operands().end()),
            (Words{"a", "b", "-"}));
}

TEST(ParseCommandLine, TakesAValueAsTheNextWord) {
  const Words args = {"--passes", "--json", "a"};
  auto parsed = ParseCommandLine(kSyntax, args);
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->Value("passes"), "--json");
  EXPECT_FALSE(parsed->Has("json"));
}

TEST(ParseCommandLine, TakesALetterForAnOption) {
  constexpr Option kLettered[] = {
      {.name = "output", .value = "FILE", .help = "there", .letter = 'o'}};
  const Syntax syntax = {
      .description = "", .options = kLettered, .operands = {}};
  const Words args = {"-o", "a"};
  auto parsed = ParseCommandLine(syntax, args);
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->Value("output"), "a");
  EXPECT_EQ(ErrorOf(syntax, {"-o", "a", "--output=b"}),
            "option --output given twice");
  EXPECT_EQ(ErrorOf(syntax, {"-p"}), "unknown option -p");
}

TEST(ParseCommandLine, CollectsRepeatedOptions) {
  const Words args = {"--set=a", "f", "--set", "b", "--set="};
  auto parsed = ParseCommandLine(kSyntax, args);
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->Values("set"), (Words{"a", "b", ""}));
}

TEST(ParseCommandLine, TakesEverythingAfterTwoDashesAsOperands) {
  const Words args = {"--", "--json", "--"};
  auto parsed = ParseCommandLine(kSyntax, args);
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_FALSE(parsed->Has("json"));
  EXPECT_EQ(parsed->operands().size(), 2u);
}

TEST(ParseCommandLine, LeavesAProgramItsOwnOptions) {
  Syntax syntax = kSyntax;
  syntax.operands.end_options = true;
  const Words args = {"--json", "program", "--help", "--set"};
  auto parsed = ParseCommandLine(syntax, args);
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_FALSE(parsed->help());
  EXPECT_EQ(parsed->operands().size(), 3u);
}

TEST(ParseCommandLine, StopsAtHelp) {
  const Words args = {"--help", "--bogus"};
  auto parsed = ParseCommandLine(kSyntax, args);
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_TRUE(parsed->help());
}

TEST(ParseCommandLine, SaysPreciselyWhatIsWrong) {
  EXPECT_EQ(ErrorOf(kSyntax, {"--jsn", "a"}),
            "unknown option --jsn; did you mean --json?");
  EXPECT_EQ(ErrorOf(kSyntax, {"--jsn=1", "a"}),
            "unknown option --jsn; did you mean --json?");
  EXPECT_EQ(ErrorOf(kSyntax, {"-x"}), "unknown option -x");
  EXPECT_EQ(ErrorOf(kSyntax, {"-json"}),
            "unknown option -json; did you mean --json?");
  EXPECT_EQ(ErrorOf(kSyntax, {"--json=1"}), "option --json takes no value");
  EXPECT_EQ(ErrorOf(kSyntax, {"a", "--passes"}),
            "option --passes needs a value: --passes=PIPELINE");
  EXPECT_EQ(ErrorOf(kSyntax, {"--json", "a", "--json"}),
            "option --json given twice");
  EXPECT_EQ(ErrorOf(kSyntax, {}), "no FILE... given");
}

TEST(ParseCommandLine, CountsOperands) {
  Syntax syntax = kSyntax;
  syntax.operands = {.usage = "OLD NEW", .min = 2, .max = 2};
  EXPECT_EQ(ErrorOf(syntax, {"a"}), "expected OLD NEW");
  EXPECT_EQ(ErrorOf(syntax, {"a", "b"}), "ok");
  EXPECT_EQ(ErrorOf(syntax, {"a", "b", "c"}),
            "too many operands: expected OLD NEW");
  syntax.operands = {};
  EXPECT_EQ(ErrorOf(syntax, {"a"}), "takes no operands");
}

TEST(UsageText, IsMadeFromTheDeclaration) {
  EXPECT_EQ(UsageText("frob", kSyntax),
            "usage: relink frob [OPTION]... FILE...\n"
            "\n"
            "Does something to files.\n"
            "\n"
            "  --json             print JSON\n"
            "  --passes=PIPELINE  run these\n"
            "  --set=NAME         set it (may be repeated)\n"
            "  --help             print this text\n");
}

TEST(UsageError, IsToldFromOtherErrors) {
  EXPECT_TRUE(IsUsageError(UsageError("x")));
  EXPECT_FALSE(IsUsageError(absl::InvalidArgumentError("x")));
  EXPECT_FALSE(IsUsageError(absl::OkStatus()));
}

}  // namespace
}  // namespace relink::tools
