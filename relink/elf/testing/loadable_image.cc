// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/testing/loadable_image.h"

#include <string>

#include "relink/elf/records.h"

namespace relink::elf {
namespace {

// Relocation types of the x86-64 psABI, table 4.10. arch/ has the real table,
// but stands above this folder.
constexpr uint32_t kR64 = 1;
constexpr uint32_t kRGlobDat = 6;
constexpr uint32_t kRJumpSlot = 7;
constexpr uint32_t kRRelative = 8;
constexpr uint32_t kRDtpmod64 = 16;
constexpr uint32_t kRDtpoff64 = 17;

// Offsets into .text, 16 bytes each.
constexpr uint64_t kAnswer = 0;
constexpr uint64_t kInit = 16;
constexpr uint64_t kOwnPid = 32;
constexpr uint64_t kGlobDatPointer = 48;
constexpr uint64_t kRelrPointer = 64;
constexpr uint64_t kRelativePointer = 80;
constexpr uint64_t kFini = 96;

// Offsets into .got and .data.
constexpr uint64_t kPidSlot = 0;
constexpr uint64_t kGlobDatSlot = 8;
constexpr uint64_t kAbsoluteSlot = 16;
constexpr uint64_t kTlsModuleSlot = 24;
constexpr uint64_t kTlsOffsetSlot = 32;
constexpr uint64_t kRelrSlot = 40;
constexpr uint64_t kSecondRelrSlot = 56;
constexpr uint64_t kGotSize = 64;
constexpr uint64_t kInitialized = 0;
constexpr uint64_t kRelativeSlot = 8;
constexpr uint64_t kDataSize = 16;

Bytes Text() {
  return BytesOf(
      {
          // clang-format off
      0xb8, 42, 0, 0, 0,                   // mov $42, %eax
      0xc3,                                // ret
      0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc,
      0xc7, 0x05, 0, 0, 0, 0, 1, 0, 0, 0,  // movl $1, initialized(%rip)
      0xc3,                                // ret
      0xcc, 0xcc, 0xcc, 0xcc, 0xcc,
      0xff, 0x25, 0, 0, 0, 0,              // jmp *slot(%rip)
      0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc,
      0x48, 0x8b, 0x05, 0, 0, 0, 0,        // mov slot(%rip), %rax
      0xc3,                                // ret
      0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc,
      0x48, 0x8b, 0x05, 0, 0, 0, 0,        // mov slot(%rip), %rax
      0xc3,                                // ret
      0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc,
      0x48, 0x8b, 0x05, 0, 0, 0, 0,        // mov slot(%rip), %rax
      0xc3,                                // ret
      0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc,
      0xc3,                                // ret
                 // clang-format on
      });
}

ImageSymbol Function(const char* name, uint64_t offset) {
  return {.name = name, .offset = offset, .size = 8, .version = "RELINK_1.0"};
}

}  // namespace

ImageSpec LoadableSpec() {
  ImageSpec spec;
  spec.soname = "libloadable.so.1";
  spec.runpath = "$ORIGIN";
  spec.needed = {"libc.so.6"};
  spec.text = Text();
  spec.relro = Bytes(kGotSize);
  spec.data = Bytes(kDataSize);
  spec.bss_size = kZeroedSize;
  spec.tls = BytesOf({7, 0, 0, 0});
  spec.tls_bss_size = 12;
  spec.init_array = {kInit};
  spec.fini_array = {kFini};
  spec.eh_frame = true;
  spec.versions = {"RELINK_0.9", "RELINK_1.0"};
  // glibc asks for the second of whoever uses DT_RELR.
  spec.needs = {{"libc.so.6", {"GLIBC_2.2.5", "GLIBC_ABI_DT_RELR"}}};
  spec.notes = {{"GNU", kNtGnuBuildId, BytesOf({0x12, 0x34, 0x56, 0x78})}};
  spec.symbols = {
      Function("answer", kAnswer),
      {.name = "old_answer",
       .offset = kAnswer,
       .size = 6,
       .version = "RELINK_0.9",
       .hidden = true},
      Function("own_pid", kOwnPid),
      Function("glob_dat_pointer", kGlobDatPointer),
      Function("relr_pointer", kRelrPointer),
      Function("relative_pointer", kRelativePointer),
      {.name = "initialized",
       .area = Area::kData,
       .offset = kInitialized,
       .size = 4,
       .type = kSttObject,
       .version = "RELINK_1.0"},
      {.name = "zeroed",
       .area = Area::kBss,
       .size = kZeroedSize,
       .type = kSttObject,
       .version = "RELINK_1.0"},
      {.name = "counter",
       .area = Area::kTls,
       .size = 4,
       .type = kSttTls,
       .version = "RELINK_1.0"},
      {.name = "getpid", .area = Area::kUndefined, .version = "GLIBC_2.2.5"},
  };
  auto got = [](uint64_t offset, uint32_t type, const char* symbol) {
    return ImageRelocation{
        .area = Area::kRelro, .offset = offset, .type = type, .symbol = symbol};
  };
  spec.relocations = {
      {.area = Area::kInitArray,
       .type = kRRelative,
       .addend = kInit,
       .addend_area = Area::kText},
      {.area = Area::kFiniArray,
       .type = kRRelative,
       .addend = kFini,
       .addend_area = Area::kText},
      {.offset = kRelativeSlot,
       .type = kRRelative,
       .addend = kAnswer,
       .addend_area = Area::kText},
      got(kGlobDatSlot, kRGlobDat, "answer"),
      got(kAbsoluteSlot, kR64, "answer"),
      got(kTlsModuleSlot, kRDtpmod64, "counter"),
      got(kTlsOffsetSlot, kRDtpoff64, "counter"),
  };
  spec.plt_relocations = {got(kPidSlot, kRJumpSlot, "getpid")};
  spec.relative_words = {{Area::kRelro, kRelrSlot},
                         {Area::kRelro, kSecondRelrSlot}};
  spec.dynamic = {
      {kDtFlags, kDfBindNow}, {kDtFlags1, kDf1Now}, {kDtRelacount, 3}};
  return spec;
}

Image<Elf64Le> BuildLoadable(const ImageSpec& spec) {
  Image<Elf64Le> image = BuildImage<Elf64Le>(spec);
  // Sets the displacement at `field` bytes into .text, for an instruction that
  // ends at `end`.
  auto point = [&](uint64_t field, uint64_t end, const char* section,
                   uint64_t offset) {
    const Place& text = image.place(".text");
    image.At<Elf64Le::Word>(text.offset + field) = static_cast<uint32_t>(
        image.place(section).addr + offset - (text.addr + end));
  };
  point(kInit + 2, kInit + 10, ".data", kInitialized);
  point(kOwnPid + 2, kOwnPid + 6, ".got", kPidSlot);
  point(kGlobDatPointer + 3, kGlobDatPointer + 7, ".got", kGlobDatSlot);
  point(kRelrPointer + 3, kRelrPointer + 7, ".got", kRelrSlot);
  point(kRelativePointer + 3, kRelativePointer + 7, ".data", kRelativeSlot);
  for (uint64_t slot : {kRelrSlot, kSecondRelrSlot}) {
    image.At<Elf64Le::Addr>(image.place(".got").offset + slot) =
        image.place(".text").addr + kAnswer;
  }
  return image;
}

}  // namespace relink::elf
