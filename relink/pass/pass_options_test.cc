// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/pass/pass_options.h"

#include "gtest/gtest.h"
#include "relink/pass/pass_option.h"

namespace relink {
namespace {

constexpr PassOption kOptions[] = {
    {"reverse", OptionType::kFlag, "", "the other way round"},
    {"seed", OptionType::kInteger, "-1", "of the random order"},
    {"page", OptionType::kSize, "2M", "bytes"},
    {"damping", OptionType::kReal, "0.5", "of what is far"},
    {"by", OptionType::kChoice, "c3", "how", "c3|cdsort|ext-tsp"},
    {"file", OptionType::kText, "", "with names"},
    {"roots", OptionType::kList, "[main,_init]", "what is kept"},
};

PassOptions Parsed(absl::string_view text) {
  auto options = PassOptions::Parse(kOptions, text);
  EXPECT_TRUE(options.ok()) << options.status();
  return options.ok() ? *std::move(options) : *PassOptions::Parse(kOptions, "");
}

std::string ErrorOf(absl::string_view text) {
  return std::string(PassOptions::Parse(kOptions, text).status().message());
}

// Without the text and its mark.
std::string FirstLineOfError(absl::string_view text) {
  const std::string error = ErrorOf(text);
  return error.substr(0, error.find('\n'));
}

using Strings = std::vector<std::string>;

TEST(PassOptions, HaveDefaults) {
  const PassOptions options = Parsed("");
  EXPECT_FALSE(options.Flag("reverse"));
  EXPECT_EQ(options.Integer("seed"), -1);
  EXPECT_EQ(options.Size("page"), 2 << 20);
  EXPECT_EQ(options.Real("damping"), 0.5);
  EXPECT_EQ(options.Choice("by"), "c3");
  EXPECT_EQ(options.Text("file"), "");
  EXPECT_EQ(options.List("roots"), (Strings{"main", "_init"}));
  EXPECT_FALSE(options.Given("seed"));
}

TEST(PassOptions, AreRead) {
  const PassOptions options = Parsed(
      "roots=[f],reverse,seed=3,page=64K,damping=1e3,by=cdsort,"
      "file=\"a b\"");
  EXPECT_TRUE(options.Flag("reverse"));
  EXPECT_EQ(options.Integer("seed"), 3);
  EXPECT_EQ(options.Size("page"), 65536);
  EXPECT_EQ(options.Real("damping"), 1000);
  EXPECT_EQ(options.Choice("by"), "cdsort");
  EXPECT_EQ(options.Text("file"), "a b");
  EXPECT_EQ(options.List("roots"), Strings{"f"});
  EXPECT_TRUE(options.Given("seed"));
}

TEST(PassOptions, TakeFlagsWithAValue) {
  EXPECT_TRUE(Parsed("reverse=true").Flag("reverse"));
  EXPECT_FALSE(Parsed("reverse=false").Flag("reverse"));
  EXPECT_EQ(FirstLineOfError("reverse=yes"),
            "line 1, column 14: expected true or false");
}

TEST(PassOptions, TakeIntegersOf64Bits) {
  EXPECT_EQ(Parsed("seed=0x10").Integer("seed"), 16);
  EXPECT_EQ(Parsed("seed=9223372036854775807").Integer("seed"), INT64_MAX);
  EXPECT_EQ(Parsed("seed=-9223372036854775808").Integer("seed"), INT64_MIN);
  for (const char* text :
       {"9223372036854775808", "-9223372036854775809", "1.5", "+1", "--1", "0x",
        "\"\"", "\" 1\"", "1K", "99999999999999999999"}) {
    EXPECT_EQ(FirstLineOfError(std::string("seed=") + text),
              "line 1, column 11: expected an integer of 64 bits");
  }
}

TEST(PassOptions, TakeSizesWithSuffixes) {
  EXPECT_EQ(Parsed("page=4096").Size("page"), 4096);
  EXPECT_EQ(Parsed("page=0x1000").Size("page"), 4096);
  EXPECT_EQ(Parsed("page=1G").Size("page"), 1 << 30);
  EXPECT_EQ(Parsed("page=16777215T").Size("page"), uint64_t{16777215} << 40);
  EXPECT_EQ(Parsed("page=18446744073709551615").Size("page"), UINT64_MAX);
  EXPECT_EQ(FirstLineOfError("page=16777216T"),
            "line 1, column 11: expected a size of 64 bits");
  for (const char* text : {"-1", "2MB", "M", "\"\"", "2m", "1.5M"}) {
    EXPECT_EQ(FirstLineOfError(std::string("page=") + text),
              "line 1, column 11: expected a size such as 4096, 64K or 2M");
  }
}

TEST(PassOptions, TakeFiniteNumbers) {
  EXPECT_EQ(Parsed("damping=-2").Real("damping"), -2);
  for (const char* text : {"inf", "nan", "1e999", "x", "1M"}) {
    EXPECT_EQ(FirstLineOfError(std::string("damping=") + text),
              "line 1, column 14: expected a number such as 0.5");
  }
}

TEST(PassOptions, TakeOneOfTheChoices) {
  EXPECT_EQ(ErrorOf("by=cdsrt"),
            "line 1, column 9: expected one of c3, cdsort, ext-tsp; did you "
            "mean cdsort?\n"
            "  pass<by=cdsrt>\n"
            "          ^~~~~");
}

TEST(PassOptions, TakeOneValueForAList) {
  EXPECT_EQ(Parsed("roots=f").List("roots"), Strings{"f"});
  EXPECT_EQ(Parsed("roots=[]").List("roots"), Strings{});
  EXPECT_EQ(FirstLineOfError("roots"),
            "line 1, column 6: expected roots=[VALUE,...]");
  EXPECT_EQ(FirstLineOfError("file=[a]"),
            "line 1, column 11: expected one value for file");
}

TEST(PassOptions, NeedTheirValues) {
  EXPECT_EQ(ErrorOf("reverse,by"),
            "line 1, column 14: expected by=c3|cdsort|ext-tsp\n"
            "  pass<reverse,by>\n"
            "               ^~");
  EXPECT_EQ(FirstLineOfError("page"), "line 1, column 6: expected page=SIZE");
}

TEST(PassOptions, AreKnown) {
  EXPECT_EQ(ErrorOf("sed=1"),
            "line 1, column 6: unknown option sed; did you mean seed?\n"
            "  pass<sed=1>\n"
            "       ^~~");
  EXPECT_EQ(FirstLineOfError("xyzzy"),
            "line 1, column 6: unknown option xyzzy");
}

TEST(PassOptions, AreGivenOnce) {
  EXPECT_EQ(FirstLineOfError("seed=1,page=1,seed=1"),
            "line 1, column 20: option seed is given twice");
}

TEST(PassOptions, CanBeRefusedByTheirPass) {
  EXPECT_EQ(Parsed("seed=7").Refuse("seed", "must be even").message(),
            "line 1, column 11: seed: must be even\n"
            "  pass<seed=7>\n"
            "            ^");
  EXPECT_EQ(Parsed("").Refuse("file", "is needed").message(),
            "line 1, column 1: file: is needed\n"
            "  pass<>\n"
            "  ^~~~");
}

TEST(CheckDeclarations, TakesGoodOnes) {
  EXPECT_EQ(CheckDeclarations(kOptions), absl::OkStatus());
  EXPECT_EQ(CheckDeclarations({}), absl::OkStatus());
}

TEST(CheckDeclarations, RefusesNamesThatCannotBeWritten) {
  for (const char* name : {"", "a b", "a=1", "a,b", "a>"}) {
    const PassOption option = {name};
    EXPECT_FALSE(CheckDeclarations({&option, 1}).ok()) << name;
  }
  const PassOption twice[] = {{"a"}, {"a"}};
  EXPECT_EQ(CheckDeclarations(twice).message(), "option a: declared twice");
}

TEST(CheckDeclarations, RefusesDefaultsThatAreNone) {
  const PassOption size = {"page", OptionType::kSize, "2X"};
  EXPECT_EQ(CheckDeclarations({&size, 1}).message(),
            "default of option page: expected a size such as 4096, 64K or 2M");
  const PassOption choice = {"by", OptionType::kChoice, "c4", "", "c3|cdsort"};
  EXPECT_FALSE(CheckDeclarations({&choice, 1}).ok());
  const PassOption text = {"file", OptionType::kText, "a,b=c"};
  EXPECT_FALSE(CheckDeclarations({&text, 1}).ok());
}

TEST(Usage, SaysWhatAValueLooksLike) {
  std::string all;
  for (const PassOption& option : kOptions) all += Usage(option) + ' ';
  EXPECT_EQ(all,
            "reverse seed=INTEGER page=SIZE damping=REAL by=c3|cdsort|ext-tsp "
            "file=TEXT roots=[VALUE,...] ");
}

}  // namespace
}  // namespace relink
