// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// The suite `symbol`: lookups in loaded libraries by Library::Find and by
// dlsym.

#include <dlfcn.h>
#include <link.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "bench/load_case.h"
#include "bench/load_sides.h"
#include "bench/measure_pairs.h"
#include "bench/run_suite.h"
#include "bench/symbol_names.h"
#include "benchmark/benchmark.h"
#include "relink/elf/symbol_name.h"
#include "relink/link/library.h"
#include "relink/support/status_macros.h"

namespace relink::bench {
namespace {

using elf::SymbolName;

// What a lookup should find.
enum class Expect : uint8_t { kInLibrary, kInDependency, kNothing };

struct SymbolCase {
  absl::string_view name;
  absl::string_view library;
  std::span<const SymbolName> names;
  Expect expect = Expect::kInLibrary;
  // The names are known at run time only, so that their hashes are computed.
  bool run_time_names = false;
};

constexpr absl::string_view kTypical = "chain_typical/libleaf.so";
constexpr absl::string_view kSqlite3 =
    "/usr/lib/x86_64-linux-gnu/libsqlite3.so.0";
constexpr absl::string_view kCrypto =
    "/usr/lib/x86_64-linux-gnu/libcrypto.so.3";

constexpr SymbolCase kCases[] = {
    // clang-format off
    {.name = "hit", .library = kTypical, .names = kLeafFunctions},
    {.name = "hit/dependency", .library = kTypical, .names = kBaseFunctions,
     .expect = Expect::kInDependency},
    {.name = "hit/one_name", .library = kTypical,
     .names = std::span(kLeafFunctions).first(1)},
    {.name = "hit/run_time_name", .library = kTypical, .names = kLeafFunctions,
     .run_time_names = true},
    {.name = "hit/libsqlite3", .library = kSqlite3, .names = kSqlite3Functions},
    {.name = "hit/libcrypto", .library = kCrypto, .names = kCryptoFunctions},
    {.name = "miss", .library = kTypical, .names = kMissingFunctions,
     .expect = Expect::kNothing},
    {.name = "miss/run_time_name", .library = kTypical,
     .names = kMissingFunctions, .expect = Expect::kNothing,
     .run_time_names = true},
    {.name = "miss/libsqlite3", .library = kSqlite3, .names = kMissingFunctions,
     .expect = Expect::kNothing},
    {.name = "miss/libcrypto", .library = kCrypto, .names = kMissingFunctions,
     .expect = Expect::kNothing},
    // clang-format on
};

// A library loaded twice.
struct LoadedTwice {
  Library by_relink;
  DlopenHandles by_dlopen;

  void* dlopen_handle() const { return by_dlopen.get(); }
  uint64_t dlopen_base() const {
    link_map* map = nullptr;
    dlinfo(dlopen_handle(), RTLD_DI_LINKMAP, &map);
    return map->l_addr;
  }
};

// Relink first: afterwards the process would have the dependencies already.
absl::StatusOr<std::shared_ptr<LoadedTwice>> LoadTwice(const LoadCase& load) {
  const std::string path = PathOf(load.library);
  ASSIGN_OR_RETURN(const auto relink, RelinkSide::Create(load, path));
  ASSIGN_OR_RETURN(const auto dlopen, DlopenSide::Create(load, path));
  ASSIGN_OR_RETURN(Library library, relink->Load());
  ASSIGN_OR_RETURN(DlopenHandles handles, dlopen->Load());
  return std::make_shared<LoadedTwice>(
      LoadedTwice{std::move(library), std::move(handles)});
}

// The sides find the same, or nothing where there is nothing.
absl::Status CheckAnswers(const LoadedTwice& loaded,
                          const SymbolCase& symbols) {
  for (const SymbolName& name : symbols.names) {
    void* const ours = loaded.by_relink.Find(name);
    void* const theirs = dlsym(loaded.dlopen_handle(), name.text().data());
    const bool found = symbols.expect != Expect::kNothing;
    const bool same =
        symbols.expect != Expect::kInLibrary ||
        reinterpret_cast<uint64_t>(ours) - loaded.by_relink.base() ==
            reinterpret_cast<uint64_t>(theirs) - loaded.dlopen_base();
    if ((ours != nullptr) == found && (theirs != nullptr) == found && same) {
      continue;
    }
    return absl::FailedPreconditionError(absl::StrCat(
        symbols.library, ": the two sides differ in ", name.text().data()));
  }
  return absl::OkStatus();
}

absl::StatusOr<Sides> Prepare(const SymbolCase& symbols) {
  ASSIGN_OR_RETURN(
      const std::shared_ptr<const LoadedTwice> loaded,
      LoadTwice({.name = symbols.name, .library = symbols.library}));
  RETURN_IF_ERROR(CheckAnswers(*loaded, symbols));
  Sides sides;
  if (symbols.run_time_names) {
    std::vector<absl::string_view> names;
    for (const SymbolName& name : symbols.names) {
      names.emplace_back(name.text().data(), name.text().size());
    }
    sides.relink = [loaded, names](benchmark::State& state) {
      for (auto _ : state) {
        for (const absl::string_view name : names) {
          benchmark::DoNotOptimize(loaded->by_relink.Find(name));
        }
      }
    };
  } else {
    sides.relink = [loaded, &symbols](benchmark::State& state) {
      for (auto _ : state) {
        for (const SymbolName& name : symbols.names) {
          benchmark::DoNotOptimize(loaded->by_relink.Find(name));
        }
      }
    };
  }
  sides.baseline = [loaded, &symbols](benchmark::State& state) {
    void* const handle = loaded->dlopen_handle();
    for (auto _ : state) {
      for (const SymbolName& name : symbols.names) {
        benchmark::DoNotOptimize(dlsym(handle, name.text().data()));
      }
    }
  };
  return sides;
}

Suite SymbolSuite() {
  Suite suite{.name = "symbol", .cases = {}, .breakdown = nullptr};
  for (const SymbolCase& symbols : kCases) {
    suite.cases.push_back({.name = std::string(symbols.name),
                           .baseline = "dlsym",
                           .iterations = 3000 / std::ssize(symbols.names),
                           .operations = std::ssize(symbols.names),
                           .prepare = [&symbols] { return Prepare(symbols); }});
  }
  return suite;
}

int Main(std::span<const absl::string_view> args) {
  return RunSuite(SymbolSuite(), args);
}

}  // namespace
}  // namespace relink::bench

int main(int argc, char** argv) {
  const std::vector<absl::string_view> args(argv + 1, argv + argc);
  return relink::bench::Main(args);
}
