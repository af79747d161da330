// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/init_functions.h"

#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/elf/constants.h"
#include "relink/elf/testing/loadable_image.h"
#include "relink/reloc/staged_modules.h"
#include "relink/stage/placed_graph.h"

namespace relink {
namespace {

using elf::Elf64Le;
using testing::ElementsAre;
using testing::HasSubstr;

using Image = elf::Image<Elf64Le>;

// The functions of an image, after a change of it.
class FindInitFunctionsOf : public testing::Test {
 protected:
  absl::StatusOr<InitFunctions> Find(const std::function<void(Image&)>& change =
                                         [](Image&) {}) {
    Image image = elf::BuildLoadable();
    change(image);
    text_ = image.place(".text").addr;
    StagedModules staged({image});
    if (!staged.status().ok()) return staged.status();
    // Without libc, whose symbols the image wants, only the slots of the arrays
    // are relocated: by hand.
    bias_ = staged.modules()[0].member.addresses.bias();
    PlacedGraph& placed = staged.placed();
    for (const char* section : {".init_array", ".fini_array"}) {
      const auto bytes = placed.placed(ModuleId(0))
                             .Bytes({LinkAddr(image.place(section).addr),
                                     image.place(section).size});
      uint64_t slot = 0;
      std::memcpy(&slot, bytes.data(), sizeof(slot));
      slot += slot < bias_ ? bias_ : 0;
      std::memcpy(bytes.data(), &slot, sizeof(slot));
    }
    auto linked = FinishImage(std::move(placed), nullptr);
    if (!linked.ok()) return linked.status();
    return FindInitFunctions(*linked, ModuleId(0));
  }
  uint64_t Text(uint64_t offset) const { return bias_ + text_ + offset; }

  uint64_t bias_ = 0;
  uint64_t text_ = 0;
};

TEST_F(FindInitFunctionsOf, AnImage) {
  const auto functions = Find();
  ASSERT_TRUE(functions.ok()) << functions.status();
  EXPECT_THAT(functions->init, ElementsAre(RuntimeAddr(Text(16))));
  EXPECT_THAT(functions->fini, ElementsAre(RuntimeAddr(Text(96))));
}

TEST_F(FindInitFunctionsOf, AnImageRunsInitBeforeAndFiniAfterTheArrays) {
  const auto functions = Find([](Image& f) {
    f.AddDynamic(elf::kDtInit, f.place(".text").addr);
    f.AddDynamic(elf::kDtFini, f.place(".text").addr + 32);
  });
  ASSERT_TRUE(functions.ok()) << functions.status();
  EXPECT_THAT(functions->init,
              ElementsAre(RuntimeAddr(Text(0)), RuntimeAddr(Text(16))));
  EXPECT_THAT(functions->fini,
              ElementsAre(RuntimeAddr(Text(96)), RuntimeAddr(Text(32))));
}

TEST_F(FindInitFunctionsOf, AnImageThatWouldRunDataIsRefused) {
  const absl::Status status =
      Find([](Image& f) {
        f.AddDynamic(elf::kDtInit, f.place(".data").addr);
      }).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("DT_INIT: function at 0x"));
}

TEST_F(FindInitFunctionsOf, AnArrayOutsideOfTheImageIsRefused) {
  const absl::Status status = Find([](Image& f) {
                                f.dynamic(elf::kDtFiniArray).d_val = uint64_t{1}
                                                                     << 40;
                              }).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("DT_FINI_ARRAY: array at 0x10000000000 is not inside"));
}

TEST(RunInit, CallsInOrderWithTheArgumentsAndRunFiniWithout) {
  static std::string log;
  static const ProcessArguments arguments = {.argc = 3};
  log.clear();
  const auto first = +[](int argc, char**, char**) {
    log += "first " + std::to_string(argc) + ";";
  };
  const auto second = +[](int, char** argv, char**) {
    log += argv == arguments.argv ? "second;" : "wrong;";
  };
  const auto last = +[] { log += "last;"; };
  const auto at = [](auto function) {
    return RuntimeAddr(reinterpret_cast<uint64_t>(function));
  };
  const InitFunctions functions = {.init = {at(first), at(second)},
                                   .fini = {at(last)}};
  RunInit(functions, arguments);
  EXPECT_EQ(log, "first 3;second;");
  RunFini(functions);
  EXPECT_EQ(log, "first 3;second;last;");
}

}  // namespace
}  // namespace relink
