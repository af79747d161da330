// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "bench/load_suite.h"

#include <algorithm>
#include <iostream>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "bench/load_breakdown.h"
#include "bench/load_sides.h"
#include "bench/measure_pairs.h"
#include "bench/new_process.h"
#include "bench/run_suite.h"
#include "benchmark/benchmark.h"
#include "relink/support/status_macros.h"

namespace relink::bench {
namespace {

using Cases = std::span<const LoadCase>;

// What a process loads first that is not to measure its first load.
constexpr absl::string_view kWarmUpLibrary = "chain_crt/libleaf.so";

// NotFound: no such case.
absl::StatusOr<LoadCase> FindCase(Cases cases, absl::string_view name) {
  const auto found = std::ranges::find(cases, name, &LoadCase::name);
  if (found == cases.end()) {
    return absl::NotFoundError(absl::StrCat(name, ": no such case"));
  }
  return *found;
}

// FailedPrecondition: one side has less to load than the other.
absl::Status CheckSameWork(size_t relink, size_t dlopen) {
  if (relink == dlopen) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("Relink loads ", relink, " modules, dlopen ", dlopen));
}

// Each side once, and that dlclose leaves nothing for the next time.
absl::Status TryInThisProcess(const std::string& path, RelinkSide& relink,
                              const DlopenSide& dlopen) {
  RETURN_IF_ERROR(CheckNotLoaded(path));
  const size_t before = CountHostModules();
  size_t by_relink = 0, by_dlopen = 0;
  {
    ASSIGN_OR_RETURN(const Library library, relink.Load());
    by_relink = library.loaded().size();
  }
  {
    ASSIGN_OR_RETURN(const DlopenHandles handles, dlopen.Load());
    by_dlopen = CountHostModules() - before;
  }
  if (CountHostModules() != before) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": dlclose does not unload it"));
  }
  return CheckSameWork(by_relink, by_dlopen);
}

template <typename LoadSide>
Side LoadAndUnload(std::shared_ptr<LoadSide> side) {
  return [side = std::move(side)](benchmark::State& state) {
    // Before the clock runs, for what the other side left behind: cold caches,
    // and for Relink a list of the host's modules that is out of date.
    if (const auto first = side->Load(); !first.ok()) {
      return Fail(state, first.status());
    }
    for (auto _ : state) {
      const auto loaded = side->Load();
      if (!loaded.ok()) return Fail(state, loaded.status());
    }
  };
}

absl::StatusOr<Sides> PrepareInThisProcess(const LoadCase& load) {
  const std::string path = PathOf(load.library);
  ASSIGN_OR_RETURN(auto relink, RelinkSide::Create(load, path));
  ASSIGN_OR_RETURN(auto dlopen, DlopenSide::Create(load, path));
  RETURN_IF_ERROR(TryInThisProcess(path, *relink, *dlopen));
  return Sides{.relink = LoadAndUnload(std::move(relink)),
               .baseline = LoadAndUnload(std::move(dlopen))};
}

Side LoadElsewhere(const LoadCase& load, absl::string_view side) {
  return [&load, side](benchmark::State& state) {
    for (auto _ : state) {
      const absl::StatusOr<OneLoad> once = LoadInNewProcess(load, side);
      if (!once.ok()) return Fail(state, once.status());
      state.SetIterationTime(static_cast<double>(once->ns) / 1e9);
    }
  };
}

absl::StatusOr<Sides> PrepareInNewProcesses(const LoadCase& load) {
  ASSIGN_OR_RETURN(const OneLoad relink, LoadInNewProcess(load, "relink"));
  ASSIGN_OR_RETURN(const OneLoad dlopen, LoadInNewProcess(load, "dlopen"));
  RETURN_IF_ERROR(CheckSameWork(relink.modules, dlopen.modules));
  return Sides{.relink = LoadElsewhere(load, "relink"),
               .baseline = LoadElsewhere(load, "dlopen")};
}

Suite MakeSuite(absl::string_view name, Cases cases) {
  Suite suite{.name = name, .cases = {}, .breakdown = nullptr};
  for (const LoadCase& load : cases) {
    const bool here = load.in == LoadIn::kThisProcess;
    suite.cases.push_back(
        {.name = std::string(load.name),
         .baseline = load.from == LoadFrom::kMemoryAndMemoryFile
                         ? "dlopen+memfd"
                         : "dlopen",
         .iterations = load.iterations,
         .manual_time = !here,
         .prepare = [&load, here] {
           return here ? PrepareInThisProcess(load)
                       : PrepareInNewProcesses(load);
         }});
  }
  suite.breakdown = [cases](absl::string_view of,
                            double seconds) -> absl::Status {
    ASSIGN_OR_RETURN(const LoadCase load, FindCase(cases, of));
    return PrintLoadBreakdown(load, PathOf(load.library), seconds);
  };
  return suite;
}

absl::Status RunLoadOnce(Cases cases, absl::string_view side,
                         absl::string_view name) {
  ASSIGN_OR_RETURN(const LoadCase load, FindCase(cases, name));
  return LoadOnce(load, side, PathOf(load.library), PathOf(kWarmUpLibrary));
}

}  // namespace

int RunLoadSuite(absl::string_view name, std::span<const LoadCase> cases,
                 std::span<const absl::string_view> args) {
  if (args.size() != 3 || args[0] != kLoadOnce) {
    return RunSuite(MakeSuite(name, cases), args);
  }
  const absl::Status status = RunLoadOnce(cases, args[1], args[2]);
  if (!status.ok()) std::cerr << status.message() << std::endl;
  return status.ok() ? 0 : 1;
}

}  // namespace relink::bench
