// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_BENCH_LOAD_CASE_H_
#define RELINK_BENCH_LOAD_CASE_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "relink/map/mapping_backend.h"

namespace relink::bench {

// Where the sides find the libraries that are loaded.
enum class LoadFrom : uint8_t {
  kFile,
  // Relink gets files that were read before, its baseline the files: dlopen
  // loads nothing else.
  kMemory,
  // The baseline writes the files that were read before to memory files first.
  kMemoryAndMemoryFile,
};

// Where a load happens, and with that what is timed.
enum class LoadIn : uint8_t {
  kThisProcess,  // Load and unload, over and over.
  // One load in a process of its own, for what dlclose does not unload: after
  // the side has loaded and unloaded something small,
  kWarmProcess,
  // or as the first thing that the process does.
  kFreshProcess,
};

// A row of a suite of loads.
struct LoadCase {
  absl::string_view name;
  // Absolute, or of bench/fixtures.
  absl::string_view library;
  int64_t iterations = 1;  // Of a block.
  LoadFrom from = LoadFrom::kFile;
  LoadIn in = LoadIn::kThisProcess;
  // Where Relink gets memory; null for the loader's own choice.
  MappingBackend* (*backend)() = nullptr;
  // The passes that run on Relink's side; none, not even an empty pipeline, by
  // default.
  std::optional<absl::string_view> passes = std::nullopt;
};

}  // namespace relink::bench

#endif  // RELINK_BENCH_LOAD_CASE_H_
