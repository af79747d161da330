// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Reads what block_trace.c wrote, and `functions`, the addresses where
// functions begin, from the working folder. Prints for each layout, as JSON
// lines, how often an instruction cache of 32 KiB (8 ways, lines of 64 bytes)
// and a TLB of 64 pages of 4 KiB miss: code as it is; and, in the order in
// which it first ran, the hottest functions that have 99 % of the instructions,
// whole, or of each the blocks that ran at least so often. Jumps that a layout
// would need or save are not counted.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <ios>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace {

constexpr uint64_t kLine = 64;
constexpr uint64_t kPage = 4096;
constexpr double kCoverage = 0.99;
constexpr uint64_t kArena = uint64_t{1} << 44;

struct Block {
  uint64_t address = 0;
  uint64_t size = 0;
  uint64_t instructions = 0;
  size_t function = 0;  // The number of the one it is in, from 1; 0: none.
  uint64_t runs = 0;
};

// Least recently used.
class Cache {
 public:
  Cache(size_t sets, size_t ways)
      : sets_(sets), ways_(ways), entries_(sets * ways, UINT64_MAX) {}

  void Touch(uint64_t what) {
    uint64_t* set = &entries_[what % sets_ * ways_];
    size_t way = 0;
    while (way < ways_ && set[way] != what) ++way;
    if (way == ways_) {
      ++misses_;
      --way;
    }
    std::rotate(set, set + way, set + way + 1);
    set[0] = what;
  }
  uint64_t misses() const { return misses_; }

 private:
  size_t sets_;
  size_t ways_;
  std::vector<uint64_t> entries_;
  uint64_t misses_ = 0;
};

class Simulation {
 public:
  bool Read() {
    std::ifstream functions("functions");
    for (uint64_t at = 0; functions >> std::hex >> at;) begins_.push_back(at);
    std::sort(begins_.begin(), begins_.end());
    std::ifstream blocks("blocks");
    uint64_t number = 0;
    for (Block block; blocks >> std::dec >> number >> std::hex >>
                      block.address >> std::dec >> block.size >>
                      block.instructions;) {
      block.function = static_cast<size_t>(
          std::upper_bound(begins_.begin(), begins_.end(), block.address) -
          begins_.begin());
      blocks_.push_back(block);
    }
    first_run_.resize(begins_.size() + 1);
    weights_.resize(begins_.size() + 1);
    uint64_t time = 0;
    return ForEachRun([&](size_t i) {
      Block& block = blocks_[i];
      ++block.runs;
      all_ += block.instructions;
      weights_[block.function] += block.instructions;
      if (first_run_[block.function] == 0) first_run_[block.function] = ++time;
    });
  }

  void PrintAsItIs() {
    std::vector<uint64_t> places;
    for (const Block& block : blocks_) places.push_back(block.address);
    Print("as it is", places, 0);
  }

  // Blocks that ran less often stay; 0: functions go whole.
  void PrintPacked(uint64_t least_runs) {
    std::vector<uint64_t> places;
    for (const Block& block : blocks_) places.push_back(block.address);
    std::map<size_t, std::vector<size_t>> members;
    for (size_t i = 0; i < blocks_.size(); ++i) {
      members[blocks_[i].function].push_back(i);
    }
    uint64_t at = kArena;
    for (const size_t function : Hottest()) {
      at = (at + 15) / 16 * 16;
      const uint64_t begin = begins_[function - 1];
      if (least_runs == 0) {
        for (const size_t i : members[function]) {
          places[i] = at + blocks_[i].address - begin;
        }
        at += function < begins_.size() ? begins_[function] - begin : 16;
        continue;
      }
      at = PlaceBlocks(members[function], least_runs, at, places);
    }
    Print(least_runs == 0
              ? "whole functions"
              : "blocks that ran " + std::to_string(least_runs) + " times",
          places, at - kArena);
  }

