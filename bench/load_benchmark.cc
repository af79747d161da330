// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// The suite `load`: libraries loaded by Relink and by dlopen.

#include <vector>

#include "absl/strings/string_view.h"
#include "bench/load_case.h"
#include "bench/load_suite.h"
#include "relink/map/posix_backend.h"

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

}  // namespace
}  // namespace relink::bench

int main(int argc, char** argv) {
  const std::vector<absl::string_view> args(argv + 1, argv + argc);
  return relink::bench::RunLoadSuite("load", relink::bench::kCases, args);
}
