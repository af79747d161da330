// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/link/ld_cache.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "relink/ir/module_source.h"
#include "relink/support/byte_order.h"
#include "relink/support/byte_view.h"
#include "relink/support/result.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

constexpr absl::string_view kMagic = "glibc-ld.so.cache1.1";
// FLAG_ELF_LIBC6 | FLAG_X8664_LIB64.
constexpr uint32_t kFlagsX8664 = 0x0303;
// The hwcap word names an entry of the extension, not bits of AT_HWCAP.
constexpr uint64_t kHwcapIsExtension = uint64_t{1} << 62;
constexpr uint32_t kExtensionMagic = 0xeaa42174;
constexpr uint32_t kTagHwcaps = 1;

struct Header {
  char magic[20];
  Le<uint32_t> entry_count;
  Le<uint32_t> string_bytes;
  uint8_t flags;
  uint8_t padding[3];
  Le<uint32_t> extension_offset;
  Le<uint32_t> unused[3];
};
static_assert(sizeof(Header) == 48);

struct FileEntry {
  Le<uint32_t> flags;
  Le<uint32_t> key;    // From the beginning of the file.
  Le<uint32_t> value;  // Likewise.
  Le<uint32_t> os_version;
  Le<uint64_t> hwcap;
};
static_assert(sizeof(FileEntry) == 24);

struct ExtensionHeader {
  Le<uint32_t> magic;
  Le<uint32_t> section_count;
};

struct ExtensionSection {
  Le<uint32_t> tag;
  Le<uint32_t> flags;
  Le<uint32_t> offset;
  Le<uint32_t> size;
};

template <typename T>
absl::StatusOr<T> OrStatus(Result<T> result, absl::string_view name) {
  if (!result.ok()) return ToStatus(result.error(), name);
  return *result;
}

absl::StatusOr<std::vector<std::string>> ReadHwcaps(ByteView file,
                                                    uint64_t offset,
                                                    absl::string_view name) {
  std::vector<std::string> hwcaps;
  if (offset == 0) return hwcaps;
  ASSIGN_OR_RETURN(const auto* header,
                   OrStatus(file.Record<ExtensionHeader>(offset), name));
  if (header->magic != kExtensionMagic) return hwcaps;
  ASSIGN_OR_RETURN(
      const auto sections,
      OrStatus(file.Records<ExtensionSection>(offset + sizeof(ExtensionHeader),
                                              header->section_count),
               name));
  for (const ExtensionSection& section : sections) {
    if (section.tag != kTagHwcaps) continue;
    ASSIGN_OR_RETURN(
        const auto strings,
        OrStatus(file.Records<Le<uint32_t>>(section.offset,
                                            section.size / sizeof(uint32_t)),
                 name));
    for (const auto& string : strings) {
      ASSIGN_OR_RETURN(const auto text, OrStatus(file.CString(string), name));
      hwcaps.emplace_back(View(text));
    }
  }
  return hwcaps;
}

}  // namespace

absl::StatusOr<LdCache> LdCache::Read(const std::string& path) {
  ASSIGN_OR_RETURN(ModuleSource source, ModuleSource::Open(path));
  absl::StatusOr<ByteView> bytes = source.Read(0, source.size());
  if (!bytes.ok()) return Annotate(bytes.status(), path);
  return Parse({bytes->data(), bytes->size()}, path);
}

absl::StatusOr<LdCache> LdCache::Parse(std::span<const std::byte> bytes,
                                       absl::string_view name) {
  const ByteView file(bytes.data(), bytes.size());
  ASSIGN_OR_RETURN(const auto* header, OrStatus(file.Record<Header>(0), name));
  if (absl::string_view(header->magic, sizeof(header->magic)) != kMagic) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ": is no ld.so.cache of the format 1.1"));
  }
  ASSIGN_OR_RETURN(
      const auto entries,
      OrStatus(file.Records<FileEntry>(sizeof(Header), header->entry_count),
               name));
  ASSIGN_OR_RETURN(const std::vector<std::string> hwcaps,
                   ReadHwcaps(file, header->extension_offset, name));
  LdCache cache;
  for (const FileEntry& entry : entries) {
    if (entry.flags != kFlagsX8664) continue;
    Entry kept;
    if ((entry.hwcap & kHwcapIsExtension) != 0) {
      const uint64_t index = entry.hwcap & 0xffffffff;
      if (index >= hwcaps.size()) continue;
      kept.hwcaps = hwcaps[index];
    } else if (entry.hwcap != 0) {
      continue;  // Of AT_HWCAP's bits, which are not used on x86-64.
    }
    ASSIGN_OR_RETURN(const auto soname,
                     OrStatus(file.CString(entry.key), name));
    ASSIGN_OR_RETURN(const auto path,
                     OrStatus(file.CString(entry.value), name));
    kept.soname = std::string(View(soname));
    kept.path = std::string(View(path));
    cache.entries_.push_back(std::move(kept));
  }
  std::ranges::stable_sort(cache.entries_, {}, &Entry::soname);
  return cache;
}

std::vector<std::string> LdCache::Find(
    absl::string_view soname, std::span<const std::string> hwcaps) const {
  const auto found = std::ranges::equal_range(
      entries_, soname, {},
      [](const Entry& entry) { return absl::string_view(entry.soname); });
  std::vector<std::string> paths;
  const auto add = [&](absl::string_view wanted) {
    for (const Entry& entry : found) {
      if (entry.hwcaps == wanted) paths.push_back(entry.path);
    }
  };
  for (const std::string& each : hwcaps) add(each);
  add("");
  return paths;
}

}  // namespace relink
