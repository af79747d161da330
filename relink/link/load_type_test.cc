// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// What each way to load takes, and what it says of everything else.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <iterator>
#include <span>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "relink/elf/constants.h"
#include "relink/elf/records.h"
#include "relink/elf/testing/image_builder.h"
#include "relink/elf/testing/loadable_image.h"
#include "relink/ir/module_source.h"
#include "relink/link/library.h"
#include "relink/link/loader.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

constexpr absl::StatusCode kInvalid = absl::StatusCode::kInvalidArgument;
constexpr absl::StatusCode kUnimplemented = absl::StatusCode::kUnimplemented;

// Each way to load the same file says the same of it.
void ExpectRefused(const std::string& path, absl::StatusCode code,
                   absl::string_view what) {
  Loader loader;
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  ASSERT_GE(descriptor, 0) << path;
  const std::pair<const char*, std::function<absl::Status()>> ways[] = {
      {"path", [&] { return loader.Load(path).status(); }},
      {"descriptor",
       [&]() -> absl::Status {
         auto source = ModuleSource::FromDescriptor(descriptor, path);
         if (!source.ok()) return source.status();
         return loader.Load(*std::move(source)).status();
       }},
      {"memory",
       [&] {
         return loader
             .Load(ModuleSource::FromMemory(std::as_bytes(std::span(bytes)),
                                            path))
             .status();
       }},
  };
  for (const auto& [way, load] : ways) {
    const absl::Status status = load();
    EXPECT_EQ(status.code(), code) << way << ": " << status;
    EXPECT_TRUE(absl::StrContains(status.message(), path)) << way << status;
    EXPECT_TRUE(absl::StrContains(status.message(), what)) << way << status;
  }
  close(descriptor);
}

template <typename Contents>
std::string Write(const std::string& name, const Contents& contents) {
  std::string path = absl::StrCat(testing::TempDir(), "/", name);
  std::ofstream(path, std::ios::binary | std::ios::trunc)
      .write(reinterpret_cast<const char*>(std::data(contents)),
             static_cast<std::streamsize>(std::size(contents)));
  return path;
}

template <class E>
std::string WriteImage(const std::string& name) {
  elf::ImageSpec spec;
  spec.soname = "libtest.so";
  spec.text = elf::BytesOf({0xc3});
  return Write(name, elf::BuildImage<E>(spec).bytes);
}

TEST(LoadType, IsNotARelocatableObjectThatHasSegments) {
  auto image = elf::BuildLoadable();
  image.header().e_type = elf::kEtRel;
  ExpectRefused(Write("object.o", image.bytes), kInvalid,
                ".rela.dyn: is of no section");
}

TEST(LoadType, IsNotACoreFile) {
  auto image = elf::BuildLoadable();
  image.header().e_type = elf::kEtCore;
  ExpectRefused(Write("core", image.bytes), kUnimplemented, "e_type 4");
}

TEST(LoadType, IsOfThisMachine) {
  ExpectRefused(WriteImage<elf::Elf32Le>("lib32.so"), kUnimplemented,
                "as ELF32 little-endian");
  ExpectRefused(WriteImage<elf::Elf64Be>("libbig.so"), kUnimplemented,
                "as ELF64 big-endian");
  auto image = elf::BuildLoadable();
  image.header().e_machine = elf::kEmAarch64;
  ExpectRefused(Write("libarm.so", image.bytes), kUnimplemented,
                "no support for machine 183");
}

TEST(LoadType, IsElf) {
  ExpectRefused(Write("text", std::string(100, 'x')), kInvalid, "magic");
  ExpectRefused(Write("script.so", std::string("GROUP ( libc.so.6 )\n")),
                kInvalid, "");
}

TEST(LoadType, IsARegularFile) {
  // Whoever opens one to read waits for somebody who writes.
  const std::string fifo = absl::StrCat(testing::TempDir(), "/fifo");
  unlink(fifo.c_str());
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  Loader loader;
  for (const std::string& path :
       {fifo, std::string("/dev/zero"), testing::TempDir()}) {
    const absl::Status status = loader.LoadDylib(path).status();
    EXPECT_EQ(status.code(), kInvalid) << status;
    EXPECT_TRUE(absl::StrContains(status.message(), path)) << status;
    EXPECT_TRUE(absl::StrContains(status.message(), "not a regular file"))
        << status;
  }
}

TEST(LoadType, IsWhatTheCallAskedFor) {
  Loader loader;
  const std::string library = TestdataPath("dependencies/libtop.so");
  const std::string program = TestdataPath("programs/movable.elf");
  EXPECT_TRUE(loader.LoadDylib(library).ok());
  EXPECT_TRUE(loader.LoadExec(program).ok());
  EXPECT_TRUE(loader.Load(library).ok());
  EXPECT_TRUE(loader.Load(program).ok());
  EXPECT_EQ(loader.LoadExec(library).status(),
            absl::InvalidArgumentError(
                absl::StrCat(library,
                             ": is a shared object, not an executable; use "
                             "LoadDylib")));
  EXPECT_EQ(
      loader.LoadDylib(program).status(),
      absl::InvalidArgumentError(absl::StrCat(
          program, ": is an executable, not a shared object; use LoadExec")));
}

}  // namespace
}  // namespace relink
