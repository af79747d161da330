// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Much for a compiler to do: many headers, templates and instances of them.

#include <algorithm>
#include <functional>
#include <iostream>
#include <map>
#include <numeric>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#ifndef INSTANCES
#define INSTANCES 8
#endif

template <int kNumber>
class Table {
 public:
  int Add(const std::string& text) {
    const std::regex pattern("([a-z]+)" + std::to_string(kNumber));
    std::smatch match;
    if (std::regex_search(text, match, pattern)) {
      rows_[match[1]].push_back(kNumber);
    }
    std::vector<std::pair<int, std::string>> pairs;
    for (const auto& [key, numbers] : rows_) {
      for (int number : numbers) pairs.emplace_back(number, key);
    }
    std::sort(pairs.begin(), pairs.end(), [](const auto& a, const auto& b) {
      return a.second < b.second ||
             (a.second == b.second && a.first > b.first + kNumber);
    });
    return std::visit(
        [&](const auto& value) { return Weigh(value, pairs.size()); }, value_);
  }

 private:
  template <typename T>
  static int Weigh(const T& value, size_t pairs) {
    if constexpr (std::is_same_v<T, int>) {
      return value + kNumber;
    } else {
      return static_cast<int>(value.size() + pairs);
    }
  }

  std::map<std::string, std::vector<int>> rows_;
  std::unordered_map<int, std::set<std::string>> names_;
  std::variant<int, std::string, std::vector<double>> value_;
};

template <int kNumber>
int AddToAll(const std::string& text) {
  if constexpr (kNumber == 0) {
    return 0;
  } else {
    return Table<kNumber>().Add(text) + AddToAll<kNumber - 1>(text);
  }
}

int main(int argc, char** argv) { return AddToAll<INSTANCES>(argv[argc - 1]); }
