// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/build_id.h"

#include "relink/elf/notes.h"
#include "relink/elf/records.h"

namespace relink {
namespace {

// Notes are small; what is longer is none that has a build-id.
constexpr uint64_t kMaxNotes = uint64_t{1} << 20;

template <class E>
std::string Read(Module& module) {
  const ByteView headers = module.program_headers;
  const auto segments = headers.template Records<elf::Phdr<E>>(
      0, headers.size() / sizeof(elf::Phdr<E>));
  if (!segments.ok()) return "";
  for (const elf::Phdr<E>& segment : *segments) {
    if (segment.p_type != elf::kPtNote || segment.p_filesz > kMaxNotes) {
      continue;
    }
    const auto notes = module.source.Read(segment.p_offset, segment.p_filesz);
    if (!notes.ok()) continue;
    const ByteView id = elf::BuildIdIn<E>(*notes, segment.p_align);
    if (id.size() == 0) continue;
    return {reinterpret_cast<const char*>(id.data()), id.size()};
  }
  return "";
}

}  // namespace

std::string ReadBuildId(Module& module) { return Read<elf::Elf64Le>(module); }

}  // namespace relink
