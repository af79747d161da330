// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/run/process_memory.h"

#include <fcntl.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace relink {
namespace {

// A little less than 2 GiB: operands reach past the end of what they refer to.
constexpr uint64_t kReach = (uint64_t{1} << 31) - (uint64_t{1} << 20);
constexpr uint64_t kRoomForHeap = uint64_t{1} << 30;
// Nobody maps anything below this, whatever vm.mmap_min_addr says.
constexpr uint64_t kLowest = uint64_t{1} << 20;
constexpr uint64_t kPage = 4096;
// What is mapped does not touch what was there.
constexpr uint64_t kGuard = 16 * kPage;

bool ParseHex(absl::string_view text, uint64_t* value) {
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, *value, 16);
  return parsed.ec == std::errc() && parsed.ptr == end;
}

bool ParseLine(absl::string_view line, ProcessMemory::Mapping* mapping) {
  // "begin-end perms offset major:minor inode   path"
  const std::vector<absl::string_view> words =
      absl::StrSplit(line, absl::MaxSplits(' ', 5));
  if (words.size() < 5 || words[1].size() != 4) return false;
  const std::pair<absl::string_view, absl::string_view> ends =
      absl::StrSplit(words[0], absl::MaxSplits('-', 1));
  const std::pair<absl::string_view, absl::string_view> device =
      absl::StrSplit(words[3], absl::MaxSplits(':', 1));
  uint64_t begin = 0;
  uint64_t end = 0;
  uint64_t major_number = 0;
  uint64_t minor_number = 0;
  if (!ParseHex(ends.first, &begin) || !ParseHex(ends.second, &end) ||
      !ParseHex(device.first, &major_number) ||
      !ParseHex(device.second, &minor_number)) {
    return false;
  }
  const absl::string_view inode = words[4];
  std::from_chars(inode.data(), inode.data() + inode.size(),
                  mapping->file.inode);
  mapping->range = {RuntimeAddr(begin), end - begin};
  mapping->file.device = makedev(static_cast<unsigned>(major_number),
                                 static_cast<unsigned>(minor_number));
  const bool writable = words[1][1] == 'w';
  const bool executable = words[1][2] == 'x';
  mapping->writable_and_executable = writable && executable;
  mapping->protection = executable           ? Protection::kReadExecute
                        : writable           ? Protection::kReadWrite
                        : words[1][0] == 'r' ? Protection::kRead
                                             : Protection::kNone;
  return true;
}

}  // namespace

absl::StatusOr<ProcessMemory> ProcessMemory::Read() {
  const int descriptor = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return absl::NotFoundError("cannot read /proc/self/maps");
  std::string text;
  std::array<char, 16 * 1024> buffer;
  ssize_t size = 0;
  while ((size = read(descriptor, buffer.data(), buffer.size())) > 0) {
    text.append(buffer.data(), static_cast<size_t>(size));
  }
  close(descriptor);
  return Parse(text);
}

absl::StatusOr<ProcessMemory> ProcessMemory::Parse(absl::string_view text) {
  ProcessMemory memory;
  for (absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    Mapping& mapping = memory.mappings_.emplace_back();
    if (!ParseLine(line, &mapping)) {
      return absl::InvalidArgumentError(
          absl::StrCat("/proc/self/maps: malformed line: ", line));
    }
  }
  return memory;
}

const ProcessMemory::Mapping* ProcessMemory::Find(RuntimeAddr addr) const {
  const auto after = std::ranges::upper_bound(
      mappings_, addr, {},
      [](const Mapping& each) { return each.range.begin; });
  if (after == mappings_.begin()) return nullptr;
  const Mapping& mapping = *(after - 1);
  return mapping.range.Contains(addr) ? &mapping : nullptr;
}

absl::StatusOr<RuntimeAddr> ProcessMemory::FindRoom(RuntimeRange near,
                                                    uint64_t size) const {
  const uint64_t needed = size + near.size;
  if (needed < kReach) {
    const uint64_t lowest = near.end().value() > kReach + kLowest
                                ? near.end().value() - kReach
                                : kLowest;
    const uint64_t highest = near.begin.value() + kReach;
    // The gaps, from the one below `near` downwards.
    uint64_t gap_end = near.begin.value();
    for (size_t i = mappings_.size(); i-- > 0 && gap_end > lowest;) {
      const RuntimeRange taken = mappings_[i].range;
      if (taken.begin >= near.begin) continue;
      const uint64_t gap_begin = std::max(taken.end().value(), lowest);
      if (gap_end > gap_begin && gap_end - gap_begin >= size + 2 * kGuard) {
        return RuntimeAddr(AlignDown(gap_end - kGuard - size, kPage));
      }
      gap_end = std::min(gap_end, taken.begin.value());
    }
    if (gap_end > lowest && gap_end - lowest >= size + 2 * kGuard &&
        (mappings_.empty() || mappings_[0].range.begin.value() >= gap_end)) {
      return RuntimeAddr(AlignDown(gap_end - kGuard - size, kPage));
    }
    // Then upwards.
    uint64_t begin = near.end().value() + kRoomForHeap;
    for (const Mapping& mapping : mappings_) {
      if (mapping.range.end().value() <= begin) continue;
      if (mapping.range.begin.value() >= begin + size + 2 * kGuard) break;
      begin = mapping.range.end().value();
    }
    begin = AlignUp(begin, kPage) + kGuard;
    if (begin + size <= highest) return RuntimeAddr(begin);
  }
  return absl::ResourceExhaustedError(
      absl::StrCat("no room for 0x", absl::Hex(size), " bytes near 0x",
                   absl::Hex(near.begin.value())));
}

}  // namespace relink
