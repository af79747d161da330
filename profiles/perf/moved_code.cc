// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/perf/moved_code.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace relink::profiles {
namespace {

constexpr size_t kMaxPath = 4096;
constexpr size_t kMaxBuildId = 64;
constexpr size_t kMaxFiles = size_t{1} << 14;
// A program with a million functions has less.
constexpr uint64_t kMaxSize = uint64_t{256} << 20;
constexpr size_t kPieceSize = size_t{1} << 20;

bool ConsumeWord(absl::string_view& line, absl::string_view& word) {
  const size_t end = line.find(' ');
  if (end == 0 || end == absl::string_view::npos) return false;
  word = line.substr(0, end);
  line.remove_prefix(end + 1);
  return true;
}

bool ConsumeNumber(absl::string_view& line, uint64_t& number) {
  absl::string_view word;
  return ConsumeWord(line, word) && absl::ascii_isxdigit(word[0]) &&
         absl::SimpleHexAtoi(word, &number);
}

// -1 if it is not a file that this user or root wrote.
int OpenOwn(const std::string& path, uint64_t& size) {
  const int file =
      open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (file < 0) return -1;
  struct stat facts = {};
  if (fstat(file, &facts) == 0 && S_ISREG(facts.st_mode) &&
      (facts.st_uid == geteuid() || facts.st_uid == 0)) {
    size = static_cast<uint64_t>(facts.st_size);
    return file;
  }
  close(file);
  return -1;
}

}  // namespace

std::optional<MovedRange> ParseMovedRange(absl::string_view line) {
  uint64_t start = 0, size = 0, offset = 0;
  absl::string_view build_id;
  if (!ConsumeNumber(line, start) || !ConsumeNumber(line, size) ||
      !ConsumeNumber(line, offset) || !ConsumeWord(line, build_id)) {
    return std::nullopt;
  }
  if (size == 0 || size > UINT64_MAX - start || size > UINT64_MAX - offset ||
      line.empty() || line.size() > kMaxPath) {
    return std::nullopt;
  }
  MovedRange range = {.memory = {RuntimeAddr(start), size},
                      .offset = FileOffset(offset),
                      .build_id = {},
                      .path = std::string(line)};
  if (build_id == "-") return range;
  if (build_id.size() > 2 * kMaxBuildId || build_id.size() % 2 != 0 ||
      !std::ranges::all_of(build_id, absl::ascii_isxdigit)) {
    return std::nullopt;
  }
  range.build_id = absl::HexStringToBytes(build_id);
  return range;
}

void MovedCode::Fork(uint32_t pid, uint32_t parent_pid, bool inherits) {
  if (folder_.empty()) return;
  if (pid != parent_pid) {
    if (inherits) Update(parent_pid);
    read_.erase(pid);
  }
  spaces_.Fork(pid, parent_pid, inherits);
}

void MovedCode::Exec(uint32_t pid) {
  if (folder_.empty()) return;
  read_.erase(pid);
  spaces_.Exec(pid);
}

void MovedCode::Exit(uint32_t pid) {
  if (!folder_.empty()) spaces_.Exit(pid);
}

std::optional<MovedCode::Origin> MovedCode::Find(uint32_t pid,
                                                 RuntimeAddr address) {
  if (folder_.empty()) return std::nullopt;
  Update(pid);
  const AddressSpaces::Found found = spaces_.Find(pid, address);
  if (!found.file.has_value()) return std::nullopt;
  const File& file = files_[found.file];
  return Origin{file.path, file.build_id, found.offset};
}

void MovedCode::Update(uint32_t pid) {
  uint64_t size = 0;
  const int file =
      OpenOwn(absl::StrCat(folder_, "/relink-", pid, ".map"), size);
  if (file < 0) return;
  uint64_t& read = read_[pid];
  // The process has become another program, which begins anew.
  if (size < read) read = 0;
  std::string text;
  while (read < std::min(size, kMaxSize)) {
    text.resize(std::min<uint64_t>(kPieceSize, size - read));
    const ssize_t count =
        pread(file, text.data(), text.size(), static_cast<off_t>(read));
    if (count <= 0) break;
    text.resize(static_cast<size_t>(count));
    // A line without an end is still being written.
    const size_t end = text.rfind('\n');
    if (end == std::string::npos) break;
    text.resize(end);
    for (absl::string_view line : absl::StrSplit(text, '\n')) {
      const auto range = ParseMovedRange(line);
      if (range) Add(pid, *range);
    }
    read += end + 1;
  }
  close(file);
}

void MovedCode::Add(uint32_t pid, const MovedRange& range) {
  if (spaces_.IsTooLarge()) return;
  std::string key = absl::StrCat(range.build_id, "\n", range.path);
  auto found = file_ids_.find(key);
  if (found == file_ids_.end()) {
    if (files_.size() >= kMaxFiles) return;
    const MappedFileId id = files_.Add({range.build_id, range.path});
    found = file_ids_.emplace(std::move(key), id).first;
  }
  spaces_.Map(pid, range.memory, range.offset.value(), found->second);
}

}  // namespace relink::profiles
