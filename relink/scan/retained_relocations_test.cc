// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// What linkers retain of relocations, and what they made of the instructions:
// the same sources by ld, gold and lld.

#include <algorithm>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/ir/link_graph.h"
#include "relink/ir/verify_graph.h"
#include "relink/scan/testing/opened_file.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

using testing::ElementsAre;

class RetainedRelocations : public testing::TestWithParam<const char*> {
 protected:
  OpenedFile OpenLibrary(const std::string& name) const {
    return Checked("code/lib" + name + "_" + GetParam() + ".so");
  }
  OpenedFile OpenProgram(const std::string& name) const {
    return Checked("code/" + name + "_" + GetParam() + ".elf");
  }

  static void ExpectAllMayMove(OpenedFile& file) {
    for (const Function& function : file.module().functions) {
      EXPECT_EQ(function.pinned, "")
          << function.name << " at " << function.pinned_at.value();
    }
    EXPECT_EQ(file.module().capability, Capability::kReorderable);
  }

 private:
  static OpenedFile Checked(const std::string& path) {
    OpenedFile file(TestdataPath(path));
    EXPECT_TRUE(VerifyGraph(file.graph()).ok()) << VerifyGraph(file.graph());
    return file;
  }
};
INSTANTIATE_TEST_SUITE_P(Linkers, RetainedRelocations,
                         testing::Values("bfd", "gold", "lld"),
                         [](const auto& linker) { return linker.param; });

TEST_P(RetainedRelocations, OfThreadLocalVariablesFitWhatIsThere) {
  OpenedFile file = OpenLibrary("thread_local");
  ExpectAllMayMove(file);
}

TEST_P(RetainedRelocations, FitTheOtherWaysThatAProgramHas) {
  OpenedFile file = OpenProgram("thread_local_program");
  ExpectAllMayMove(file);
}

TEST_P(RetainedRelocations, OfOrdinaryCodeMakeItReorderable) {
  OpenedFile file = OpenLibrary("whole");
  ExpectAllMayMove(file);
}

TEST_P(RetainedRelocations, LeadFromTablesToTheCasesOfASwitch) {
  OpenedFile file = OpenLibrary("switches");
  ExpectAllMayMove(file);
  const Section& tables = file.SectionNamed(".rodata");
  const auto retained = std::count_if(
      tables.fixups.begin(), tables.fixups.end(), [](const Fixup& fixup) {
        return fixup.origin == FixupOrigin::kRetained;
      });
  EXPECT_EQ(retained, 19);
  // An entry counts from the beginning of its table, which the addend of the
  // relocation does not: each has its function nevertheless.
  const auto references = file.ReferencesIn(".rodata");
  const auto count = [&](const std::string& function) {
    return std::count_if(references.begin(), references.end(),
                         [&](const std::string& reference) {
                           return reference.starts_with("&" + function + "+");
                         });
  };
  EXPECT_EQ(count("plain"), 4);
  EXPECT_EQ(count("masked"), 2);
  EXPECT_EQ(count("hoisted"), 2);
  EXPECT_EQ(count("unchecked"), 1);
  EXPECT_EQ(count("leads_elsewhere"), 1);
  EXPECT_EQ(count("elsewhere"), 1);
}

TEST_P(RetainedRelocations, SayWhichSectionAnAddressBelongsTo) {
  OpenedFile file = OpenLibrary("around_arrays");
  ExpectAllMayMove(file);
  EXPECT_THAT(file.ReferencesOf("in_front"), ElementsAre("&.rodata-68"));
  EXPECT_THAT(file.ReferencesOf("behind"), ElementsAre("&.rodata+4092"));
  EXPECT_THAT(file.ReferencesIn(".data.rel.ro"),
              ElementsAre("&.rodata", "&.rodata+64"));
}

TEST_P(RetainedRelocations, OfWhatIsNoOperandPinTheFunction) {
  OpenedFile file = OpenLibrary("unfit_relocations");
  EXPECT_EQ(file.WhyPinned("holds_distance"),
            "has a retained relocation that does not fit the instruction");
  EXPECT_EQ(file.WhyPinned("takes_size"), "");
  EXPECT_EQ(file.module().capability, Capability::kOverlayable);
}

}  // namespace
}  // namespace relink
