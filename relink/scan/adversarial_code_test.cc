// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Constructs that are easily moved wrongly: each is understood, or its function
// stays, with the reason. testdata/code has one in each file.

#include <cstdint>
#include <stdexcept>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/ir/link_graph.h"
#include "relink/ir/verify_graph.h"
#include "relink/scan/testing/opened_file.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

OpenedFile OpenCode(const std::string& name) {
  OpenedFile file(TestdataPath("code/lib" + name + ".so"));
  EXPECT_TRUE(VerifyGraph(file.graph()).ok()) << VerifyGraph(file.graph());
  return file;
}

// How TextOf calls a place in .text that is no function's.
std::string PlaceIn(const Section& text, LinkAddr address) {
  return absl::StrCat(
      "&.text+0x", absl::Hex(static_cast<uint64_t>(address - text.home.begin)));
}

TEST(Switches, ThatAreUnderstoodHaveATable) {
  OpenedFile file = OpenCode("switches");
  for (const char* name : {"plain", "masked", "in_memory"}) {
    EXPECT_EQ(file.WhyPinned(name), "") << name;
    const auto tables = file.TablesOf(name);
    ASSERT_EQ(tables.size(), 1u) << name;
    EXPECT_EQ(tables[0].range.size, name == std::string("plain") ? 16u : 8u);
    EXPECT_TRUE(file.FunctionNamed(name).range.Contains(tables[0].reference));
    EXPECT_TRUE(file.SectionNamed(".rodata").home.Contains(tables[0].range));
  }
}

TEST(Switches, ThatAreNotCertainKeepTheTableThatTheFileHas) {
  OpenedFile file = OpenCode("switches");
  for (const char* name :
       {"hoisted", "unchecked", "half_checked", "entered_behind_check",
        "leads_elsewhere", "twice"}) {
    EXPECT_EQ(file.WhyPinned(name), "") << name;
    EXPECT_THAT(file.TablesOf(name), IsEmpty()) << name;
  }
}

TEST(LabelsAsValues, LeadIntoTheirFunction) {
  OpenedFile file = OpenCode("computed_goto");
  EXPECT_EQ(file.WhyPinned("dispatches"), "");
  const auto references = file.ReferencesIn(".data.rel.ro");
  ASSERT_EQ(references.size(), 3u);
  EXPECT_EQ(references[0], "&dispatches+10");
  EXPECT_EQ(references[1], "&dispatches+16");
}

TEST(LabelsAsValues, InsideOfAnInstructionPinTheFunction) {
  OpenedFile file = OpenCode("computed_goto");
  const Function& function = file.FunctionNamed("split_instruction");
  EXPECT_EQ(function.pinned, "entered inside of an instruction");
  EXPECT_EQ(function.pinned_at, function.range.begin + 1);
}

TEST(DataInCode, ThatIsNoInstructionPinsItsFunction) {
  OpenedFile file = OpenCode("data_in_text");
  const Function& function = file.FunctionNamed("undecodable");
  EXPECT_EQ(function.pinned, "cannot be decoded: data in code?");
  EXPECT_EQ(function.pinned_at, function.range.begin + 10);
  // What looks like a reference in it may be none.
  EXPECT_THAT(file.ReferencesOf("undecodable"), IsEmpty());
}

TEST(DataInCode, ThatLooksLikeAReferencePinsItsFunction) {
  OpenedFile file = OpenCode("data_in_text");
  EXPECT_EQ(file.WhyPinned("like_a_call"),
            "nothing is known to enter a part of it: data?");
  EXPECT_THAT(file.ReferencesOf("like_a_call"), IsEmpty());
}

TEST(DataInCode, WithoutReferencesGoesAlong) {
  OpenedFile file = OpenCode("data_in_text");
  EXPECT_EQ(file.WhyPinned("like_moves"), "");
  EXPECT_THAT(file.ReferencesOf("like_moves"), IsEmpty());
}

