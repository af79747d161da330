// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// No malformed file loads, crashes, or leaves anything behind.

#include <dirent.h>
#include <unistd.h>

#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "relink/elf/testing/loadable_image.h"
#include "relink/elf/testing/malformed_images.h"
#include "relink/link/library.h"
#include "relink/link/loader.h"
#include "relink/map/failing_backend.h"
#include "relink/map/posix_backend.h"
#include "relink/map/proc_maps.h"

namespace relink {
namespace {

std::set<std::string> OpenFiles() {
  std::set<std::string> files;
  DIR* directory = opendir("/proc/self/fd");
  while (const dirent* entry = readdir(directory)) files.insert(entry->d_name);
  closedir(directory);
  return files;
}

class MalformedFiles : public testing::Test {
 protected:
  static const std::vector<elf::MalformedImage>& Images() {
    static const auto& images =
        *new std::vector<elf::MalformedImage>(elf::MalformedImages());
    return images;
  }

  // Loads, finds a symbol and, if either was that lenient, unloads.
  absl::Status UseFromMemory(const elf::MalformedImage& image) {
    return Use(
        loader_.LoadDylib(ModuleSource::FromMemory(image.bytes, "libbad.so")));
  }
  absl::Status UseFromFile(const elf::MalformedImage& image) {
    std::ofstream(path_, std::ios::binary | std::ios::trunc)
        .write(reinterpret_cast<const char*>(image.bytes.data()),
               static_cast<std::streamsize>(image.bytes.size()));
    return Use(loader_.LoadDylib(path_));
  }
  static absl::Status Use(const absl::StatusOr<Library>& library) {
    if (!library.ok()) return library.status();
    return library->Get<int()>("answer").status();
  }

  void ExpectRefused(const elf::MalformedImage& image,
                     const absl::Status& status, absl::string_view file) {
    if (image.must_fail) {
      EXPECT_FALSE(status.ok()) << image.name;
    }
    if (status.ok()) return;
    EXPECT_TRUE(absl::StrContains(status.message(), file))
        << image.name << ": " << status;
    // What says which parser to use is looked at before any parser.
    const bool identified = !absl::StartsWith(image.name, "e_ident") &&
                            !absl::StartsWith(image.name, "truncated");
    if (image.expect_substring != nullptr && image.must_fail && identified) {
      EXPECT_TRUE(absl::StrContains(status.message(), image.expect_substring))
          << image.name << ": " << status;
    }
  }

  const std::string path_ = absl::StrCat(testing::TempDir(), "/libbad.so");
  PosixBackend posix_;
  FailingBackend backend_{posix_};  // Counts.
  Loader loader_{{.backend = &backend_}};
};

TEST_F(MalformedFiles, AreWellFormedButForThat) {
  const elf::Bytes good = elf::BuildLoadable().bytes;
  auto library =
      loader_.LoadDylib(ModuleSource::FromMemory(good, "libgood.so"));
  ASSERT_TRUE(library.ok()) << library.status();
  EXPECT_EQ((*library->Get<int()>("answer"))(), 42);
  EXPECT_GE(Images().size(), 220u);
}

TEST_F(MalformedFiles, AreRefusedFromMemory) {
  for (const elf::MalformedImage& image : Images()) {
    ExpectRefused(image, UseFromMemory(image), "libbad.so");
    EXPECT_EQ(backend_.live_reservations(), 0u) << image.name;
  }
}

TEST_F(MalformedFiles, AreRefusedFromAFile) {
  for (const elf::MalformedImage& image : Images()) {
    ExpectRefused(image, UseFromFile(image), path_);
    EXPECT_EQ(backend_.live_reservations(), 0u) << image.name;
  }
}

TEST_F(MalformedFiles, LeaveNoMappingAndNoOpenFileBehind) {
  if (!kMapsAreOurs) GTEST_SKIP() << "the sanitizer maps memory of its own";
  // The first round allocates whatever is kept for later.
  for (const elf::MalformedImage& image : Images()) {
    (void)UseFromMemory(image);
    (void)UseFromFile(image);
  }
  for (const elf::MalformedImage& image : Images()) {
    const std::set<std::string> files = OpenFiles();
    (void)UseFromFile(image);
    EXPECT_EQ(OpenFiles(), files) << image.name;

    const auto source = [&] {
      return ModuleSource::FromMemory(image.bytes, "libbad.so");
    };
    const MapsSnapshot before;
    (void)loader_.LoadDylib(source());
    (void)loader_.LoadDylib(path_);
    const MapsSnapshot after;
    EXPECT_TRUE(before == after) << image.name;
  }
}

}  // namespace
}  // namespace relink
