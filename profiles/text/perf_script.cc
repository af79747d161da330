// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/text/perf_script.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "profiles/perf/address_spaces.h"
#include "profiles/perf/memory_name.h"
#include "profiles/perf/moved_code.h"
#include "profiles/text/line_reader.h"
#include "relink/support/status_macros.h"

namespace relink::profiles {
namespace {

// "COMM PID[/TID] [CPU] [TIME:] [PERIOD] EVENT:" and what stands behind.
struct SampleLine {
  uint32_t pid = 0;
  uint64_t period = 0;
  absl::string_view event;
  absl::string_view rest;
};

// The name of a process may have blanks in it: the first whole number after the
// first word is its number.
std::optional<SampleLine> ParseSampleLine(absl::string_view line) {
  const std::vector<absl::string_view> words = Words(line);
  SampleLine sample;
  size_t i = 1;
  for (; i < words.size(); ++i) {
    const absl::string_view pid = words[i].substr(0, words[i].find('/'));
    if (absl::SimpleAtoi(pid, &sample.pid)) break;
  }
  bool has_time = false;
  for (++i; i < words.size(); ++i) {
    absl::string_view word = words[i];
    if (word[0] == '[') continue;  // [CPU]
    if (uint64_t period; absl::SimpleAtoi(word, &period)) {
      sample.period = period;
      continue;
    }
    if (!absl::ConsumeSuffix(&word, ":")) return std::nullopt;
    double time;
    if (!has_time && absl::SimpleAtod(word, &time)) {
      has_time = true;
      continue;
    }
    sample.event = word;
    sample.rest = line.substr(
        static_cast<size_t>(words[i].data() + words[i].size() - line.data()));
    return sample;
  }
  return std::nullopt;
}

// "ADDRESS SYMBOL+0xOFFSET (FILE)"
struct FrameLine {
  uint64_t address = 0;
  absl::string_view symbol;  // Empty if there is none.
  uint64_t offset = 0;
  absl::string_view file;
};

std::optional<FrameLine> ParseFrame(absl::string_view line) {
  FrameLine frame;
  line = absl::StripAsciiWhitespace(line);
  const size_t blank = line.find(' ');
  if (!absl::SimpleHexAtoi(line.substr(0, blank), &frame.address)) {
    return std::nullopt;
  }
  if (blank == absl::string_view::npos) return frame;
  line = absl::StripAsciiWhitespace(line.substr(blank));
  const size_t open = line.rfind(" (");
  if (open != absl::string_view::npos && absl::EndsWith(line, ")")) {
    frame.file = line.substr(open + 2, line.size() - open - 3);
    line = line.substr(0, open);
  } else if (absl::StartsWith(line, "(") && absl::EndsWith(line, ")")) {
    frame.file = line.substr(1, line.size() - 2);
    line = {};
  }
  const size_t plus = line.rfind("+0x");
  if (plus != absl::string_view::npos &&
      absl::SimpleHexAtoi(line.substr(plus + 3), &frame.offset)) {
    line = line.substr(0, plus);
  } else {
    frame.offset = 0;
  }
  if (line != "[unknown]") frame.symbol = line;
  return frame;
}

// "PERF_RECORD_MMAP2 1/1: [0x1000(0x1000) @ 0x1000 fe:00 1 1]: r-xp /bin/a"
struct MmapLine {
  uint32_t pid = 0;
  uint64_t begin = 0;
  uint64_t size = 0;
  uint64_t file_offset = 0;
  absl::string_view name;
};

std::optional<MmapLine> ParseMmap(absl::string_view text) {
  MmapLine mmap;
  const auto take = [&text](absl::string_view until) {
    const size_t end = text.find(until);
    const absl::string_view taken = text.substr(0, end);
    text = end == absl::string_view::npos ? absl::string_view()
                                          : text.substr(end + until.size());
    return absl::StripAsciiWhitespace(taken);
  };
  take(" ");
  const bool is_process = absl::SimpleAtoi(take("/"), &mmap.pid);
  take("[");
  if (!absl::SimpleHexAtoi(take("("), &mmap.begin) ||
      !absl::SimpleHexAtoi(take(")"), &mmap.size)) {
    return std::nullopt;
  }
  take("@");
  const absl::string_view details = take("]:");
  if (!absl::SimpleHexAtoi(details.substr(0, details.find(' ')),
                           &mmap.file_offset)) {
    return std::nullopt;
  }
  text = absl::StripLeadingAsciiWhitespace(text);
  take(" ");
  mmap.name = absl::StripAsciiWhitespace(text);
  // The kernel has the number -1.
  return is_process ? std::optional(mmap) : std::nullopt;
}

// What perf calls anonymous memory for which somebody wrote names.
bool IsPerfMap(absl::string_view file) {
  return absl::StartsWith(file, "/tmp/perf-") && absl::EndsWith(file, ".map");
}

class Reader {
 public:
  explicit Reader(const ReadOptions& options)
      : moved_(options.moved), event_(options.event) {}

