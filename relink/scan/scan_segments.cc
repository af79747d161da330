// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/scan_segments.h"

#include <bit>
#include <cstddef>
#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "relink/support/address.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

using elf::Phdr;

// No machine has more address space; keeps every later sum from wrapping.
constexpr uint64_t kMaxAddress = uint64_t{1} << 56;

template <class E>
LinkRange MemoryOf(const Phdr<E>& header) {
  return {LinkAddr(uint64_t{header.p_vaddr}), uint64_t{header.p_memsz}};
}

template <class E>
absl::Status CheckRange(const Phdr<E>& header) {
  if (header.p_memsz > kMaxAddress ||
      header.p_vaddr > kMaxAddress - header.p_memsz) {
    return absl::InvalidArgumentError(
        absl::StrCat("p_vaddr 0x", absl::Hex(uint64_t{header.p_vaddr}),
                     " + p_memsz 0x", absl::Hex(uint64_t{header.p_memsz}),
                     " is outside of the address space"));
  }
  if (header.p_filesz > header.p_memsz) {
    return absl::InvalidArgumentError(absl::StrCat(
        "p_filesz 0x", absl::Hex(uint64_t{header.p_filesz}),
        " is greater than p_memsz 0x", absl::Hex(uint64_t{header.p_memsz})));
  }
  return absl::OkStatus();
}

template <class E>
absl::StatusOr<uint64_t> AlignmentOf(const Phdr<E>& header) {
  const uint64_t alignment = header.p_align == 0 ? 1 : uint64_t{header.p_align};
  if (std::has_single_bit(alignment) && alignment <= kMaxAddress) {
    return alignment;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("p_align 0x", absl::Hex(alignment), " is ",
                   alignment > kMaxAddress ? "larger than the address space"
                                           : "not a power of two"));
}

template <class E>
absl::Status AddLoad(const Phdr<E>& header, Module& module) {
  RETURN_IF_ERROR(CheckRange<E>(header));
  if (header.p_memsz == 0) return absl::OkStatus();
  ASSIGN_OR_RETURN(const uint64_t alignment, AlignmentOf<E>(header));
  if ((header.p_vaddr - header.p_offset) % alignment != 0) {
    return absl::InvalidArgumentError(
        "p_vaddr and p_offset differ modulo p_align");
  }
  if ((header.p_flags & elf::kPfW) != 0 && (header.p_flags & elf::kPfX) != 0) {
    return absl::UnimplementedError(
        "segment is writable and executable, which Relink never maps");
  }
  Segment segment{
      .memory = MemoryOf<E>(header),
      .file = {FileOffset(uint64_t{header.p_offset}),
               uint64_t{header.p_filesz}},
      .alignment = alignment,
      .writable = (header.p_flags & elf::kPfW) != 0,
      .executable = (header.p_flags & elf::kPfX) != 0,
  };
  if (!module.segments.empty() &&
      module.segments.back().memory.end() > segment.memory.begin) {
    return absl::InvalidArgumentError(
        "segment overlaps the one before it, or is out of order");
  }
  module.segments.push_back(segment);
  return absl::OkStatus();
}

// The segment that holds `range`; `in_file` asks for its file-backed part.
const Segment* SegmentOf(const Module& module, LinkRange range, bool in_file) {
  for (const Segment& segment : module.segments) {
    const LinkRange held{segment.memory.begin,
                         in_file ? segment.file.size : segment.memory.size};
    if (held.Contains(range)) return &segment;
  }
  return nullptr;
}

absl::Status CheckInside(const Module& module, LinkRange range, bool in_file) {
  if (SegmentOf(module, range, in_file) != nullptr) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("range 0x", absl::Hex(range.begin.value()), " + 0x",
                   absl::Hex(range.size), " is not inside one PT_LOAD"));
}

template <class E>
absl::Status AddTls(const Phdr<E>& header, Module& module) {
  RETURN_IF_ERROR(CheckRange<E>(header));
  if (header.p_memsz == 0) return absl::OkStatus();
  ASSIGN_OR_RETURN(const uint64_t alignment, AlignmentOf<E>(header));
  module.tls = TlsSegment{
      .image = {LinkAddr(uint64_t{header.p_vaddr}), uint64_t{header.p_filesz}},
      .size = uint64_t{header.p_memsz},
      .alignment = alignment,
  };
  if (module.tls->image.size == 0) return absl::OkStatus();
  return CheckInside(module, module.tls->image, /*in_file=*/true);
}

