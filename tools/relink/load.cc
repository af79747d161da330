// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/load.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "relink/elf/constants.h"
#include "relink/link/loader.h"
#include "relink/link/observer.h"
#include "relink/support/nearest_name.h"
#include "relink/support/status_macros.h"
#include "tools/relink/json_writer.h"
#include "tools/relink/pass_run.h"
#include "tools/relink/search_trace.h"
#include "tools/relink/shown_text.h"

namespace relink::tools {
namespace {

constexpr Option kOwnOptions[] = {
    {.name = "call",
     .value = "SYMBOL",
     .help = "call SYMBOL as int SYMBOL(void) and print what it returns",
     .repeated = true},
    {.name = "trace-deps",
     .help = "print where each dependency was looked for, and why there"},
    {.name = "json", .help = "print what was done as JSON"},
};
constexpr auto kOptions = JoinOptions(kOwnOptions, kPassOptions);

// How long each step took, and where it looked.
class Stopwatch final : public Observer {
 public:
  struct Lap {
    LoadStep step;
    double microseconds;
  };

  void OnStepBegin(LoadStep) override { begin_ = Clock::now(); }
  void OnStepEnd(LoadStep step) override {
    using Microseconds = std::chrono::duration<double, std::micro>;
    laps_.push_back({step, Microseconds(Clock::now() - begin_).count()});
  }
  void OnSearch(const SearchStep& step) override { searches_.Add(step); }