  absl::Status ReadLine(absl::string_view line) {
    if (absl::StripAsciiWhitespace(line).empty()) {
      EndSample();
      return absl::OkStatus();
    }
    if (line[0] == '#') return absl::OkStatus();
    if (const size_t at = line.find("PERF_RECORD_");
        at != absl::string_view::npos) {
      EndSample();
      return ReadRecord(line.substr(0, at), line.substr(at));
    }
    // Behind a tab, or behind blanks where a text has been through an editor.
    const bool is_frame =
        line[0] == '\t' || (line[0] == ' ' && !ParseSampleLine(line));
    if (is_frame && in_sample_) {
      const auto frame = ParseFrame(line);
      if (!frame) return absl::InvalidArgumentError("expected an address");
      AddFrame(*frame);
      return absl::OkStatus();
    }
    EndSample();
    const auto sample = ParseSampleLine(line);
    if (!sample) return absl::InvalidArgumentError("no line of a sample");
    BeginSample(*sample);
    return absl::OkStatus();
  }

  absl::StatusOr<Profile> Finish() {
    EndSample();
    profile_.AddSource({.format = "perf-script", .event = event_}, total_);
    return std::move(profile_);
  }
  const Profile& profile() const { return profile_; }

 private:
  struct Frame {
    std::optional<PlaceId> place;
    Unattributed kind = Unattributed::kUnknown;
  };

  absl::Status ReadRecord(absl::string_view head, absl::string_view record) {
    uint32_t pid = 0;
    for (const absl::string_view word : Words(head)) {
      if (absl::SimpleAtoi(word, &pid)) break;
    }
    if (absl::StartsWith(record, "PERF_RECORD_MMAP")) {
      const auto mmap = ParseMmap(record);
      if (!mmap) return absl::OkStatus();
      const auto [it, added] = file_ids_.try_emplace(std::string(mmap->name));
      if (added) it->second = files_.Add(std::string(mmap->name));
      spaces_.Map(mmap->pid, {RuntimeAddr(mmap->begin), mmap->size},
                  mmap->file_offset, it->second);
    } else if (absl::StartsWith(record, "PERF_RECORD_COMM exec")) {
      spaces_.Exec(pid);
      moved_.Exec(pid);
    } else if (absl::ConsumePrefix(&record, "PERF_RECORD_FORK(")) {
      // PERF_RECORD_FORK(pid:tid):(ppid:ptid)
      uint32_t child = 0, parent = 0;
      const size_t second = record.find(":(");
      if (absl::SimpleAtoi(record.substr(0, record.find(':')), &child) &&
          second != absl::string_view::npos) {
        record = record.substr(second + 2);
        if (absl::SimpleAtoi(record.substr(0, record.find(':')), &parent)) {
          spaces_.Fork(child, parent, true);
          moved_.Fork(child, parent, true);
        }
      }
    }
    if (!spaces_.IsTooLarge()) return absl::OkStatus();
    return absl::ResourceExhaustedError("too many processes or mappings");
  }

  void BeginSample(const SampleLine& sample) {
    in_sample_ = true;
    is_chosen_ = true;
    if (event_.empty()) event_ = std::string(sample.event);
    if (sample.event != event_) is_chosen_ = false;
    pid_ = sample.pid;
    count_ = {1, std::max<uint64_t>(sample.period, 1)};
    stack_.clear();
    // Without a stack, the address is on the same line.
    if (const auto frame = ParseFrame(sample.rest)) AddFrame(*frame);
  }

