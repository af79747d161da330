// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/scan_segments.h"

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "relink/arch/target.h"
#include "relink/elf/constants.h"
#include "relink/elf/elf_file.h"
#include "relink/elf/records.h"
#include "relink/elf/testing/loadable_image.h"
#include "relink/ir/link_graph.h"
#include "relink/ir/module_source.h"

namespace relink {
namespace {

using elf::Elf64Le;
using elf::kPtGnuEhFrame;
using elf::kPtGnuRelro;
using elf::kPtGnuStack;
using elf::kPtLoad;
using elf::kPtTls;
using Image = elf::Image<Elf64Le>;
using Phdr = elf::Phdr<Elf64Le>;

constexpr uint64_t kMaxAddress = uint64_t{1} << 56;
constexpr int kText = 1;
constexpr int kData = 2;

class ScanSegmentsOf : public testing::Test {
 protected:
  absl::StatusOr<Module> Scan() {
    auto headers =
        elf::ElfHeaders<Elf64Le>::Parse(image_.view(), image_.bytes.size());
    if (!headers.ok()) return absl::InternalError(headers.error().what);
    Module module(ModuleSource::FromMemory(image_.bytes, "libtest.so"),
                  HostTarget());
    absl::Status status = ScanSegments<Elf64Le>(*headers, module);
    if (!status.ok()) return status;
    return module;
  }
  Phdr& Load(int nth) { return image_.segment(kPtLoad, nth); }

  void ExpectMalformed(const std::string& message) {
    EXPECT_EQ(Scan().status(), absl::InvalidArgumentError(message));
  }
  void ExpectUnsupported(const std::string& message) {
    EXPECT_EQ(Scan().status(), absl::UnimplementedError(message));
  }
  void Reset() { image_ = elf::BuildLoadable(); }

