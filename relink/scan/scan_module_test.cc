// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/scan_module.h"

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/elf/constants.h"
#include "relink/elf/testing/loadable_image.h"
#include "relink/elf/testing/malformed_images.h"

namespace relink {
namespace {

using elf::Elf64Le;
using testing::HasSubstr;
using testing::StartsWith;

using Image = elf::Image<Elf64Le>;

absl::StatusOr<Module> Scan(const elf::Bytes& bytes) {
  return ScanModule(ModuleSource::FromMemory(bytes, "libtest.so"));
}

// The same image with one change.
absl::Status ScanBroken(const std::function<void(Image&)>& change) {
  Image image = elf::BuildLoadable();
  change(image);
  return Scan(image.bytes).status();
}

TEST(ScanModule, FindsWhatLoadingNeeds) {
  Image image = elf::BuildLoadable();
  const auto module = Scan(image.bytes);
  ASSERT_TRUE(module.ok()) << module.status();
  EXPECT_EQ(module->name(), "libtest.so");
  EXPECT_EQ(module->kind, ModuleKind::kSharedObject);
  EXPECT_TRUE(module->position_independent);
  EXPECT_EQ(module->soname, "libloadable.so.1");
  EXPECT_EQ(module->runpath, "$ORIGIN");
  EXPECT_EQ(module->rpath, "");
  ASSERT_EQ(module->dependencies.size(), 1u);
  EXPECT_EQ(module->dependencies[0].name, "libc.so.6");
  EXPECT_FALSE(module->dependencies[0].module_id.has_value());
  EXPECT_EQ(module->capability, Capability::kOpaque);
}

TEST(ScanModule, FindsSegmentsAndTheRangesInThem) {
  Image image = elf::BuildLoadable();
  const auto module = Scan(image.bytes);
  ASSERT_TRUE(module.ok()) << module.status();
  ASSERT_EQ(module->segments.size(), 3u);
  for (int i = 0; i < 3; ++i) {
    const auto& header = image.segment(elf::kPtLoad, i);
    const Segment& segment = module->segments[i];
    EXPECT_EQ(segment.memory.begin.value(), header.p_vaddr);
    EXPECT_EQ(segment.memory.size, header.p_memsz);
    EXPECT_EQ(segment.file.begin.value(), header.p_offset);
    EXPECT_EQ(segment.file.size, header.p_filesz);
    EXPECT_EQ(segment.executable, i == 1);
    EXPECT_EQ(segment.writable, i == 2);
  }
  ASSERT_TRUE(module->tls.has_value());
  EXPECT_EQ(module->tls->image.size, 4u);
  EXPECT_EQ(module->tls->size, 16u);
  EXPECT_EQ(module->relro.begin.value(),
            image.segment(elf::kPtGnuRelro).p_vaddr);
  EXPECT_EQ(module->dynamic_table.begin.value(), image.place(".dynamic").addr);
  EXPECT_EQ(module->eh_frame_hdr.begin.value(),
            image.place(".eh_frame_hdr").addr);
}

TEST(ScanModule, TellsExecutablesFromSharedObjects) {
  Image pie = elf::BuildLoadable();
  pie.AddDynamic(elf::kDtFlags1, elf::kDf1Pie);
  const auto movable = Scan(pie.bytes);
  ASSERT_TRUE(movable.ok()) << movable.status();
  EXPECT_EQ(movable->kind, ModuleKind::kExecutable);
  EXPECT_TRUE(movable->position_independent);

  Image exec = elf::BuildLoadable();
  exec.header().e_type = elf::kEtExec;
  const auto fixed = Scan(exec.bytes);
  ASSERT_TRUE(fixed.ok()) << fixed.status();
  EXPECT_EQ(fixed->kind, ModuleKind::kExecutable);
  EXPECT_FALSE(fixed->position_independent);
}

TEST(ScanModule, RefusesARelocatableObject) {
  const absl::Status status =
      ScanBroken([](Image& f) { f.header().e_type = elf::kEtRel; });
  EXPECT_EQ(status.code(), absl::StatusCode::kUnimplemented);
  EXPECT_THAT(std::string(status.message()), HasSubstr("e_type 1"));
}

TEST(ScanModule, NamesTheMachineThatItDoesNotKnow) {
  const absl::Status status =
      ScanBroken([](Image& f) { f.header().e_machine = uint16_t{183}; });
  EXPECT_EQ(status.code(), absl::StatusCode::kUnimplemented);
  EXPECT_EQ(status.message(),
            "libtest.so: no support for machine 183 as ELF64 little-endian");
}

TEST(ScanModule, NeverLetsASegmentBeWritableAndExecutable) {
  const absl::Status status = ScanBroken([](Image& f) {
    f.segment(elf::kPtLoad, 1).p_flags = elf::kPfR | elf::kPfW | elf::kPfX;
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kUnimplemented);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("segment is writable and executable"));
}

TEST(ScanModule, RefusesSegmentsThatOverlap) {
  const absl::Status status = ScanBroken([](Image& f) {
    f.segment(elf::kPtLoad, 0).p_memsz = f.segment(elf::kPtLoad, 2).p_vaddr;
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("overlaps"));
}

TEST(ScanModule, NamesTheProgramHeaderThatIsWrong) {
  const absl::Status status = ScanBroken(
      [](Image& f) { f.segment(elf::kPtLoad, 1).p_align = uint64_t{3}; });
  EXPECT_THAT(std::string(status.message()), HasSubstr("PT_LOAD"));
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("p_align 0x3 is not a power of two"));
}

TEST(ScanModule, RefusesASecondDynamicTable) {
  const absl::Status status = ScanBroken(
      [](Image& f) { f.segment(elf::kPtNote).p_type = elf::kPtDynamic; });
  EXPECT_FALSE(status.ok());
}

TEST(ScanModule, NamesTheFileOfEveryMalformedImage) {
  for (const elf::MalformedImage& image : elf::MalformedImages()) {
    const absl::Status status = Scan(image.bytes).status();
    if (status.ok()) continue;
    EXPECT_THAT(std::string(status.message()), StartsWith("libtest.so: "))
        << image.name;
  }
}

}  // namespace
}  // namespace relink
