// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/find_functions.h"

#include <algorithm>

#include "absl/strings/match.h"

namespace relink {
namespace {

constexpr char kSeveralFrames[] = "symbols overlap, with an unwind record each";

// What a symbol or a record says: there is a function from `begin` on.
struct Candidate {
  LinkAddr begin;
  uint64_t size = 0;
  uint32_t frame = FoundFunctions::kNoFrame;
  uint32_t symbol = UINT32_MAX;
};

// Their stubs belong together; no symbol says what they are.
bool IsWhole(absl::string_view section) {
  return absl::StartsWith(section, ".plt") || section == ".init" ||
         section == ".fini";
}

class Finder {
 public:
  Finder(std::span<const NamedRange> symbols, const FrameIndex& frames)
      : symbols_(symbols), frames_(frames) {}

  FoundFunctions Find(std::span<const CodeRange> code) {
    Collect();
    found_.functions.reserve(candidates_.size());
    found_.frames.reserve(candidates_.size());
    auto next = candidates_.begin();
    for (const CodeRange& range : code) {
      while (next != candidates_.end() && next->begin < range.home.begin) {
        ++next;
      }
      auto end = next;
      while (end != candidates_.end() && range.home.Contains(end->begin)) ++end;
      FindIn(range, {next, end});
      next = end;
    }
    return std::move(found_);
  }

 private:
  void Collect() {
    candidates_.reserve(symbols_.size() + frames_.frames.size());
    for (uint32_t i = 0; i < frames_.frames.size(); ++i) {
      const LinkRange code = frames_.frames[i].code;
      if (code.size != 0) {
        candidates_.push_back({code.begin, code.size, i, UINT32_MAX});
      }
    }
    for (uint32_t i = 0; i < symbols_.size(); ++i) {
      const LinkRange range = symbols_[i].range;
      candidates_.push_back(
          {range.begin, range.size, FoundFunctions::kNoFrame, i});
    }
    std::sort(candidates_.begin(), candidates_.end(),
              [](const Candidate& a, const Candidate& b) {
                if (a.begin != b.begin) return a.begin < b.begin;
                if (a.size != b.size) return a.size > b.size;
                return a.symbol < b.symbol;
              });
  }

  void FindIn(const CodeRange& range, std::span<const Candidate> candidates) {
    const size_t before = found_.functions.size();
    if (IsWhole(range.name)) {
      Begin({range.home.begin, range.home.size});
      found_.functions.back().name = range.name;
    }
    for (const Candidate& candidate : candidates) {
      if (!range.home.Contains(LinkRange{candidate.begin, candidate.size})) {
        continue;
      }
      if (found_.functions.size() == before || !Continues(candidate)) {
        Begin(candidate);
      }
      Merge(candidate);
      if (found_.functions.back().range.size == 0) Reach(range);
    }
    if (found_.functions.size() == before) {
      Begin({range.home.begin, range.home.size});
      found_.functions.back().name = range.name;
    }
  }

  // Whether it is a part of the function that was found last. One without a
  // size has only what begins where it does.
  bool Continues(const Candidate& candidate) const {
    const LinkRange last = found_.functions.back().range;
    return found_.sizeless.back() ? candidate.begin == last.begin
                                  : candidate.begin < last.end();
  }

  // To the end of the section, or as far as the next one lets it.
  void Reach(const CodeRange& range) {
    Function& function = found_.functions.back();
    function.range.size =
        static_cast<uint64_t>(range.home.end() - function.range.begin);
    found_.sizeless.back() = true;
  }

  void Begin(const Candidate& candidate) {
    if (!found_.functions.empty() && found_.sizeless.back()) {
      Function& last = found_.functions.back();
      if (last.range.end() > candidate.begin) {
        last.range.size =
            static_cast<uint64_t>(candidate.begin - last.range.begin);
      }
    }
    Function function;
    function.range = {candidate.begin, candidate.size};
    if (frames_.problem != nullptr) function.pinned = frames_.problem;
    found_.functions.push_back(function);
    found_.frames.push_back(FoundFunctions::kNoFrame);
    found_.sizeless.push_back(false);
  }

  void Merge(const Candidate& candidate) {
    Function& function = found_.functions.back();
    const LinkAddr end =
        std::max(function.range.end(), candidate.begin + candidate.size);
    function.range.size = static_cast<uint64_t>(end - function.range.begin);
    if (candidate.begin != function.range.begin) {
      found_.inner_entries.push_back(candidate.begin);
    } else if (candidate.symbol != UINT32_MAX && function.name.empty()) {
      function.name = symbols_[candidate.symbol].name;
    }
    if (candidate.frame == FoundFunctions::kNoFrame) return;
    uint32_t& frame = found_.frames.back();
    if (frame != FoundFunctions::kNoFrame) {
      function.pinned = kSeveralFrames;
      function.pinned_at = candidate.begin;
      return;
    }
    frame = candidate.frame;
    function.fde = frames_.frames[frame].record;
    function.pinned = {};
  }

  std::span<const NamedRange> symbols_;
  const FrameIndex& frames_;
  LargeVector<Candidate> candidates_;
  FoundFunctions found_;
};

}  // namespace

FoundFunctions FindFunctions(std::span<const CodeRange> code,
                             std::span<const NamedRange> symbols,
                             const FrameIndex& frames) {
  return Finder(symbols, frames).Find(code);
}

std::vector<LinkRange> KeepFunctions(const WantedFunctions& wanted,
                                     FoundFunctions& found) {
  std::vector<LinkRange> left_out;
  size_t kept = 0;
  auto place = wanted.places.begin();
  for (size_t i = 0; i < found.functions.size(); ++i) {
    const Function& function = found.functions[i];
    while (place != wanted.places.end() &&
           place->address < function.range.begin) {
      ++place;
    }
    bool ran = false;
    double weight = 0;
    for (; place != wanted.places.end() &&
           function.range.Contains(place->address);
         ++place) {
      ran = true;
      weight += place->weight;
    }
    if (!(ran && weight >= wanted.least) &&
        !absl::StartsWith(function.name, ".plt")) {
      left_out.push_back(function.range);
      continue;
    }
    found.functions[kept] = function;
    found.frames[kept] = found.frames[i];
    found.sizeless[kept] = found.sizeless[i];
    ++kept;
  }
  found.functions.resize(kept);
  found.frames.resize(kept);
  found.sizeless.resize(kept);
  return left_out;
}

}  // namespace relink
