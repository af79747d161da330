// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/text/folded.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "profiles/print_profile.h"
#include "profiles/text/line_reader.h"
#include "relink/support/status_macros.h"

namespace relink::profiles {
namespace {

struct Stack {
  absl::string_view frames;
  uint64_t count = 0;
};

// The number is after the last blank: names have blanks, too.
bool SplitStack(absl::string_view line, Stack& stack) {
  line = absl::StripAsciiWhitespace(line);
  const size_t blank = line.rfind(' ');
  if (blank == absl::string_view::npos) return false;
  stack.frames = absl::StripAsciiWhitespace(line.substr(0, blank));
  return !stack.frames.empty() &&
         absl::SimpleAtoi(line.substr(blank + 1), &stack.count);
}

// Code of the kernel is as stackcollapse-perf.pl --all marks it.
std::optional<Unattributed> KindOf(absl::string_view frame) {
  if (absl::EndsWith(frame, "_[k]")) return Unattributed::kKernel;
  return FindFrameName(frame);
}

class Reader {
 public:
  absl::Status ReadLine(absl::string_view line) {
    if (line.empty() || line[0] == '#') return absl::OkStatus();
    Stack stack;
    if (!SplitStack(line, stack)) {
      return absl::InvalidArgumentError("expected a stack and a count");
    }
    const Count count = {stack.count, stack.count};
    total_ += count;
    std::vector<PlaceId> places;
    std::optional<Unattributed> kind;
    for (const absl::string_view frame : absl::StrSplit(stack.frames, ';')) {
      kind = KindOf(frame);
      if (kind) break;
      places.push_back(
          profile_.AddPlace(Place::In(module_, profile_.AddName(frame), 0)));
    }
    if (kind) {
      profile_.AddUnattributed(*kind, count);
    } else {
      profile_.AddCount(places.back(), count);
    }
    for (size_t i = places.size(); i > 1; --i) {
      const bool innermost = i == places.size() && !kind;
      profile_.AddEdge({innermost ? EdgeKind::kCall : EdgeKind::kOuterCall,
                        places[i - 2], places[i - 1]},
                       count);
    }
    return absl::OkStatus();
  }

  Profile Finish() {
    profile_.AddSource({.format = "folded", .event = {}}, total_);
    return std::move(profile_);
  }
  const Profile& profile() const { return profile_; }

 private:
  Profile profile_;
  ModuleId module_ = profile_.AddModule({});
  Count total_;
};

// What separates frames and stacks is not in a name.
std::string Frame(const Profile& profile, const ProfiledFunction& function) {
  const std::string name =
      function.name.empty()
          ? absl::StrCat("[", ModuleName(profile.module(function.module)), "]")
          : function.name;
  return absl::StrReplaceAll(name, {{";", ":"}, {"\n", " "}});
}

}  // namespace

bool IsFolded(ByteView head) {
  const std::vector<absl::string_view> lines = FirstLines(head);
  Stack stack;
  return !lines.empty() &&
         std::all_of(lines.begin(), lines.end(), [&](absl::string_view line) {
           return SplitStack(line, stack);
         });
}

absl::StatusOr<Profile> ReadFolded(ByteStream in, const ReadOptions&) {
  Reader reader;
  RETURN_IF_ERROR(
      ReadLines(std::move(in), reader.profile(),
                [&](absl::string_view line) { return reader.ReadLine(line); }));
  return reader.Finish();
}

absl::Status WriteFolded(const Profile& profile, const SymbolSource& symbols,
                         std::ostream& out) {
  const FunctionTable table(profile, symbols);
  std::map<std::string, uint64_t> stacks;
  std::vector<uint64_t> called(table.functions().size());
  for (const auto& [edge, count] : profile.EdgesOf(EdgeKind::kCall)) {
    const FunctionId callee = table.FunctionOf(edge.to);
    called[callee.index()] += count.samples;
    stacks[absl::StrCat(
        Frame(profile, table.functions()[table.FunctionOf(edge.from)]), ";",
        Frame(profile, table.functions()[callee]))] += count.samples;
  }
  for (const FunctionId id : table.ByWeight()) {
    const ProfiledFunction& function = table.functions()[id];
    const uint64_t known = called[id.index()];
    if (function.count.samples > known) {
      stacks[Frame(profile, function)] += function.count.samples - known;
    }
  }
  for (int i = 0; i < kUnattributedKinds; ++i) {
    const auto kind = static_cast<Unattributed>(i);
    const Count& count = profile.unattributed(kind);
    if (kind == Unattributed::kLost || count.samples == 0) continue;
    stacks[FrameName(kind)] += count.samples;
  }
  for (const auto& [stack, count] : stacks)
    out << stack << ' ' << count << '\n';
  return absl::OkStatus();
}

}  // namespace relink::profiles