  Image image_ = elf::BuildLoadable();
};

TEST_F(ScanSegmentsOf, AnImageKeepsItsHeaders) {
  const auto module = Scan();
  ASSERT_TRUE(module.ok()) << module.status();
  EXPECT_EQ(module->program_headers.data(),
            image_.bytes.data() + image_.header().e_phoff);
  EXPECT_EQ(module->program_headers.size(),
            image_.header().e_phnum * sizeof(Phdr));
}

TEST_F(ScanSegmentsOf, ASegmentWithoutMemoryIsNone) {
  Load(kText).p_filesz = Load(kText).p_memsz = uint64_t{0};
  const auto module = Scan();
  ASSERT_TRUE(module.ok()) << module.status();
  ASSERT_EQ(module->segments.size(), 2u);
  EXPECT_EQ(module->segments[1].memory.begin.value(), Load(kData).p_vaddr);
}

TEST_F(ScanSegmentsOf, AnAlignmentOfZeroIsNone) {
  Load(kText).p_align = uint64_t{0};
  image_.segment(kPtTls).p_align = uint64_t{0};
  const auto module = Scan();
  ASSERT_TRUE(module.ok()) << module.status();
  EXPECT_EQ(module->segments[kText].alignment, 1u);
  EXPECT_EQ(module->tls->alignment, 1u);
}

TEST_F(ScanSegmentsOf, NothingToMapIsRefused) {
  for (int i = 0; i < 3; ++i) Load(0).p_type = elf::kPtNull;
  ExpectMalformed("no PT_LOAD segment to map");
}

TEST_F(ScanSegmentsOf, MoreMemoryThanThereIsIsRefused) {
  // The data segment is the last: it may reach the end.
  Load(kData).p_memsz = kMaxAddress - Load(kData).p_vaddr;
  EXPECT_TRUE(Scan().ok());
  Load(kData).p_memsz = kMaxAddress - Load(kData).p_vaddr + 1;
  EXPECT_EQ(Scan().status().code(), absl::StatusCode::kInvalidArgument);
  Load(kData).p_vaddr = uint64_t{0x5000};
  Load(kData).p_memsz = UINT64_MAX - 0xfff;  // Its end wraps.
  ExpectMalformed(
      "program header 3 (PT_LOAD): p_vaddr 0x5000 + p_memsz 0xfffffffffffff000 "
      "is outside of the address space");
}

TEST_F(ScanSegmentsOf, MoreFileThanMemoryIsRefused) {
  Load(kText).p_filesz = uint64_t{0x70};
  Load(kText).p_memsz = uint64_t{0x6f};
  ExpectMalformed(
      "program header 2 (PT_LOAD): p_filesz 0x70 is greater than p_memsz 0x6f");
}

TEST_F(ScanSegmentsOf, AnAlignmentThatIsNoneIsRefused) {
  Load(kText).p_align = uint64_t{0x3000};
  ExpectMalformed(
      "program header 2 (PT_LOAD): p_align 0x3000 is not a power of two");
  Load(kText).p_align = kMaxAddress * 2;
  ExpectMalformed(
      "program header 2 (PT_LOAD): p_align 0x200000000000000 is larger than "
      "the address space");
}

TEST_F(ScanSegmentsOf, AFilePlaceThatCannotBeMappedIsRefused) {
  Load(kText).p_vaddr = Load(kText).p_vaddr + 8;
  ExpectMalformed(
      "program header 2 (PT_LOAD): p_vaddr and p_offset differ modulo p_align");
  // Less alignment asks for less.
  Load(kText).p_align = uint64_t{8};
  EXPECT_TRUE(Scan().ok());
}

TEST_F(ScanSegmentsOf, NeighboursMayTouchButNotOverlap) {
  Load(kText).p_memsz = Load(kData).p_vaddr - Load(kText).p_vaddr;
  EXPECT_TRUE(Scan().ok());
  Load(kText).p_memsz = Load(kText).p_memsz + 1;
  ExpectMalformed(
      "program header 3 (PT_LOAD): segment overlaps the one before it, or is "
      "out of order");
}

TEST_F(ScanSegmentsOf, ADescendingOrderIsRefused) {
  std::swap(Load(kText), Load(kData));
  ExpectMalformed(
      "program header 3 (PT_LOAD): segment overlaps the one before it, or is "
      "out of order");
}

TEST_F(ScanSegmentsOf, WritableCodeIsRefused) {
  for (const int nth : {kText, kData}) {
    Reset();
    Load(nth).p_flags = elf::kPfR | elf::kPfW | elf::kPfX;
    ExpectUnsupported("program header " + std::to_string(nth + 1) +
                      " (PT_LOAD): segment is writable and executable, which "
                      "Relink never maps");
  }
}

TEST_F(ScanSegmentsOf, AnExecutableStackIsRefused) {
  image_.segment(kPtGnuStack).p_flags = elf::kPfR | elf::kPfW | elf::kPfX;
  const absl::Status status = Scan().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnimplemented);
  EXPECT_TRUE(status.message().find("(PT_GNU_STACK): asks for an executable "
                                    "stack") != std::string::npos)
      << status;
}

// What is wrong with a header that is not PT_LOAD's.
struct Wrong {
  std::function<void(Image&)> change;
  std::string message;  // After the header's number.
};

TEST_F(ScanSegmentsOf, ARangeThatIsNotInItsSegmentIsRefused) {
  const std::vector<Wrong> wrongs = {
      {[](Image& f) {
         f.segment(elf::kPtDynamic).p_vaddr = uint64_t{0x7fff0000};
         f.segment(elf::kPtDynamic).p_filesz = uint64_t{0x20};
       },
       "(PT_DYNAMIC): range 0x7fff0000 + 0x20 is not inside one PT_LOAD"},
      {[](Image& f) { f.segment(elf::kPtDynamic).p_filesz = uint64_t{0}; },
       "(PT_DYNAMIC): dynamic table has no DT_NULL"},
      {[](Image& f) { f.segment(kPtGnuStack) = f.segment(elf::kPtDynamic); },
       "(PT_DYNAMIC): there is another PT_DYNAMIC"},
      // In memory, but the file has nothing there.
      {[](Image& f) {
         f.segment(kPtGnuEhFrame).p_vaddr = f.place(".bss").addr + 0x1000;
         f.segment(kPtGnuEhFrame).p_memsz = uint64_t{8};
         f.segment(kPtGnuEhFrame).p_filesz = uint64_t{8};
       },
       "(PT_GNU_EH_FRAME): range 0x"},
      {[](Image& f) { f.segment(kPtGnuStack) = f.segment(kPtTls); },
       "(PT_TLS): there is another PT_TLS"},
      {[](Image& f) { f.segment(kPtTls).p_vaddr = uint64_t{0x7fff0000}; },
       "(PT_TLS): range 0x7fff0000 + 0x4 is not inside one PT_LOAD"},
      {[](Image& f) { f.segment(kPtTls).p_align = uint64_t{12}; },
       "(PT_TLS): p_align 0xc is not a power of two"},
      {[](Image& f) { f.segment(kPtTls).p_memsz = uint64_t{1}; },
       "(PT_TLS): p_filesz 0x4 is greater than p_memsz 0x1"},
      {[](Image& f) {
         f.segment(kPtGnuRelro).p_vaddr = f.segment(kPtLoad, kText).p_vaddr;
       },
       "(PT_GNU_RELRO): range is not in a writable PT_LOAD"},
      {[](Image& f) {
         f.segment(kPtGnuRelro).p_vaddr = f.segment(kPtLoad, kData).p_vaddr - 1;
       },
       "(PT_GNU_RELRO): range is not in a writable PT_LOAD"},
      {[](Image& f) {
         Phdr& interp = f.segment(kPtGnuStack);
         interp.p_type = elf::kPtInterp;
         interp.p_offset = uint64_t{0};
         interp.p_filesz = uint64_t{4};
       },
       "(PT_INTERP): no string at offset 0x0 ends before 0x4"},
  };
  for (const Wrong& wrong : wrongs) {
    Reset();
    wrong.change(image_);
    const absl::Status status = Scan().status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_NE(status.message().find(wrong.message), std::string::npos)
        << status << " rather than " << wrong.message;
  }
}

TEST_F(ScanSegmentsOf, RelroMayReachPastItsSegment) {
  Phdr& relro = image_.segment(kPtGnuRelro);
  relro.p_memsz = Load(kData).p_vaddr + Load(kData).p_memsz - relro.p_vaddr + 8;
  const auto module = Scan();
  ASSERT_TRUE(module.ok()) << module.status();
  EXPECT_EQ(module->relro.size, relro.p_memsz);
}

TEST_F(ScanSegmentsOf, ThreadsWithoutAnImageNeedNoSegment) {
  Phdr& tls = image_.segment(kPtTls);
  tls.p_vaddr = uint64_t{0x7fff0000};
  tls.p_filesz = uint64_t{0};
  const auto module = Scan();
  ASSERT_TRUE(module.ok()) << module.status();
  ASSERT_TRUE(module->tls.has_value());
  EXPECT_EQ(module->tls->size, tls.p_memsz);
  // Nothing thread-local at all.
  tls.p_memsz = uint64_t{0};
  EXPECT_FALSE(Scan()->tls.has_value());
}

}  // namespace
}  // namespace relink
