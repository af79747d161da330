// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_BENCH_LOAD_SIDES_H_
#define RELINK_BENCH_LOAD_SIDES_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "bench/load_case.h"
#include "relink/link/library.h"
#include "relink/link/loader.h"
#include "relink/link/observer.h"
#include "relink/link/pipeline.h"
#include "relink/link/resolver.h"

namespace relink::bench {

// The three files of a chain, read into memory.
struct ChainInMemory {
  struct File {
    absl::string_view name;  // Its DT_SONAME.
    std::vector<std::byte> bytes;
  };
  std::vector<File> files;  // Each after the one that it needs.

  // `leaf` is the path of its last one.  NotFound: cannot read them.
  static absl::StatusOr<ChainInMemory> Read(absl::string_view leaf);
  const File& leaf() const { return files.back(); }
};

// Relink's way to load a case's library. One loader, as a program would have.
class RelinkSide {
 public:
  // `observer` may be null, and must outlive the side.
  static absl::StatusOr<std::shared_ptr<RelinkSide>> Create(
      const LoadCase& load, std::string path, Observer* observer = nullptr);

  absl::StatusOr<Library> Load();
  // Another library, from its file.
  absl::StatusOr<Library> Load(absl::string_view path) {
    return loader_->LoadDylib(path);
  }

 private:
  explicit RelinkSide(std::string path) : path_(std::move(path)) {}

  std::string path_;
  std::optional<ChainInMemory> memory_;
  std::unique_ptr<Resolver> resolver_;
  std::optional<Pipeline> pipeline_;
  std::optional<Loader> loader_;
};

// What dlopen opened, closed when destroyed, the last first.
class DlopenHandles {
 public:
  DlopenHandles() = default;
  DlopenHandles(DlopenHandles&&) = default;
  DlopenHandles& operator=(DlopenHandles&&) = delete;
  ~DlopenHandles();
  // NotFound: dlopen refused.
  absl::Status Open(const char* path);
  void* get() const { return handles_.back(); }

 private:
  std::vector<void*> handles_;
};

// The C library's way: dlopen(RTLD_NOW | RTLD_LOCAL).
class DlopenSide {
 public:
  static absl::StatusOr<std::shared_ptr<DlopenSide>> Create(
      const LoadCase& load, std::string path);

  absl::StatusOr<DlopenHandles> Load() const;

 private:
  explicit DlopenSide(std::string path) : path_(std::move(path)) {}

  std::string path_;
  std::optional<ChainInMemory> memory_;
};

// The path of a case's library.
std::string PathOf(absl::string_view library);

// How many modules ld.so has loaded.
size_t CountHostModules();

// FailedPrecondition: ld.so has loaded `path` already.
absl::Status CheckNotLoaded(const std::string& path);

}  // namespace relink::bench

#endif  // RELINK_BENCH_LOAD_SIDES_H_
