// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "relink/link/loader.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

std::string Path(absl::string_view name) {
  return TestdataPath(absl::StrCat("programs/", name));
}

class LoadProgram : public testing::TestWithParam<const char*> {
 protected:
  LoadProgram() : program_(loader_.LoadExec(Path(GetParam()))) {}

  // Calls a function of the program.
  template <typename T, typename... Args>
  T Call(absl::string_view name, Args... args) {
    auto function = program_->Get<T(Args...)>(name);
    EXPECT_TRUE(function.ok()) << function.status();
    return function.ok() ? (*function)(args...) : T();
  }

  Loader loader_;
  absl::StatusOr<Library> program_;
};

TEST_P(LoadProgram, RunsAsAProgramToo) {
  const int status = std::system(Path(GetParam()).c_str());
  EXPECT_EQ(WEXITSTATUS(status), 42);
}

TEST_P(LoadProgram, CallsWhatItExports) {
  ASSERT_TRUE(program_.ok()) << program_.status();
  EXPECT_EQ(Call<int>("call_library", 2, 3), 5);
  EXPECT_EQ(Call<int>("is_initialized"), 1);
}

TEST_P(LoadProgram, CopiesVariablesOfItsLibraryAndBindsTheLibraryToTheCopy) {
  ASSERT_TRUE(program_.ok()) << program_.status();
  EXPECT_EQ(Call<int>("program_variable"), 42);
  EXPECT_EQ(Call<int>("library_uses_the_copy"), 1);
}

TEST_P(LoadProgram, CopiesVariablesOfItsLibraryOnceThoseAreRelocated) {
  ASSERT_TRUE(program_.ok()) << program_.status();
  EXPECT_EQ(Call<int>("program_pointed"), 42);
}

TEST_P(LoadProgram, CopiesVariablesOfTheHost) {
  ASSERT_TRUE(program_.ok()) << program_.status();
  EXPECT_EQ(Call<char**>("program_environ"), environ);
  EXPECT_EQ(Call<FILE*>("program_stdout"), stdout);
}

TEST_P(LoadProgram, AgreesWithItsLibraryOnAFunctionsAddress) {
  ASSERT_TRUE(program_.ok()) << program_.status();
  EXPECT_EQ(Call<void*>("library_function"),
            Call<void*>("library_function_of_library"));
}

TEST_P(LoadProgram, IsNoSharedObject) {
  EXPECT_EQ(loader_.LoadDylib(Path(GetParam())).status(),
            absl::InvalidArgumentError(absl::StrCat(
                Path(GetParam()),
                ": is an executable, not a shared object; use LoadExec")));
}

INSTANTIATE_TEST_SUITE_P(, LoadProgram,
                         testing::Values("movable.elf", "fixed.elf"),
                         [](const auto& test) {
                           return std::string(test.param).substr(0, 5);
                         });

TEST(LoadExec, RefusesASharedObject) {
  Loader loader;
  const std::string path = Path("libvariables.so");
  EXPECT_EQ(
      loader.LoadExec(path).status(),
      absl::InvalidArgumentError(absl::StrCat(
          path, ": is a shared object, not an executable; use LoadDylib")));
  EXPECT_TRUE(loader.Load(path).ok());
}

TEST(LoadExec, PutsAProgramWhereItWasLinked) {
  Loader loader;
  auto program = loader.LoadExec(Path("fixed.elf"));
  ASSERT_TRUE(program.ok()) << program.status();
  EXPECT_EQ(program->base(), 0u);
  EXPECT_EQ(program->segments().front().memory.begin, RuntimeAddr(0x61000000));
  EXPECT_TRUE((RuntimeRange{RuntimeAddr(0x61000000), 0x10000})
                  .Contains(program->entry()));
}

TEST(LoadExec, SaysThatAFixedAddressIsTaken) {
  Loader loader;
  auto first = loader.LoadExec(Path("fixed.elf"));
  ASSERT_TRUE(first.ok()) << first.status();
  auto second = loader.LoadExec(Path("fixed.elf"));
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition)
      << second.status();
  *first = *loader.LoadExec(Path("movable.elf"));
  EXPECT_TRUE(loader.LoadExec(Path("fixed.elf")).ok());
}

TEST(LoadExec, RefusesThreadLocalStorageThatOnlyOneProgramCanHave) {
  Loader loader;
  auto program = loader.LoadExec(Path("thread_local_program.elf"));
  EXPECT_EQ(program.status().code(), absl::StatusCode::kUnimplemented)
      << program.status();
}

}  // namespace
}  // namespace relink