  const std::vector<Lap>& laps() const { return laps_; }
  const SearchTrace& searches() const { return searches_; }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point begin_;
  std::vector<Lap> laps_;
  SearchTrace searches_;
};

struct CallResult {
  absl::string_view symbol;
  int value;
};

// Something that was loaded, and what of the process it uses.
struct LoadReport {
  const Library& library;
  const std::vector<Stopwatch::Lap>& laps;
  const SearchTrace* searches;  // Null if nobody asked.
  std::vector<CallResult> calls;
};

struct MappedModule {
  std::string name;
  RuntimeRange memory;
};

std::vector<MappedModule> MappedModules(const Library& library) {
  const LinkedImage& image = library.image().image();
  std::vector<MappedModule> modules;
  for (uint32_t i = 0; i < image.graph().modules.size(); ++i) {
    const PlacedModule& placed = image.placed(ModuleId(i));
    modules.push_back(
        {image.module(ModuleId(i)).name(), {placed.start, placed.span.size}});
  }
  return modules;
}

std::vector<std::string> HostModuleNames(const Library& library) {
  std::vector<std::string> names;
  for (const ScopeMember* member : library.module()->scope().members()) {
    if (member->host) names.emplace_back(member->name);
  }
  return names;
}

void PrintText(const LoadReport& report, std::ostream& out) {
  double total = 0;
  for (const auto& [step, microseconds] : report.laps) {
    out << absl::StrFormat("%-14s %10.1f us\n", Name(step), microseconds);
    total += microseconds;
  }
  out << absl::StrFormat("%-14s %10.1f us\n\n", "together", total);
  for (const MappedModule& module : MappedModules(report.library)) {
    out << absl::StrFormat("loaded   0x%x  %s\n", module.memory.begin.value(),
                           Shown(module.name));
  }
  for (const std::string& name : HostModuleNames(report.library)) {
    out << "in use   " << Shown(name) << '\n';
  }
  for (const LibrarySegment& segment : report.library.segments()) {
    out << absl::StrFormat("segment  0x%x  %s  %d bytes\n",
                           segment.memory.begin.value(),
                           Name(segment.protection), segment.memory.size);
  }
  out << absl::StrFormat("symbols  %d\n", report.library.symbols().size());
  for (const auto& [symbol, value] : report.calls) {
    out << Shown(symbol) << "() = " << value << '\n';
  }
}

void PrintJson(const LoadReport& report, std::ostream& out) {
  using Lines = JsonWriter::Lines;
  JsonWriter json(out);
  json.BeginObject();
  json.Field("file", report.library.name());
  json.Field("base", report.library.base());
  json.Field("symbols", report.library.symbols().size());
  json.Key("steps");
  json.BeginArray();
  for (const auto& [step, microseconds] : report.laps) {
    json.BeginObject(Lines::kOne);
    json.Field("step", Name(step));
    json.Field("nanoseconds", static_cast<uint64_t>(microseconds * 1000));
    json.EndObject();
  }
  json.EndArray();
  if (report.searches != nullptr) {
    json.Key("searches");
    report.searches->PrintJson(json);
  }
  json.Key("loaded");
  json.BeginArray();
  for (const MappedModule& module : MappedModules(report.library)) {
    json.BeginObject(Lines::kOne);
    json.Field("name", module.name);
    json.Field("address", module.memory.begin.value());
    json.Field("size", module.memory.size);
    json.EndObject();
  }
  json.EndArray();
  json.Key("in_use");
  json.BeginArray();
  for (const std::string& name : HostModuleNames(report.library)) {
    json.Value(name);
  }
  json.EndArray();
  json.Key("segments");
  json.BeginArray();
  for (const LibrarySegment& segment : report.library.segments()) {
    json.BeginObject(Lines::kOne);
    json.Field("address", segment.memory.begin.value());
    json.Field("size", segment.memory.size);
    json.Field("protection", Name(segment.protection));
    json.EndObject();
  }
  json.EndArray();
  json.Key("calls");
  json.BeginArray();
  for (const auto& [symbol, value] : report.calls) {
    json.BeginObject(Lines::kOne);
    json.Field("symbol", symbol);
    json.Field("result", value);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  out << '\n';
}

// One of any kind, or several as one.
absl::StatusOr<Library> LoadFiles(Loader& loader,
                                  std::span<const absl::string_view> paths) {
  if (paths.size() == 1) return loader.Load(paths[0]);
  std::vector<ModuleSource> sources;
  for (const absl::string_view path : paths) {
    ASSIGN_OR_RETURN(ModuleSource source, ModuleSource::Open(path));
    sources.push_back(std::move(source));
  }
  return loader.LoadObjects(std::move(sources));
}

absl::StatusOr<int> Call(const Library& library, absl::string_view name) {
  std::vector<std::string> functions;
  for (const LibrarySymbol& symbol : library.symbols()) {
    const bool function = symbol.type == elf::kSttFunc ||
                          symbol.type == elf::kSttGnuIfunc ||
                          symbol.type == elf::kSttNotype;
    if (function) functions.emplace_back(symbol.name);
    if (symbol.name == name && !function) {
      return absl::InvalidArgumentError(
          absl::StrCat(library.name(), ": ", name, " is not a function"));
    }
  }
  const auto function = library.Get<int()>(name);
  if (!function.ok()) {
    return absl::NotFoundError(
        absl::StrCat(function.status().message(), Suggestion(name, functions)));
  }
  return (*function)();
}

}  // namespace

constinit const Syntax kLoadSyntax = {
    .description =
        "Loads FILE, a shared object, an executable or a relocatable object, "
        "and\n"
        "what it needs into\n"
        "this process, and prints how long each step took and where "
        "everything\n"
        "lies. Initialization and finalization functions of FILE run; a\n"
        "program's entry point does not. What crashes, crashes this command.\n"
        "Several files, of which the first is a relocatable object, are "
        "loaded\n"
        "as one: objects, what they need of archives, and shared objects.\n"
        "Passes see everything before a page of it is mapped.",
    .options = kOptions,
    .operands = {.usage = "FILE...", .min = 1, .max = 1000},
};

absl::StatusOr<int> RunLoad(const Arguments& arguments, Console& console) {
  Stopwatch stopwatch;
  ASSIGN_OR_RETURN(const std::unique_ptr<PassRun> passes,
                   PassRun::Create(arguments, console.out()));
  Loader loader({.observer = &stopwatch, .pipeline = passes->pipeline()});
  const absl::StatusOr<Library> loaded =
      LoadFiles(loader, arguments.operands());
  const bool trace = arguments.Has("trace-deps");
  // Also, and above all, if something was not found.
  if (trace && (!loaded.ok() || !arguments.Has("json"))) {
    stopwatch.searches().PrintText(console.out());
  }
  ASSIGN_OR_RETURN(const Library library, loaded);
  passes->Finish();
  LoadReport report{.library = library,
                    .laps = stopwatch.laps(),
                    .searches = trace ? &stopwatch.searches() : nullptr,
                    .calls = {}};
  for (absl::string_view symbol : arguments.Values("call")) {
    ASSIGN_OR_RETURN(const int value, Call(library, symbol));
    report.calls.push_back({symbol, value});
  }
  if (arguments.Has("json")) {
    PrintJson(report, console.out());
  } else {
    PrintText(report, console.out());
  }
  return 0;
}

}  // namespace relink::tools
