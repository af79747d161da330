// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// The suite `load`: libraries loaded by Relink and by dlopen.

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
#include "bench/load_case.h"
#include "bench/load_sides.h"
#include "bench/measure_pairs.h"
#include "bench/new_process.h"
#include "bench/run_suite.h"
#include "benchmark/benchmark.h"
#include "relink/map/posix_backend.h"
#include "relink/support/status_macros.h"

namespace relink::bench {
namespace {

// Keeps no memory from one load to the next.
MappingBackend* Posix() {
  static PosixBackend backend;
  return &backend;
}

#define RELINK_BENCH_SYSTEM "/usr/lib/x86_64-linux-gnu/"

constexpr absl::string_view kChain = "chain/libleaf.so";
constexpr absl::string_view kChainCrt = "chain_crt/libleaf.so";
constexpr absl::string_view kChainTypical = "chain_typical/libleaf.so";
constexpr absl::string_view kLibz = RELINK_BENCH_SYSTEM "libz.so.1";
constexpr absl::string_view kLibsqlite3 = RELINK_BENCH_SYSTEM "libsqlite3.so.0";
constexpr absl::string_view kLibcrypto = RELINK_BENCH_SYSTEM "libcrypto.so.3";
constexpr absl::string_view kLibLlvm = RELINK_BENCH_SYSTEM "libLLVM-14.so.1";

constexpr LoadCase kCases[] = {
    // clang-format off
    {.name = "chain/file", .library = kChain, .iterations = 4},
    {.name = "chain/file/posix", .library = kChain, .iterations = 4,
     .backend = Posix},
    {.name = "chain/file/fresh", .library = kChain,
     .in = LoadIn::kFreshProcess},
    {.name = "chain/memory", .library = kChain, .iterations = 4,
     .from = LoadFrom::kMemory},
    {.name = "chain/memory/posix", .library = kChain, .iterations = 4,
     .from = LoadFrom::kMemory, .backend = Posix},
    {.name = "chain/memory/memfd", .library = kChain, .iterations = 4,
     .from = LoadFrom::kMemoryAndMemoryFile},
    {.name = "chain_crt/file", .library = kChainCrt, .iterations = 4},
    {.name = "chain_typical/file", .library = kChainTypical},
    {.name = "libz", .library = kLibz, .iterations = 4},
    {.name = "libsqlite3", .library = kLibsqlite3, .iterations = 2},
    {.name = "libcrypto", .library = kLibcrypto, .in = LoadIn::kWarmProcess},
    {.name = "libcrypto/fresh", .library = kLibcrypto,
     .in = LoadIn::kFreshProcess},
    {.name = "libLLVM", .library = kLibLlvm, .in = LoadIn::kWarmProcess},
    {.name = "libLLVM/fresh", .library = kLibLlvm,
     .in = LoadIn::kFreshProcess},
    // clang-format on
};

// NotFound: no such case.
absl::StatusOr<LoadCase> FindCase(absl::string_view name) {
  const auto* found = std::ranges::find(kCases, name, &LoadCase::name);
  if (found == std::end(kCases)) {
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

Suite LoadSuite() {
  Suite suite{.name = "load", .cases = {}, .breakdown = nullptr};
  for (const LoadCase& load : kCases) {
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
  suite.breakdown = [](absl::string_view name, double seconds) -> absl::Status {
    ASSIGN_OR_RETURN(const LoadCase load, FindCase(name));
    return PrintLoadBreakdown(load, PathOf(load.library), seconds);
  };
  return suite;
}

absl::Status RunLoadOnce(absl::string_view side, absl::string_view name) {
  ASSIGN_OR_RETURN(const LoadCase load, FindCase(name));
  return LoadOnce(load, side, PathOf(load.library), PathOf(kChainCrt));
}

int Main(std::span<const absl::string_view> args) {
  if (args.size() != 3 || args[0] != kLoadOnce) {
    return RunSuite(LoadSuite(), args);
  }
  const absl::Status status = RunLoadOnce(args[1], args[2]);
  if (!status.ok()) std::cerr << status.message() << std::endl;
  return status.ok() ? 0 : 1;
}

}  // namespace
}  // namespace relink::bench

int main(int argc, char** argv) {
  const std::vector<absl::string_view> args(argv + 1, argv + argc);
  return relink::bench::Main(args);
}
