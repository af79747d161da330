// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/scan_module.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/elf/constants.h"
#include "relink/elf/records.h"
#include "relink/elf/testing/loadable_image.h"
#include "relink/elf/testing/malformed_images.h"
#include "relink/elf/testing/system_library.h"

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

TEST(ScanModule, IsAnExecutableIfItAsksForAnInterpreterAndHasNoName) {
  Image image = elf::BuildLoadable();
  // Names can be anywhere in the file.
  auto& interp = image.segment(elf::kPtNote);
  interp.p_type = elf::kPtInterp;
  interp.p_offset = image.place(".dynstr").offset +
                    uint64_t{image.dynamic(elf::kDtNeeded).d_val};
  interp.p_filesz = sizeof("libc.so.6");
  const auto library = Scan(image.bytes);
  ASSERT_TRUE(library.ok()) << library.status();
  EXPECT_EQ(library->interpreter, "libc.so.6");
  EXPECT_EQ(library->kind, ModuleKind::kSharedObject);

  image.dynamic(elf::kDtSoname).d_tag = elf::kDtDebug;
  const auto program = Scan(image.bytes);
  ASSERT_TRUE(program.ok()) << program.status();
  EXPECT_EQ(program->soname, "");
  EXPECT_EQ(program->kind, ModuleKind::kExecutable);
}

TEST(ScanModule, ReadsNoDynamicTableThatIsLargerThanAny) {
  constexpr uint64_t kLarge = (1 << 20) + 16;
  const absl::Status status = ScanBroken([](Image& f) {
    auto& data = f.segment(elf::kPtLoad, 2);
    data.p_filesz = data.p_memsz = 2 * kLarge;
    f.bytes.resize(data.p_offset + 2 * kLarge);
    auto& dynamic = f.segment(elf::kPtDynamic);
    dynamic.p_filesz = dynamic.p_memsz = kLarge;
  });
  EXPECT_EQ(status, absl::InvalidArgumentError(
                        "libtest.so: PT_DYNAMIC: table of 0x100010 bytes is "
                        "larger than any"));
}

TEST(ScanModule, NeedsADynamicTableButOfAStaticProgram) {
  const auto drop = [](Image& f) {
    f.segment(elf::kPtDynamic).p_type = elf::kPtNull;
  };
  EXPECT_EQ(ScanBroken(drop),
            absl::InvalidArgumentError("libtest.so: no dynamic table with "
                                       "DT_SYMTAB and DT_STRTAB"));
  Image exec = elf::BuildLoadable();
  drop(exec);
  exec.header().e_type = elf::kEtExec;
  const auto module = Scan(exec.bytes);
  ASSERT_TRUE(module.ok()) << module.status();
  EXPECT_EQ(module->kind, ModuleKind::kExecutable);
  EXPECT_EQ(module->dynamic_table.size, 0u);
  EXPECT_TRUE(module->dependencies.empty());
}

TEST(ScanModule, NeedsSymbolsAndNames) {
  for (const int64_t tag : {elf::kDtSymtab, elf::kDtStrtab}) {
    for (const uint16_t type : {elf::kEtDyn, elf::kEtExec}) {
      const absl::Status status = ScanBroken([&](Image& f) {
        f.header().e_type = type;
        f.dynamic(tag).d_tag = elf::kDtDebug;
      });
      EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
    }
  }
}

TEST(ScanModule, NamesTheEntryWhoseStringIsNotThere) {
  EXPECT_EQ(ScanBroken([](Image& f) {
              f.dynamic(elf::kDtNeeded).d_val = uint64_t{0x12345};
            }),
            absl::InvalidArgumentError("libtest.so: DT_NEEDED: name at 0x12345 "
                                       "is outside of DT_STRTAB"));
  EXPECT_EQ(ScanBroken([](Image& f) {
              f.dynamic(elf::kDtRunpath).d_val = UINT64_MAX - 1;
            }),
            absl::InvalidArgumentError("libtest.so: DT_RUNPATH: name at "
                                       "0xfffffffffffffffe is outside of "
                                       "DT_STRTAB"));
  EXPECT_EQ(ScanBroken([](Image& f) {
              f.dynamic(elf::kDtStrtab).d_val = uint64_t{0x7fff0000};
              f.dynamic(elf::kDtStrsz).d_val = uint64_t{0x10};
            }),
            absl::InvalidArgumentError("libtest.so: DT_STRTAB: range "
                                       "0x7fff0000 + 0x10 is not in the file"));
}

TEST(ScanModule, RefusesAStringThatDoesNotEndInItsTable) {
  const absl::Status status = ScanBroken([](Image& f) {
    f.dynamic(elf::kDtStrsz).d_val = f.dynamic(elf::kDtSoname).d_val + 3;
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()),
              StartsWith("libtest.so: DT_SONAME: no string at offset 0x"));
}

// A file so large that only its beginning is read at first.
class ScanModuleOfAFile : public testing::Test {
 protected:
  absl::StatusOr<ModuleSource> Open() {
    image_.bytes.resize(image_.bytes.size() + 100 * 1024);
    elf::WriteFile(path_, image_.bytes);
    return ModuleSource::Open(path_);
  }

  const std::string path_ = testing::TempDir() + "/scanned.so";
  Image image_ = elf::BuildLoadable();
};

TEST_F(ScanModuleOfAFile, ReadsHeadersWhereverTheyAre) {
  Image& image = image_;
  const uint64_t count = image.header().e_phnum;
  const uint64_t from = image.header().e_phoff;
  const uint64_t to = image.bytes.size();
  image.bytes.resize(to + count * sizeof(elf::Phdr<Elf64Le>));
  std::copy_n(image.bytes.begin() + static_cast<int64_t>(from),
              image.bytes.size() - to,
              image.bytes.begin() + static_cast<int64_t>(to));
  image.header().e_phoff = to;
  auto source = Open();
  ASSERT_TRUE(source.ok()) << source.status();
  ASSERT_LT(source->prefix().size(), to);
  const auto module = ScanModule(*std::move(source));
  ASSERT_TRUE(module.ok()) << module.status();
  EXPECT_EQ(module->soname, "libloadable.so.1");
  EXPECT_EQ(module->program_headers.size(),
            count * sizeof(image.segment_at(0)));
}

TEST_F(ScanModuleOfAFile, SaysOnceWhichFileBecameShorter) {
  auto source = Open();
  ASSERT_TRUE(source.ok()) << source.status();
  std::filesystem::resize_file(path_, 4096);
  EXPECT_EQ(
      ScanModule(*std::move(source)).status(),
      absl::OutOfRangeError(path_ + ": file became shorter while it was read"));
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
