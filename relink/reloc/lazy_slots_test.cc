// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/reloc/lazy_slots.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "relink/arch/target.h"
#include "relink/ir/module_source.h"
#include "relink/layout/layout.h"
#include "relink/map/fake_backend.h"
#include "relink/map/posix_backend.h"
#include "relink/reloc/bound_module.h"
#include "relink/reloc/staged_modules.h"
#include "relink/scan/scan_module.h"
#include "relink/stage/placed_graph.h"
#include "relink/support/status_macros.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

absl::StatusOr<PlacedGraph> Place(const std::string& file,
                                  MappingBackend& backend) {
  LinkGraph graph;
  ASSIGN_OR_RETURN(ModuleSource source,
                   ModuleSource::Open(TestdataPath("lazy/" + file)));
  ASSIGN_OR_RETURN(Module module, ScanModule(std::move(source)));
  graph.root_id = graph.modules.Add(std::move(module));
  ASSIGN_OR_RETURN(Layout layout,
                   PlanLayout(graph, {.page_size = backend.page_size()}));
  return Stage(std::move(graph), std::move(layout), backend);
}

// One module, not relocated, and what waits of it.
class LazySlotsOf : public testing::Test {
 protected:
  void Open(const std::string& file, MappingBackend& backend) {
    auto placed = Place(file, backend);
    ASSERT_TRUE(placed.ok()) << placed.status();
    placed_.emplace(*std::move(placed));
    auto bound = ReadPlacedModule(*placed_, kRoot, tls_);
    ASSERT_TRUE(bound.ok()) << bound.status();
    bound_.emplace(*std::move(bound));
    for (const Segment& segment : placed_->module(kRoot).segments) {
      if (!segment.writable) continue;
      parts_.push_back({segment.memory,
                        placed_->placed(kRoot).Bytes(segment.memory).data()});
    }
    image_.emplace(parts_, placed_->placed(kRoot).addresses());
    slots_ = LazySlots::Find(*placed_, kRoot, *image_);
  }
  const elf::Rela<NativeElf>& first() const {
    return bound_->relocations.jmprel_rela[0];
  }
  const RelocationRule& rule(const elf::Rela<NativeElf>& record) const {
    return placed_->module(kRoot).target->Rule(record.type());
  }
  uint64_t Word(const elf::Rela<NativeElf>& record) {
    return LoadInteger<uint64_t, NativeElf::kOrder>(
        image_->Place(LinkAddr(uint64_t{record.r_offset}), 8));
  }

  static constexpr ModuleId kRoot{0};
  PosixBackend backend_;
  FakeBackend fake_;
  NumberedTls tls_;
  std::optional<PlacedGraph> placed_;
  std::optional<BoundModule> bound_;
  std::vector<RelocatableImage::Part> parts_;
  std::optional<RelocatableImage> image_;
  std::optional<LazySlots> slots_;
};

TEST_F(LazySlotsOf, AModuleLeadIntoItsProcedureLinkageTable) {
  for (const char* file : {"libcalls.so", "libcalls_ibt.so", "libcalls_lld.so",
                           "libcalls_lld_ibt.so"}) {
    parts_.clear();
    Open(file, backend_);
    ASSERT_TRUE(slots_.has_value()) << file;
    const uint64_t entry = Word(first());  // As the linker wrote it.
    EXPECT_TRUE(slots_->Defer(rule(first()), first(), *image_)) << file;
    EXPECT_EQ(Word(first()), entry + placed_->placed(kRoot).bias()) << file;
    // Nobody asks which wait of a module that no pass opened.
    EXPECT_TRUE(slots_->waiting().empty());
  }
}

TEST_F(LazySlotsOf, AModuleThatAsksForBindingDoNotExist) {
  Open("libcalls_now.so", backend_);
  EXPECT_FALSE(slots_.has_value());
}

TEST_F(LazySlotsOf, AModuleThatCannotRunHereDoNotExist) {
  Open("libcalls.so", fake_);
  EXPECT_FALSE(slots_.has_value());
}

TEST_F(LazySlotsOf, AModuleAreItsJumpSlotsOnly) {
  Open("libcalls.so", backend_);
  ASSERT_TRUE(slots_.has_value());
  elf::Rela<NativeElf> record = first();
  const uint64_t before = Word(record);
  record.r_offset = uint64_t{record.r_offset} + 4;  // Stored in two halves.
  EXPECT_FALSE(slots_->Defer(rule(first()), record, *image_));
  record.r_offset = placed_->placed(kRoot).span.end().value();
  EXPECT_FALSE(slots_->Defer(rule(first()), record, *image_));
  // A table of functions is read, and not only called through.
  for (const elf::Rela<NativeElf>& other : bound_->relocations.rela) {
    EXPECT_FALSE(slots_->Defer(rule(other), other, *image_));
  }
  EXPECT_EQ(Word(first()), before);
}

}  // namespace
}  // namespace relink