  void AddFrame(const FrameLine& frame) { stack_.push_back(Resolve(frame)); }

  Frame Resolve(const FrameLine& frame) {
    constexpr uint64_t kKernel = uint64_t{1} << 63;
    constexpr uint64_t kMaxOffset = uint64_t{1} << 40;
    const bool is_path = absl::StartsWith(frame.file, "/");
    if (frame.address >= kKernel || absl::StartsWith(frame.file, "[kernel") ||
        absl::StartsWith(frame.file, "[guest.kernel")) {
      return {{}, Unattributed::kKernel};
    }
    const auto found = spaces_.Find(pid_, RuntimeAddr(frame.address));
    const std::string file(found.file.has_value()
                               ? absl::string_view(files_[found.file])
                               : frame.file);
    const auto kind = KindOfMemory(file);
    if (kind == Unattributed::kAnonymous || IsPerfMap(file)) {
      const auto moved = moved_.Find(pid_, RuntimeAddr(frame.address));
      if (moved && !KindOfMemory(moved->path)) {
        const ModuleId module =
            profile_.AddModule({.build_id = std::string(moved->build_id),
                                .path = std::string(moved->path)});
        return {profile_.AddPlace(Place::At(module, moved->offset)), {}};
      }
    }
    if (kind) return {{}, *kind};
    // perf shows frames of a stack as offsets in their files, though not what
    // is on the line of its sample; that lies where a process has mapped
    // something.
    const bool is_offset = !found.file.has_value() &&
                           frame.address < kMaxOffset &&
                           (spaces_.Version(pid_) != 0 || frame.symbol.empty());
    if (!found.file.has_value() &&
        (!is_path || (frame.symbol.empty() && !is_offset))) {
      return {};
    }
    const ModuleId module = profile_.AddModule({.path = file});
    if (is_offset) {
      return {profile_.AddPlace(Place::At(module, FileOffset(frame.address))),
              {}};
    }
    if (found.file.has_value()) {
      return {profile_.AddPlace(Place::At(module, found.offset)), {}};
    }
    return {profile_.AddPlace(Place::In(module, profile_.AddName(frame.symbol),
                                        frame.offset)),
            {}};
  }

  void EndSample() {
    if (!in_sample_) return;
    in_sample_ = false;
    if (!is_chosen_) {
      profile_.AddUnattributed(Unattributed::kOtherEvent, {1, 1});
      return;
    }
    total_ += count_;
    const Frame leaf = stack_.empty() ? Frame() : stack_[0];
    if (leaf.place) {
      profile_.AddCount(*leaf.place, count_);
    } else {
      profile_.AddUnattributed(leaf.kind, count_);
    }
    for (size_t i = 1; i < stack_.size(); ++i) {
      if (!stack_[i].place || !stack_[i - 1].place) continue;
      profile_.AddEdge({i == 1 ? EdgeKind::kCall : EdgeKind::kOuterCall,
                        *stack_[i].place, *stack_[i - 1].place},
                       count_);
    }
  }

  Profile profile_;
  AddressSpaces spaces_;
  MovedCode moved_;
  Table<MappedFileId, std::string> files_;
  absl::flat_hash_map<std::string, MappedFileId> file_ids_;
  std::string event_;
  Count total_;
  // The sample whose lines are being read.
  bool in_sample_ = false;
  bool is_chosen_ = false;
  uint32_t pid_ = 0;
  Count count_;
  std::vector<Frame> stack_;
};

}  // namespace

bool IsPerfScript(ByteView head) {
  const std::vector<absl::string_view> lines = FirstLines(head);
  if (lines.empty()) return false;
  return absl::StrContains(lines[0], " PERF_RECORD_") ||
         ParseSampleLine(lines[0]).has_value();
}

absl::StatusOr<Profile> ReadPerfScript(ByteStream in,
                                       const ReadOptions& options) {
  Reader reader(options);
  RETURN_IF_ERROR(
      ReadLines(std::move(in), reader.profile(),
                [&](absl::string_view line) { return reader.ReadLine(line); }));
  return reader.Finish();
}

}  // namespace relink::profiles