// Linkers pad the end of PT_GNU_RELRO to a page, so it may lie past the memory
// of its segment, but not past its last page.
template <class E>
absl::Status AddRelro(const Phdr<E>& header, Module& module) {
  RETURN_IF_ERROR(CheckRange<E>(header));
  if (header.p_memsz == 0) return absl::OkStatus();
  module.relro = MemoryOf<E>(header);
  const Segment* segment =
      SegmentOf(module, {module.relro.begin, 1}, /*in_file=*/false);
  if (segment == nullptr || !segment->writable) {
    return absl::InvalidArgumentError("range is not in a writable PT_LOAD");
  }
  return absl::OkStatus();
}

template <class E>
absl::Status AddHeader(const Phdr<E>& header, Module& module) {
  switch (uint32_t{header.p_type}) {
    case elf::kPtDynamic:
      RETURN_IF_ERROR(CheckRange<E>(header));
      if (module.dynamic_table.size != 0) {
        return absl::InvalidArgumentError("there is another PT_DYNAMIC");
      }
      if (header.p_filesz == 0) {
        return absl::InvalidArgumentError("dynamic table has no DT_NULL");
      }
      module.dynamic_table = {LinkAddr(uint64_t{header.p_vaddr}),
                              uint64_t{header.p_filesz}};
      return CheckInside(module, module.dynamic_table, /*in_file=*/true);
    case elf::kPtInterp: {
      ASSIGN_OR_RETURN(const absl::string_view name,
                       module.source.ReadString(
                           header.p_offset, header.p_offset + header.p_filesz));
      module.interpreter = std::string(name);
      return absl::OkStatus();
    }
    case elf::kPtTls:
      if (module.tls.has_value()) {
        return absl::InvalidArgumentError("there is another PT_TLS");
      }
      return AddTls<E>(header, module);
    case elf::kPtGnuRelro:
      return AddRelro<E>(header, module);
    case elf::kPtGnuEhFrame:
      RETURN_IF_ERROR(CheckRange<E>(header));
      module.eh_frame_hdr = MemoryOf<E>(header);
      return CheckInside(module, module.eh_frame_hdr, /*in_file=*/true);
    case elf::kPtGnuStack:
      if ((header.p_flags & elf::kPfX) != 0) {
        return absl::UnimplementedError(
            "asks for an executable stack, which Relink never grants");
      }
      return absl::OkStatus();
    default:
      return absl::OkStatus();
  }
}

absl::string_view TypeName(uint32_t type) {
  switch (type) {
    case elf::kPtLoad:
      return "PT_LOAD";
    case elf::kPtDynamic:
      return "PT_DYNAMIC";
    case elf::kPtInterp:
      return "PT_INTERP";
    case elf::kPtTls:
      return "PT_TLS";
    case elf::kPtGnuRelro:
      return "PT_GNU_RELRO";
    case elf::kPtGnuEhFrame:
      return "PT_GNU_EH_FRAME";
    case elf::kPtGnuStack:
      return "PT_GNU_STACK";
    default:
      return "other";
  }
}

// `step` over every header of `file`, its failures named for the header.
template <class E, typename Step>
absl::Status ForEachHeader(const elf::ElfHeaders<E>& file, Step step) {
  for (size_t i = 0; i < file.segments().size(); ++i) {
    const Phdr<E>& header = file.segments()[i];
    absl::Status status = step(header);
    if (!status.ok()) {
      return Annotate(status, absl::StrCat("program header ", i, " (",
                                           TypeName(header.p_type), ")"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

template <class E>
absl::Status ScanSegments(const elf::ElfHeaders<E>& file, Module& module) {
  RETURN_IF_ERROR(ForEachHeader<E>(file, [&](const Phdr<E>& header) {
    return header.p_type == elf::kPtLoad ? AddLoad<E>(header, module)
                                         : absl::OkStatus();
  }));
  if (module.segments.empty()) {
    return absl::InvalidArgumentError("no PT_LOAD segment to map");
  }
  RETURN_IF_ERROR(ForEachHeader<E>(file, [&](const Phdr<E>& header) {
    return header.p_type == elf::kPtLoad ? absl::OkStatus()
                                         : AddHeader<E>(header, module);
  }));
  module.program_headers = ByteView(std::as_bytes(std::span(file.segments())));
  return absl::OkStatus();
}

template absl::Status ScanSegments(const elf::ElfHeaders<elf::Elf64Le>&,
                                   Module&);

}  // namespace relink
