// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/pass/line_diff.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace relink {
namespace {

constexpr size_t kContext = 2;
// Lines that are looked for one by one; memory grows with its square.
constexpr int64_t kMaxEdits = 1000;

using Lines = std::vector<absl::string_view>;

// Lines [before_begin, before_end) become lines [after_begin, after_end).
struct Change {
  size_t before_begin, before_end;
  size_t after_begin, after_end;
};

Lines SplitLines(absl::string_view text) {
  Lines lines = absl::StrSplit(text, '\n');
  if (lines.back().empty()) lines.pop_back();
  return lines;
}

// How far the two go on alike from here.
size_t CommonLength(const Lines& before, size_t b, size_t b_end,
                    const Lines& after, size_t a, size_t a_end) {
  size_t length = 0;
  while (b + length < b_end && a + length < a_end &&
         before[b + length] == after[a + length]) {
    ++length;
  }
  return length;
}

// The fewest insertions and deletions between the two parts, or the whole as
// one change if there are more than kMaxEdits (E. Myers, "An O(ND) Difference
// Algorithm and Its Variations", 1986).
class Differ {
 public:
  Differ(const Lines& before, const Lines& after, Change part)
      : before_(before), after_(after), part_(part) {}

  std::vector<Change> Changes() {
    const int64_t edits = Search();
    if (edits < 0) return {part_};
    return Backtrack(edits);
  }

 private:
  int64_t before_size() const { return part_.before_end - part_.before_begin; }
  int64_t after_size() const { return part_.after_end - part_.after_begin; }

  // Diagonal k = lines taken of before - lines taken of after. reached_[d][k+d]
  // is how many lines of before the furthest path with d edits has taken on it.
  int64_t Reached(int64_t d, int64_t k) const { return reached_[d][k + d]; }

  // Whether the furthest path on diagonal `k` with `d` edits ended with an
  // insertion.
  bool Inserted(int64_t d, int64_t k) const {
    return k == -d || (k != d && Reached(d - 1, k - 1) < Reached(d - 1, k + 1));
  }

  // Lines of before taken at the start of the last run of common lines.
  int64_t Start(int64_t d, int64_t k) const {
    if (d == 0) return 0;
    return Inserted(d, k) ? Reached(d - 1, k + 1) : Reached(d - 1, k - 1) + 1;
  }

  int64_t Search() {
    for (int64_t d = 0; d <= std::min(kMaxEdits, before_size() + after_size());
         ++d) {
      reached_.emplace_back(2 * d + 1);
      for (int64_t k = -d; k <= d; k += 2) {
        int64_t x = Start(d, k);
        if (x <= before_size() && x - k <= after_size() && x - k >= 0) {
          x += CommonLength(before_, part_.before_begin + x, part_.before_end,
                            after_, part_.after_begin + (x - k),
                            part_.after_end);
        }
        reached_[d][k + d] = x;
        if (x >= before_size() && x - k >= after_size()) return d;
      }
    }
    return -1;
  }

  std::vector<Change> Backtrack(int64_t edits) const {
    std::vector<Change> changes;
    int64_t k = before_size() - after_size();
    for (int64_t d = edits; d > 0; --d) {
      const bool inserted = Inserted(d, k);
      const int64_t x_end = Start(d, k), y_end = x_end - k;
      k += inserted ? 1 : -1;
      const int64_t x = inserted ? x_end : x_end - 1;
      const int64_t y = inserted ? y_end - 1 : y_end;
      changes.push_back({part_.before_begin + x, part_.before_begin + x_end,
                         part_.after_begin + y, part_.after_begin + y_end});
    }
    std::ranges::reverse(changes);
    return changes;
  }

  const Lines& before_;
  const Lines& after_;
  const Change part_;
  std::vector<std::vector<int64_t>> reached_;
};

std::vector<Change> FindChanges(const Lines& before, const Lines& after) {
  const size_t prefix =
      CommonLength(before, 0, before.size(), after, 0, after.size());
  size_t suffix = 0;
  while (suffix < std::min(before.size(), after.size()) - prefix &&
         before[before.size() - 1 - suffix] ==
             after[after.size() - 1 - suffix]) {
    ++suffix;
  }
  const Change part = {prefix, before.size() - suffix, prefix,
                       after.size() - suffix};
  if (part.before_begin == part.before_end &&
      part.after_begin == part.after_end) {
    return {};
  }
  return Differ(before, after, part).Changes();
}

// "3,4", or "3" for one line; of none, the line before.
std::string RangeText(size_t begin, size_t end) {
  const size_t size = end - begin;
  if (size == 1) return absl::StrCat(begin + 1);
  return absl::StrCat(size == 0 ? begin : begin + 1, ",", size);
}

void AppendLines(char mark, const Lines& lines, size_t begin, size_t end,
                 std::string& text) {
  for (size_t i = begin; i < end; ++i) {
    text += mark;
    absl::StrAppend(&text, lines[i], "\n");
  }
}

// Changes with few lines between them, and the lines around.
std::string HunkText(const Lines& before, const Lines& after,
                     const Change* first, const Change* last) {
  const size_t above = std::min(kContext, first->before_begin);
  const size_t below = std::min(kContext, before.size() - last->before_end);
  std::string text = absl::StrCat(
      "@@ -", RangeText(first->before_begin - above, last->before_end + below),
      " +", RangeText(first->after_begin - above, last->after_end + below),
      " @@\n");
  size_t next = first->before_begin - above;
  for (const Change* change = first; change <= last; ++change) {
    AppendLines(' ', before, next, change->before_begin, text);
    AppendLines('-', before, change->before_begin, change->before_end, text);
    AppendLines('+', after, change->after_begin, change->after_end, text);
    next = change->before_end;
  }
  AppendLines(' ', before, next, last->before_end + below, text);
  return text;
}

}  // namespace

std::string LineDiff(absl::string_view before, absl::string_view after) {
  const Lines before_lines = SplitLines(before);
  const Lines after_lines = SplitLines(after);
  const std::vector<Change> changes = FindChanges(before_lines, after_lines);
  std::string text;
  for (size_t i = 0; i < changes.size();) {
    size_t last = i;
    while (last + 1 < changes.size() &&
           changes[last + 1].before_begin - changes[last].before_end <=
               2 * kContext) {
      ++last;
    }
    text += HunkText(before_lines, after_lines, &changes[i], &changes[last]);
    i = last + 1;
  }
  return text;
}

}  // namespace relink
