// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// The suite `throw`: exceptions in many loaded libraries and several threads,
// in those that Relink loaded and in those that dlopen did.

#include <dlfcn.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "bench/load_sides.h"
#include "bench/measure_pairs.h"
#include "bench/run_suite.h"
#include "benchmark/benchmark.h"
#include "relink/ir/module_source.h"
#include "relink/link/library.h"
#include "relink/link/loader.h"
#include "relink/support/byte_view.h"
#include "relink/support/status_macros.h"

namespace relink::bench {
namespace {

constexpr int kModuleCounts[] = {1, 100, 300};
constexpr int kThreadCounts[] = {1, 4};
// Of each thread in one iteration: enough that starting it costs little.
constexpr int kThrows = 300;
constexpr int kDepth = 5;

using Thrower = int(int);
using Throwers = std::vector<Thrower*>;

// One library, loaded many times by each side.
struct Loaded {
  std::vector<Library> by_relink;
  std::vector<DlopenHandles> by_dlopen;
  Throwers relink;
  Throwers baseline;
};

// The library as a file of its own, since dlopen loads no file twice.
absl::StatusOr<DlopenHandles> DlopenCopy(ByteView bytes) {
  const int file = memfd_create("thrower", MFD_CLOEXEC);
  if (file < 0) return absl::ResourceExhaustedError("memfd_create failed");
  DlopenHandles handles;
  absl::Status status = absl::ResourceExhaustedError("cannot write a copy");
  if (write(file, bytes.data(), bytes.size()) ==
      static_cast<ssize_t>(bytes.size())) {
    // The name must be another each time, too.
    const std::string path = absl::StrCat("/proc/", getpid(), "/fd/", file);
    status = handles.Open(path.c_str());
  }
  close(file);
  RETURN_IF_ERROR(status);
  return handles;
}

absl::Status Add(Throwers& throwers, void* function) {
  auto* thrower = reinterpret_cast<Thrower*>(function);
  if (thrower == nullptr) return absl::NotFoundError("throw_and_catch");
  if (thrower(kDepth) != kDepth) {
    return absl::FailedPreconditionError("did not catch what it threw");
  }
  throwers.push_back(thrower);
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<Loaded>> Load(int count) {
  const std::string path = PathOf("thrower/libthrower.so");
  ASSIGN_OR_RETURN(ModuleSource source, ModuleSource::Open(path));
  ASSIGN_OR_RETURN(const ByteView bytes, source.Read(0, source.size()));
  auto loaded = std::make_shared<Loaded>();
  Loader loader;
  for (int i = 0; i < count; ++i) {
    ASSIGN_OR_RETURN(Library library, loader.LoadDylib(path));
    RETURN_IF_ERROR(Add(loaded->relink, library.Find("throw_and_catch")));
    loaded->by_relink.push_back(std::move(library));
    ASSIGN_OR_RETURN(DlopenHandles handles, DlopenCopy(bytes));
    RETURN_IF_ERROR(
        Add(loaded->baseline, dlsym(handles.get(), "throw_and_catch")));
    loaded->by_dlopen.push_back(std::move(handles));
  }
  return loaded;
}

// The libraries take turns, each thread beginning with another.
void Throw(std::span<Thrower* const> throwers, int thread) {
  size_t next = static_cast<size_t>(thread) * 7;
  for (int i = 0; i < kThrows; ++i, ++next) {
    benchmark::DoNotOptimize(throwers[next % throwers.size()](kDepth));
  }
}

Side MakeSide(std::shared_ptr<const Loaded> loaded, const Throwers& throwers,
              int thread_count) {
  return [loaded = std::move(loaded), &throwers,
          thread_count](benchmark::State& state) {
    for (auto _ : state) {
      std::vector<std::thread> threads;
      for (int i = 1; i < thread_count; ++i) {
        threads.emplace_back([&throwers, i] { Throw(throwers, i); });
      }
      Throw(throwers, 0);
      for (std::thread& thread : threads) thread.join();
    }
  };
}

absl::StatusOr<Sides> Prepare(int module_count, int thread_count) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const Loaded> loaded,
                   Load(module_count));
  return Sides{.relink = MakeSide(loaded, loaded->relink, thread_count),
               .baseline = MakeSide(loaded, loaded->baseline, thread_count)};
}

Suite ThrowSuite() {
  Suite suite{.name = "throw", .cases = {}, .breakdown = nullptr};
  for (const int modules : kModuleCounts) {
    for (const int threads : kThreadCounts) {
      PairedCase paired;
      paired.name =
          absl::StrCat(modules, modules == 1 ? "_module" : "_modules", "/",
                       threads, threads == 1 ? "_thread" : "_threads");
      paired.baseline = "dlopen";
      paired.operations = kThrows * threads;
      paired.prepare = [modules, threads] { return Prepare(modules, threads); };
      suite.cases.push_back(std::move(paired));
    }
  }
  return suite;
}

}  // namespace
}  // namespace relink::bench

int main(int argc, char** argv) {
  const std::vector<absl::string_view> args(argv + 1, argv + argc);
  return relink::bench::RunSuite(relink::bench::ThrowSuite(), args);
}