TEST(DataInCode, BetweenFunctionsIsReferredToButHasNoReferences) {
  OpenedFile file = OpenCode("data_in_text");
  EXPECT_EQ(file.WhyPinned("uses_table"), "");
  const Section& text = file.SectionNamed(".text");
  const LinkAddr table = file.FunctionNamed("uses_table").range.end();
  EXPECT_THAT(file.ReferencesOf("uses_table"),
              ElementsAre(PlaceIn(text, table) + "-4"));
  const LinkAddr behind = file.FunctionNamed("behind_table").range.begin;
  EXPECT_EQ(file.WhyPinned("behind_table"), "");
  for (const Fixup& fixup : text.fixups) {
    const LinkAddr place = text.home.begin + fixup.offset;
    EXPECT_FALSE(place >= table && place < behind);
  }
}

TEST(OverlappingSymbols, WithOneRecordAreOneFunction) {
  OpenedFile file = OpenCode("overlapping_symbols");
  const Function& outer = file.FunctionNamed("outer");
  EXPECT_EQ(outer.pinned, "");
  EXPECT_EQ(outer.range.size, 9u);
  EXPECT_NE(outer.fde.size, 0u);
  EXPECT_EQ(file.FunctionNamed("inner").range, outer.range);
  EXPECT_EQ(file.FunctionNamed("alias").range, outer.range);
}

TEST(OverlappingSymbols, WithSeveralRecordsStay) {
  OpenedFile file = OpenCode("overlapping_symbols");
  EXPECT_EQ(file.WhyPinned("first_half"),
            "symbols overlap, with an unwind record each");
  EXPECT_EQ(file.FunctionNamed("first_half").range.size, 9u);
}

TEST(FallingThrough, IsKnownOfFunctions) {
  OpenedFile file = OpenCode("falling_through");
  for (const char* name :
       {"falls", "falls_over_nops", "ends_with_call", "falls_into_nameless"}) {
    EXPECT_EQ(file.WhyPinned(name), "") << name;
    EXPECT_TRUE(file.FunctionNamed(name).falls_through) << name;
  }
  for (const char* name : {"next", "behind_nops", "behind_call"}) {
    EXPECT_FALSE(file.FunctionNamed(name).falls_through) << name;
  }
}

TEST(FallingThrough, IntoNoCodePinsTheFunction) {
  OpenedFile file = OpenCode("falling_through");
  for (const char* name : {"runs_into_trap", "last"}) {
    EXPECT_EQ(file.WhyPinned(name), "runs past its end, into what is no code")
        << name;
    EXPECT_FALSE(file.FunctionNamed(name).falls_through) << name;
  }
}

TEST(ShortBranches, OutOfAFunctionPinIt) {
  OpenedFile file = OpenCode("short_branches");
  for (const char* name : {"tail_jump", "jrcxz_leaves"}) {
    EXPECT_EQ(file.WhyPinned(name), "short branch leaves it") << name;
    EXPECT_EQ(file.ReferencesOf(name).size(), 1u) << name;
  }
  EXPECT_EQ(file.FunctionNamed("tail_jump").pinned_at,
            file.FunctionNamed("tail_jump").range.begin + 5);
  EXPECT_EQ(file.WhyPinned("loop_stays"), "");
  EXPECT_EQ(file.WhyPinned("target"), "");
}

TEST(IndirectFunctions, HaveAResolverThatIsAFunctionAsAny) {
  OpenedFile file = OpenCode("indirect_function");
  EXPECT_EQ(file.WhyPinned("resolver"), "");
  EXPECT_THAT(file.ReferencesOf("resolver"), ElementsAre("&implementation-4"));
}

TEST(FunctionsInTwoParts, ReferIntoEachOthersMiddle) {
  OpenedFile file = OpenCode("cold_part");
  EXPECT_EQ(file.WhyPinned("hot"), "");
  EXPECT_EQ(file.WhyPinned("hot.cold"), "");
  // One byte into the cold part, eight into the other; less the four of the
  // field.
  EXPECT_THAT(file.ReferencesOf("hot"), ElementsAre("->hot.cold-3"));
  EXPECT_THAT(file.ReferencesOf("hot.cold"), ElementsAre("->hot+4"));
}

TEST(LandingPads, OfTheFunctionItselfAreUnderstood) {
  OpenedFile file = OpenCode("landing_pads");
  EXPECT_EQ(file.WhyPinned("own_pad"), "");
}

