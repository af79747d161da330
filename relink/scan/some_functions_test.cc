// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/ir/link_graph.h"
#include "relink/ir/verify_graph.h"
#include "relink/scan/open_module.h"
#include "relink/scan/testing/opened_file.h"
#include "relink/support/address.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string& Path() {
  static const std::string path = TestdataPath("code/libsome_functions.so");
  return path;
}

// Opens those functions alone, by some address in each.
OpenedFile OpenSome(const std::vector<std::string>& names) {
  OpenedFile all(Path());
  std::vector<LinkAddr> places;
  for (const std::string& name : names) {
    const LinkRange range = all.FunctionNamed(name).range;
    places.push_back(range.begin + range.size / 2);
  }
  std::ranges::sort(places);
  OpenedFile file(Path(), places);
  EXPECT_TRUE(VerifyGraph(file.graph()).ok()) << VerifyGraph(file.graph());
  return file;
}

// Those that are open, but for stubs, which are always.
std::vector<std::string> NamesIn(OpenedFile& file) {
  std::vector<std::string> names;
  for (const Function& function : file.module().functions) {
    if (!absl::StartsWith(function.name, ".plt")) {
      names.emplace_back(function.name);
    }
  }
  return names;
}

TEST(SomeFunctions, AreAllThatIsOpened) {
  OpenedFile file = OpenSome({"alone", "caller"});
  EXPECT_TRUE(file.module().some_functions);
  EXPECT_THAT(NamesIn(file), ElementsAre("alone", "caller"));
  EXPECT_EQ(file.module().capability, Capability::kOverlayable);
  EXPECT_EQ(file.WhyPinned("alone"), "");
  EXPECT_FALSE(file.FunctionNamed("alone").reached);
  EXPECT_TRUE(file.FunctionNamed("alone").can_lead);
  EXPECT_FALSE(file.FunctionNamed("alone").address_kept);
}

TEST(SomeFunctions, ReferToOthersAsIfThoseWereOpen) {
  OpenedFile file = OpenSome({"caller"});
  EXPECT_EQ(file.ReferencesOf("caller").size(), 1u);
}

TEST(SomeFunctions, AreReachedByOthersThatCallThem) {
  OpenedFile file = OpenSome({"called"});
  EXPECT_TRUE(file.FunctionNamed("called").reached);
  EXPECT_FALSE(file.FunctionNamed("called").address_kept);
}

TEST(SomeFunctions, AreNotReachedByThoseThatAreOpen) {
  OpenedFile file = OpenSome({"called", "caller"});
  EXPECT_FALSE(file.FunctionNamed("called").reached);
}

TEST(SomeFunctions, WhoseAddressOthersTakeKeepIt) {
  OpenedFile file = OpenSome({"taken"});
  EXPECT_TRUE(file.FunctionNamed("taken").reached);
  EXPECT_TRUE(file.FunctionNamed("taken").address_kept);
}

TEST(SomeFunctions, DoNotLeadIfTheyAreEnteredWhereTheJumpWouldBe) {
  OpenedFile near = OpenSome({"shared"});
  EXPECT_FALSE(near.FunctionNamed("shared").can_lead);
  OpenedFile both = OpenSome({"shared", "enters_near"});
  EXPECT_FALSE(both.FunctionNamed("shared").can_lead);
  OpenedFile afar = OpenSome({"shared_afar"});
  EXPECT_FALSE(afar.FunctionNamed("shared_afar").can_lead);
}

TEST(SomeFunctions, DoNotLeadWithoutRoom) {
  OpenedFile file = OpenSome({"tiny"});
  EXPECT_FALSE(file.FunctionNamed("tiny").can_lead);
}

TEST(SomeFunctions, ArePinnedAsEver) {
  OpenedFile file = OpenSome({"nonsense"});
  EXPECT_NE(file.WhyPinned("nonsense"), "");
}

TEST(SomeFunctions, MayBeNone) {
  OpenedFile file = OpenSome({});
  EXPECT_THAT(NamesIn(file), IsEmpty());
}

TEST(SomeFunctions, OfAModuleThatIsOpenAreRefused) {
  OpenedFile file(Path());
  EXPECT_EQ(OpenFunctionsAt(file.graph(), file.id(), {}).code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(AllFunctions, LeadUnlessSomethingEntersThemWhereTheJumpWouldBe) {
  OpenedFile file(Path());
  EXPECT_TRUE(file.FunctionNamed("called").can_lead);
  EXPECT_FALSE(file.FunctionNamed("shared").can_lead);
  EXPECT_FALSE(file.FunctionNamed("tiny").can_lead);
}

}  // namespace
}  // namespace relink
