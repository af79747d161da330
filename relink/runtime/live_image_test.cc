// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/live_image.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/elf/constants.h"
#include "relink/elf/testing/loadable_image.h"
#include "relink/layout/layout.h"
#include "relink/map/fake_backend.h"
#include "relink/map/posix_backend.h"
#include "relink/reloc/relocate.h"
#include "relink/reloc/staged_modules.h"
#include "relink/scan/scan_module.h"
#include "relink/stage/placed_graph.h"
#include "relink/support/status_macros.h"

// libgcc's lookup of the frame description of a code address; the second
// argument is filled in (unwind-dw2-fde.h).
extern "C" const void* _Unwind_Find_FDE(void* pc, void* bases);

namespace relink {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

using Image = elf::Image<elf::Elf64Le>;

// Everything of a load but Commit, for a module that needs only libc.
absl::StatusOr<BoundImage> Link(const Image& file, MappingBackend& backend,
                                TlsProvider& tls) {
  LinkGraph graph;
  ASSIGN_OR_RETURN(Module module, ScanModule(ModuleSource::FromMemory(
                                      file.bytes, "loadable")));
  graph.root_id = graph.modules.Add(std::move(module));
  ASSIGN_OR_RETURN(
      Layout layout,
      PlanLayout(graph, {.page_size = backend.page_size(), .hint = {}}));
  ASSIGN_OR_RETURN(PlacedGraph placed,
                   Stage(std::move(graph), std::move(layout), backend));
  std::vector<BoundModule> modules;
  ASSIGN_OR_RETURN(BoundModule bound,
                   ReadPlacedModule(placed, ModuleId(0), tls));
  modules.push_back(std::move(bound));
  std::vector<const ScopeMember*> local = {&modules[0].member};
  const auto host = HostModules::Current();
  BindingContext context;
  context.global = host->global();
  context.local = local;
  context.host = host->all();
  context.tls = &tls;
  context.modules = modules;
  const std::vector<ModuleId> order = {ModuleId(0)};
  RETURN_IF_ERROR(Relocate(placed, context, order).status());
  ASSIGN_OR_RETURN(LinkedImage image, FinishImage(std::move(placed), nullptr));
  return BoundImage{.host = host,
                    .pins = {},
                    .image = std::move(image),
                    .modules = std::move(modules),
                    .local_scope = std::move(local),
                    .init_order = {ModuleId(0)},
                    .functions = {}};
}

class LiveImageOf : public testing::Test {
 protected:
  absl::StatusOr<std::shared_ptr<LiveImage>> Commit(const Image& file) {
    ASSIGN_OR_RETURN(BoundImage bound, Link(file, backend_, tls_));
    const PlacedModule& placed = bound.image.placed(ModuleId(0));
    bias_ = placed.bias();
    data_ = placed.Bytes({LinkAddr(file.place(".data").addr), 4}).data();
    code_ = placed.Bytes({LinkAddr(file.place(".text").addr + 1), 1}).data();
    EXPECT_EQ(Initialized(), 0);
    EXPECT_FALSE(FramesKnown());
    ASSIGN_OR_RETURN(std::shared_ptr<LiveImage> live,
                     LiveImage::Commit(std::move(bound), tls_));
    EXPECT_EQ(Initialized(), 0);
    RunInit(live->functions(ModuleId(0)), {});
    return live;
  }
  int Initialized() const {
    int value = 0;
    std::memcpy(&value, data_, sizeof(value));
    return value;
  }
  bool FramesKnown() const {
    void* bases[3];
    return _Unwind_Find_FDE(code_, bases) != nullptr;
  }

  PosixBackend backend_;
  NumberedTls tls_;
  uint64_t bias_ = 0;
  std::byte* data_ = nullptr;
  std::byte* code_ = nullptr;
};

TEST_F(LiveImageOf, AModuleCanBeInitializedAndHasFramesAndThreadLocalStorage) {
  auto live = Commit(elf::BuildLoadable());
  ASSERT_TRUE(live.ok()) << live.status();
  EXPECT_EQ(Initialized(), 1);
  EXPECT_TRUE(FramesKnown());
  EXPECT_EQ(tls_.live(), 1);
  EXPECT_EQ(&(*live)->tls(), &tls_);
  live->reset();
  EXPECT_FALSE(FramesKnown());
  EXPECT_EQ(tls_.live(), 0);
}

TEST_F(LiveImageOf, AModuleDefinesWhatItsLocalScopeFinds) {
  auto live = Commit(elf::BuildLoadable());
  ASSERT_TRUE(live.ok()) << live.status();
  const Definition found = FindInScope((*live)->local_scope(), "answer", {});
  ASSERT_NE(found.owner, nullptr);
  EXPECT_EQ(reinterpret_cast<int (*)()>(found.address())(), 42);
  EXPECT_EQ(found.owner, &(*live)->modules()[0].member);
}

TEST_F(LiveImageOf, AModuleWhoseFramesDoNotEndHasNone) {
  Image file = elf::BuildLoadable();
  // The segment ends where the zero word would be: nobody must walk on.
  auto& segment = file.segment(elf::kPtLoad);
  const auto& frames = file.place(".eh_frame");
  ASSERT_EQ(segment.p_vaddr + segment.p_memsz, frames.addr + frames.size);
  segment.p_filesz = segment.p_memsz = segment.p_memsz - 4;
  auto live = Commit(file);
  ASSERT_TRUE(live.ok()) << live.status();
  EXPECT_FALSE(FramesKnown());
  EXPECT_EQ(Initialized(), 1);
}

TEST_F(LiveImageOf, AModuleThatWouldRunDataLeavesNothingBehind) {
  Image file = elf::BuildLoadable();
  file.AddDynamic(elf::kDtInit, file.place(".data").addr);
  const absl::Status status = Commit(file).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), StartsWith("loadable: DT_INIT:"));
  EXPECT_FALSE(FramesKnown());
  EXPECT_EQ(tls_.live(), 0);
}

TEST_F(LiveImageOf, AModuleWithMalformedFramesLeavesNothingBehind) {
  Image file = elf::BuildLoadable();
  // The version of .eh_frame_hdr.
  file.bytes[file.place(".eh_frame_hdr").offset] = std::byte{9};
  const absl::Status status = Commit(file).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr(".eh_frame_hdr: unknown version"));
  EXPECT_FALSE(FramesKnown());
  EXPECT_EQ(tls_.live(), 0);
}

TEST(LiveImage, IsRefusedWhereItCannotRun) {
  FakeBackend backend;
  NumberedTls tls;
  auto bound = Link(elf::BuildLoadable(), backend, tls);
  ASSERT_TRUE(bound.ok()) << bound.status();
  EXPECT_EQ(LiveImage::Commit(*std::move(bound), tls).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(tls.live(), 0);
  EXPECT_EQ(backend.live_reservations(), 0u);
}

}  // namespace
}  // namespace relink
