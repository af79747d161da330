// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "bench/run_suite.h"

#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <iostream>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "relink/support/status_macros.h"

namespace relink::bench {
namespace {

constexpr absl::string_view kUsage =
    " [--case CASE]... [--seconds S] [--pairs N] [--json FILE]\n"
    "       [--breakdown CASE]\n"
    "  --case CASE       measure this case; all of them without any --case\n"
    "  --seconds S       measure each for about so long\n"
    "  --pairs N         and for at least so many pairs of blocks\n"
    "  --json FILE       write the results there, too\n"
    "  --breakdown CASE  say where the time of a case goes instead\n";

struct Arguments {
  std::vector<const PairedCase*> cases;
  Effort effort;
  std::string json;
  const PairedCase* breakdown = nullptr;
};

// Sets what one option says. Its errors are the caller's of the program.
absl::Status SetOption(const Suite& suite, absl::string_view name,
                       absl::string_view value, Arguments& arguments) {
  if (name == "--json") {
    arguments.json = std::string(value);
    return absl::OkStatus();
  }
  if (name == "--seconds" || name == "--pairs") {
    const bool good = name == "--pairs"
                          ? absl::SimpleAtoi(value, &arguments.effort.pairs)
                          : absl::SimpleAtod(value, &arguments.effort.seconds);
    if (good) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat(name, ": ", value, " is not a number"));
  }
  if (name != "--case" && name != "--breakdown") {
    return absl::InvalidArgumentError(absl::StrCat(name, ": unknown"));
  }
  const auto found = std::ranges::find(suite.cases, value, &PairedCase::name);
  if (found == suite.cases.end()) {
    return absl::InvalidArgumentError(
        absl::StrCat(value, ": no such case in suite ", suite.name));
  }
  if (name == "--case") {
    arguments.cases.push_back(&*found);
  } else if (suite.breakdown != nullptr) {
    arguments.breakdown = &*found;
  } else {
    return absl::InvalidArgumentError(
        absl::StrCat("--breakdown: suite ", suite.name, " has none"));
  }
  return absl::OkStatus();
}

absl::StatusOr<Arguments> Parse(const Suite& suite,
                                std::span<const absl::string_view> args) {
  Arguments arguments;
  for (size_t i = 0; i < args.size(); i += 2) {
    if (i + 1 == args.size()) {
      return absl::InvalidArgumentError(
          absl::StrCat(args[i], ": unknown, or without its value"));
    }
    RETURN_IF_ERROR(SetOption(suite, args[i], args[i + 1], arguments));
  }
  if (arguments.cases.empty()) {
    for (const PairedCase& paired : suite.cases) {
      arguments.cases.push_back(&paired);
    }
  }
  return arguments;
}

std::string TimeText(double ns) {
  if (ns < 1e3) return absl::StrFormat("%.2f ns", ns);
  if (ns < 1e6) return absl::StrFormat("%.1f us", ns / 1e3);
  return absl::StrFormat("%.1f ms", ns / 1e6);
}

// One line that the next one overwrites, if someone is looking.
void ShowProgress(absl::string_view suite, absl::string_view name, size_t index,
                  size_t count) {
  const bool terminal = isatty(STDERR_FILENO) != 0;
  std::cerr << absl::StrFormat("[%d/%d] %s %s", index + 1, count, suite, name)
            << (terminal ? "" : "\n") << std::flush;
}
void ClearProgress() {
  if (isatty(STDERR_FILENO) != 0) std::cerr << "\r\033[K" << std::flush;
}

// A Markdown table that also reads well as it is.
void PrintHeader(absl::string_view suite) {
  std::cout << absl::StrFormat("| %-22s | %10s | %-23s | %6s | %-15s |\n",
                               suite, "Relink", "baseline", "ratio",
                               "middle half")
            << absl::StrFormat("|-%s-|-%s:|-%s-|-%s:|-%s-|\n",
                               std::string(22, '-'), std::string(10, '-'),
                               std::string(23, '-'), std::string(6, '-'),
                               std::string(15, '-'));
}
void PrintRow(const PairedCase& paired, const PairedTimes& times) {
  std::cout << absl::StrFormat(
                   "| %-22s | %10s | %10s %-12s | %6.3f | %6.3f to %5.3f |",
                   paired.name, TimeText(times.relink_ns),
                   TimeText(times.baseline_ns), paired.baseline, times.ratio(),
                   times.lower_quartile, times.upper_quartile)
            << std::endl;
}

// Names of suites, cases and baselines have nothing that JSON would escape.
std::string JsonRow(const Suite& suite, const PairedCase& paired,
                    const PairedTimes& times) {
  return absl::StrFormat(
      "{\"suite\": \"%s\", \"case\": \"%s\", \"relink_ns\": %.2f, "
      "\"baseline\": \"%s\", \"baseline_ns\": %.2f, \"ratio\": %.4f}",
      suite.name, paired.name, times.relink_ns, paired.baseline,
      times.baseline_ns, times.ratio());
}

absl::Status WriteJson(const std::string& path,
                       const std::vector<std::string>& rows) {
  std::ofstream file(path);
  file << "[";
  for (size_t i = 0; i < rows.size(); ++i) {
    file << (i == 0 ? "\n  " : ",\n  ") << rows[i];
  }
  file << "\n]\n";
  if (!file.flush()) {
    return absl::ResourceExhaustedError(absl::StrCat(path, ": cannot write"));
  }
  return absl::OkStatus();
}

// A case that fails is reported and left out; the others are still measured.
bool MeasureAll(const Suite& suite, const Arguments& arguments) {
  bool good = true;
  std::vector<std::string> rows;
  PrintHeader(suite.name);
  for (size_t i = 0; i < arguments.cases.size(); ++i) {
    const PairedCase& paired = *arguments.cases[i];
    ShowProgress(suite.name, paired.name, i, arguments.cases.size());
    const absl::StatusOr<PairedTimes> times = Measure(paired, arguments.effort);
    ClearProgress();
    if (!times.ok()) {
      std::cerr << suite.name << " " << paired.name << ": "
                << times.status().message() << std::endl;
      good = false;
      continue;
    }
    PrintRow(paired, *times);
    rows.push_back(JsonRow(suite, paired, *times));
  }
  if (arguments.json.empty()) return good;
  const absl::Status written = WriteJson(arguments.json, rows);
  if (!written.ok()) std::cerr << written.message() << std::endl;
  return good && written.ok();
}

bool Breakdown(const Suite& suite, const Arguments& arguments) {
  const PairedCase& paired = *arguments.breakdown;
  const absl::Status status =
      suite.breakdown(paired.name, arguments.effort.seconds);
  if (!status.ok()) {
    std::cerr << suite.name << " " << paired.name << ": " << status.message()
              << std::endl;
  }
  return status.ok();
}

}  // namespace

int RunSuite(const Suite& suite, std::span<const absl::string_view> args) {
  const std::string usage =
      absl::StrCat("usage: ", suite.name, "_benchmark", kUsage);
  if (args.size() == 1 && args[0] == "--help") {
    std::cout << usage;
    return 0;
  }
  const absl::StatusOr<Arguments> arguments = Parse(suite, args);
  if (!arguments.ok()) {
    std::cerr << arguments.status().message() << '\n' << usage;
    return 2;
  }
  const bool good = arguments->breakdown == nullptr
                        ? MeasureAll(suite, *arguments)
                        : Breakdown(suite, *arguments);
  return good ? 0 : 1;
}

}  // namespace relink::bench
