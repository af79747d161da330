// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Memory that runs out at every call to the backend, one after the other.

#include <cctype>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "relink/link/loader.h"
#include "relink/map/failing_backend.h"
#include "relink/map/posix_backend.h"
#include "relink/map/proc_maps.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

// Loads with call 1, 2, ... of the backend failing until a load succeeds, and
// returns how many failed. `load` takes a Loader and returns a Library.
template <typename Load>
uint64_t FailEveryCall(Load load) {
  PosixBackend posix;
  for (uint64_t call = 1; call < 1000; ++call) {
    FailingBackend backend(posix, call);
    Loader loader({.backend = &backend});
    const MapsSnapshot before;
    const absl::Status status = load(loader).status();
    const MapsSnapshot after;
    EXPECT_EQ(backend.live_reservations(), 0u) << "call " << call;
    // The first loads allocate whatever is kept for later.
    if (kMapsAreOurs && call > 2) {
      EXPECT_TRUE(before == after) << "call " << call;
    }
    if (status.ok()) return call - 1;
    EXPECT_TRUE(backend.has_failed());
    EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << status;
  }
  ADD_FAILURE() << "never succeeds";
  return 0;
}

class FaultInjection : public testing::TestWithParam<const char*> {
 protected:
  std::string Path() { return TestdataPath(GetParam()); }
};

TEST_P(FaultInjection, LeavesNothingOfALoadFromAFile) {
  const std::string path = Path();
  EXPECT_GE(FailEveryCall([&](Loader& loader) { return loader.Load(path); }),
            2u);
}

TEST_P(FaultInjection, LeavesNothingOfALoadFromMemory) {
  const std::string path = Path();
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  EXPECT_GE(FailEveryCall([&](Loader& loader) {
              return loader.Load(ModuleSource::FromMemory(
                  std::as_bytes(std::span(bytes)), path));
            }),
            2u);
}

INSTANTIATE_TEST_SUITE_P(
    , FaultInjection,
    testing::Values("dependencies/libtop.so", "dependencies/libdiamond.so",
                    "relocations/libifuncs.so",
                    "relocations/libtext_relocations.so",
                    "relocations/libwords_in_large_file.so",
                    "cxx/liblarge_catcher.so", "threads/libinitial_exec.so",
                    "programs/fixed.elf"),
    [](const auto& test) {
      std::string name;
      for (const char c : std::string(test.param)) {
        name += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
      }
      return name;
    });

}  // namespace
}  // namespace relink