 private:
  template <typename Visit>
  bool ForEachRun(Visit visit) const {
    std::FILE* file = std::fopen("sequence", "r");
    if (file == nullptr) return false;
    std::vector<uint32_t> numbers(1 << 20);
    for (size_t count = 0; (count = std::fread(numbers.data(), sizeof(uint32_t),
                                               numbers.size(), file)) != 0;) {
      for (size_t i = 0; i < count; ++i) {
        if (numbers[i] < blocks_.size()) visit(numbers[i]);
      }
    }
    std::fclose(file);
    return true;
  }

  // In the order in which they first ran.
  std::vector<size_t> Hottest() const {
    std::vector<size_t> order;
    uint64_t all = 0;
    for (size_t i = 1; i < weights_.size(); ++i) {
      if (weights_[i] == 0) continue;
      order.push_back(i);
      all += weights_[i];
    }
    std::sort(order.begin(), order.end(),
              [&](size_t a, size_t b) { return weights_[a] > weights_[b]; });
    double sum = 0;
    size_t count = 0;
    while (count < order.size() && sum < kCoverage * static_cast<double>(all)) {
      sum += static_cast<double>(weights_[order[count++]]);
    }
    order.resize(count);
    std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
      return first_run_[a] < first_run_[b];
    });
    return order;
  }

  // Blocks may overlap: what is entered in its middle is two. Returns the end.
  uint64_t PlaceBlocks(const std::vector<size_t>& members, uint64_t least_runs,
                       uint64_t at, std::vector<uint64_t>& places) const {
    std::vector<std::pair<uint64_t, uint64_t>> ranges;  // Address, end.
    for (const size_t i : members) {
      const Block& block = blocks_[i];
      if (block.runs < least_runs) continue;
      ranges.emplace_back(block.address, block.address + block.size);
    }
    std::sort(ranges.begin(), ranges.end());
    std::map<uint64_t, uint64_t>
        starts;  // Where the range of that address goes.
    uint64_t end = 0;
    uint64_t begin = 0;
    for (const auto& [from, to] : ranges) {
      if (from > end || starts.empty()) {
        at += end - begin;
        begin = from;
        starts[from] = at;
        end = to;
      }
      end = std::max(end, to);
    }
    at += end - begin;
    for (const size_t i : members) {
      if (blocks_[i].runs < least_runs) continue;
      const auto range = std::prev(starts.upper_bound(blocks_[i].address));
      places[i] = range->second + blocks_[i].address - range->first;
    }
    return at;
  }

  void Print(const std::string& layout, const std::vector<uint64_t>& places,
             uint64_t bytes) const {
    Cache lines(64, 8);
    Cache pages(1, 64);
    uint64_t last = UINT64_MAX;
    ForEachRun([&](size_t i) {
      const uint64_t end = places[i] + blocks_[i].size;
      for (uint64_t line = places[i] / kLine; line * kLine < end; ++line) {
        if (line == last) continue;
        last = line;
        lines.Touch(line);
        pages.Touch(line / (kPage / kLine));
      }
    });
    std::printf(
        "{\"layout\": \"%s\", \"instructions\": %llu, \"bytes\": %llu, "
        "\"line_misses\": %llu, \"page_misses\": %llu}\n",
        layout.c_str(), static_cast<unsigned long long>(all_),
        static_cast<unsigned long long>(bytes),
        static_cast<unsigned long long>(lines.misses()),
        static_cast<unsigned long long>(pages.misses()));
    std::fflush(stdout);
  }

  std::vector<uint64_t> begins_;
  std::vector<Block> blocks_;
  std::vector<uint64_t> first_run_;  // By function.
  std::vector<uint64_t> weights_;    // The same: instructions.
  uint64_t all_ = 0;
};

}  // namespace

int main() {
  Simulation simulation;
  if (!simulation.Read()) {
    std::fputs("there is no trace in the working folder\n", stderr);
    return 1;
  }
  simulation.PrintAsItIs();
  for (const uint64_t least_runs : {0, 1, 30, 300}) {
    simulation.PrintPacked(least_runs);
  }
  return 0;
}
