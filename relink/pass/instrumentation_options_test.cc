// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/pass/instrumentation_options.h"

#include "gtest/gtest.h"

namespace relink {
namespace {

using Options = PassInstrumentationOptions;

Options Parsed(absl::string_view text) {
  Options options;
  EXPECT_EQ(SetInstrumentationOptions(text, options), absl::OkStatus());
  return options;
}

std::string ErrorOf(absl::string_view text) {
  Options options;
  return std::string(SetInstrumentationOptions(text, options).message());
}

TEST(InstrumentationOptions, AreNothingByDefault) {
  const Options options = Parsed("  ");
  EXPECT_FALSE(options.time_passes || options.print_changed ||
               options.verify_each);
  EXPECT_FALSE(options.print_before.Has("order"));
  EXPECT_FALSE(options.print_after.Has("order"));
  EXPECT_EQ(options.stop_after, "");
  EXPECT_FALSE(options.bisect_limit.has_value());
}

TEST(InstrumentationOptions, AreReadFromText) {
  const Options options = Parsed(
      "--time-passes --print-changed\t--verify-each\n"
      "--stop-after=icf --bisect-limit=3");
  EXPECT_TRUE(options.time_passes && options.print_changed &&
              options.verify_each);
  EXPECT_EQ(options.stop_after, "icf");
  EXPECT_EQ(options.bisect_limit, 3);
  EXPECT_EQ(Parsed("--bisect-limit=-1").bisect_limit, -1);
}

TEST(InstrumentationOptions, SelectSomePassesOrAll) {
  const Options options =
      Parsed("--print-before=order,icf --print-before=place --print-after");
  EXPECT_TRUE(options.print_before.Has("icf"));
  EXPECT_TRUE(options.print_before.Has("place"));
  EXPECT_FALSE(options.print_before.Has("split"));
  EXPECT_TRUE(options.print_after.Has("split"));
}

TEST(InstrumentationOptions, RefuseWhatTheyDoNotKnow) {
  EXPECT_EQ(ErrorOf("--time-pases"),
            "unknown option --time-pases; did you mean --time-passes?");
  EXPECT_EQ(ErrorOf("time-passes"), "expected an option, not time-passes");
  EXPECT_EQ(ErrorOf("--time-passes=1"), "option --time-passes: takes no value");
  EXPECT_EQ(ErrorOf("--stop-after"),
            "option --stop-after: needs a value: --stop-after=PASS");
  EXPECT_EQ(ErrorOf("--print-after="),
            "option --print-after: needs a value: --print-after=PASS,...");
  EXPECT_EQ(ErrorOf("--print-after=a,,b"),
            "option --print-after: a name is missing");
  EXPECT_EQ(ErrorOf("--bisect-limit=x"),
            "option --bisect-limit: expected a number");
}

// Each is there for the usage text and does something.
TEST(InstrumentationOptions, AreListed) {
  for (const InstrumentationFlag& flag : InstrumentationFlags()) {
    EXPECT_FALSE(flag.help.empty());
    Options options;
    const bool has_value = !flag.value.empty();
    EXPECT_EQ(
        SetInstrumentationOption(
            flag.name,
            has_value ? std::optional<absl::string_view>("1") : std::nullopt,
            options),
        absl::OkStatus());
    EXPECT_EQ(options.time_passes + options.print_changed +
                  options.verify_each + options.print_before.Has("1") +
                  options.print_after.Has("1") + (options.stop_after == "1") +
                  (options.bisect_limit == 1),
              1)
        << flag.name;
  }
}

}  // namespace
}  // namespace relink