TEST(LandingPads, InAnotherPlacePinTheFunction) {
  OpenedFile file = OpenCode("landing_pads");
  EXPECT_EQ(file.WhyPinned("pad_elsewhere"),
            "a landing pad lies outside of it");
  EXPECT_EQ(file.WhyPinned("pads_from_elsewhere"),
            "its landing pads count from elsewhere");
  EXPECT_EQ(file.WhyPinned("broken_data"),
            "its language-specific data is not understood");
}

TEST(Addends, LeadToWhatIsThereNotToWhatTheyWereAgainst) {
  OpenedFile file = OpenCode("addends");
  const Section& text = file.SectionNamed(".text");
  const std::string behind_referred =
      PlaceIn(text, file.FunctionNamed("referred").range.end());
  const std::string behind_refers =
      PlaceIn(text, file.FunctionNamed("refers").range.end());
  EXPECT_EQ(file.WhyPinned("refers"), "");
  // Behind a function is padding, which goes nowhere. Immediates are of one
  // byte, and of four.
  EXPECT_THAT(file.ReferencesOf("refers"),
              ElementsAre("&referred-4", behind_referred + "-4", "&referred-5",
                          "&referred-5", "&.data+4", behind_refers + "-4"));
  EXPECT_THAT(file.ReferencesIn(".data.rel.ro"),
              ElementsAre(behind_referred, behind_refers));
}

TEST(Addends, ThatLeadIntoAnotherFunctionPinIt) {
  OpenedFile file = OpenCode("addends");
  EXPECT_EQ(file.WhyPinned("takes_middle"), "");
  EXPECT_EQ(file.WhyPinned("has_middle"),
            "the address of its middle is taken by another function");
}

TEST(OwnAddresses, ThatOthersAreComputedFromPinTheFunction) {
  OpenedFile file = OpenCode("own_address");
  EXPECT_EQ(file.WhyPinned("call_pop"),
            "calls its own middle, to learn its address");
  EXPECT_EQ(file.WhyPinned("large_model"),
            "may compute addresses from its own");
}

TEST(OwnAddresses, ThatAreOnlyUsedGoAlong) {
  OpenedFile file = OpenCode("own_address");
  EXPECT_EQ(file.WhyPinned("large_number"), "");
  EXPECT_EQ(file.WhyPinned("recursive"), "");
  EXPECT_THAT(file.ReferencesOf("recursive"), IsEmpty());
}

TEST(EnteredInstructions, BehindTheirPrefixAreUnderstood) {
  OpenedFile file = OpenCode("entered_instructions");
  EXPECT_EQ(file.WhyPinned("skips_lock"), "");
  EXPECT_THAT(file.ReferencesOf("skips_lock"), ElementsAre("&.bss+3"));
}

TEST(EnteredInstructions, InAConstantPinTheFunction) {
  OpenedFile file = OpenCode("entered_instructions");
  EXPECT_EQ(file.WhyPinned("enters_constant"),
            "entered inside of an instruction");
}

TEST(CodeByHand, NeedsNoUnwindRecord) {
  OpenedFile file = OpenCode("without_records");
  EXPECT_EQ(file.WhyPinned("named"), "");
  EXPECT_EQ(file.FunctionNamed("named").fde.size, 0u);
  EXPECT_THAT(file.ReferencesOf("named"), ElementsAre("&.bss+4"));
}

TEST(CodeByHand, WithoutASizeEndsWherePaddingBegins) {
  OpenedFile file = OpenCode("without_records");
  EXPECT_EQ(file.WhyPinned("sizeless"), "");
  EXPECT_EQ(file.FunctionNamed("sizeless").range.size, 7u);
}

TEST(CodeByHand, IsNoFunctionIfNothingNamesIt) {
  OpenedFile file = OpenCode("without_records");
  const LinkAddr end = file.FunctionNamed("behind").range.end();
  for (const Function& function : file.module().functions) {
    EXPECT_FALSE(function.range.Contains(end + 15));
  }
}

}  // namespace
}  // namespace relink
