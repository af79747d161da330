// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Thread-local storage of loaded libraries through every model of access.

#include <cerrno>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "relink/link/dlopened_library.h"
#include "relink/link/loader.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

std::string Path(absl::string_view name) {
  return TestdataPath(absl::StrCat("threads/", name));
}

template <typename T>
T Call(const Library& library, absl::string_view name) {
  auto function = library.Get<T()>(name);
  EXPECT_TRUE(function.ok()) << function.status();
  return function.ok() ? (*function)() : T();
}

class ThreadLocal : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    ASSERT_TRUE(library_.ok()) << library_.status();
    first_ = Call<int>(*library_, "first_value");
  }

  int Next() { return Call<int>(*library_, "next"); }

  Loader loader_;
  absl::StatusOr<Library> library_ = loader_.LoadDylib(Path(GetParam()));
  int first_ = 0;
};

TEST_P(ThreadLocal, StartsWithItsInitialValueInTheThreadThatLoadedIt) {
  EXPECT_EQ(Next(), first_ + 1);
  EXPECT_EQ(Next(), first_ + 2);
  EXPECT_EQ(Call<int>(*library_, "calls"), 2);
}

TEST_P(ThreadLocal, IsEachThreadsOwn) {
  EXPECT_EQ(Next(), first_ + 1);
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([this] {
      EXPECT_EQ(Call<int>(*library_, "calls"), 0);
      for (int j = 1; j <= 1000; ++j) ASSERT_EQ(Next(), first_ + j);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Next(), first_ + 2);
}

TEST_P(ThreadLocal, IsFreshWhenTheLibraryIsLoadedAgain) {
  EXPECT_EQ(Next(), first_ + 1);
  for (int i = 0; i < 100; ++i) {
    library_ = absl::CancelledError();
    library_ = loader_.LoadDylib(Path(GetParam()));
    ASSERT_TRUE(library_.ok()) << library_.status();
    ASSERT_EQ(Call<int>(*library_, "calls"), 0);
    ASSERT_EQ(Next(), first_ + 1);
  }
}

TEST_P(ThreadLocal, OfTwoCopiesOfALibraryIsApart) {
  auto second = loader_.LoadDylib(Path(GetParam()));
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(Next(), first_ + 1);
  EXPECT_EQ(Call<int>(*second, "next"), first_ + 1);
  EXPECT_EQ(Next(), first_ + 2);
}

TEST_P(ThreadLocal, OutlivesNoLibraryInAThreadThatStays) {
  std::thread thread([this] {
    EXPECT_EQ(Next(), first_ + 1);
    // Unloaded while this thread has a block; its exit must not touch it.
    library_ = absl::CancelledError();
  });
  thread.join();
}

INSTANTIATE_TEST_SUITE_P(
    , ThreadLocal,
    testing::Values("libgeneral_dynamic.so", "libglobal_general_dynamic.so",
                    "liblocal_dynamic.so", "libdescriptor.so",
                    "libinitial_exec.so", "libinitial_exec_zeros.so"),
    [](const auto& test) {
      const std::string name(test.param);
      return name.substr(3, name.size() - 6);
    });

TEST(ThreadLocalAddress, IsThatOfTheCallingThread) {
  Loader loader;
  auto library = loader.LoadDylib(Path("libglobal_general_dynamic.so"));
  ASSERT_TRUE(library.ok()) << library.status();
  void* here = library->Find("counter");
  EXPECT_EQ(here, Call<int*>(*library, "counter_address"));
  auto counter = library->Get<int>("counter");
  ASSERT_TRUE(counter.ok());
  EXPECT_EQ(**counter, 7);
  std::thread([&] {
    EXPECT_NE(library->Find("counter"), here);
    EXPECT_EQ(library->Find("counter"),
              Call<int*>(*library, "counter_address"));
  }).join();
}

TEST(ThreadLocalAddress, IsSharedByLibrariesThatUseOneVariable) {
  Loader loader;
  auto library = loader.LoadDylib(Path("libtwo_libraries.so"));
  ASSERT_TRUE(library.ok()) << library.status();
  EXPECT_EQ(Call<int>(*library, "next_of_other_library"), 8);
  EXPECT_EQ(Call<int>(*library, "next"), 9);
}

TEST(ThreadLocalAddress, IsAligned) {
  Loader loader;
  auto library = loader.LoadDylib(Path("liboveraligned.so"));
  ASSERT_TRUE(library.ok()) << library.status();
  const auto address =
      reinterpret_cast<uint64_t>(Call<void*>(*library, "aligned_address"));
  EXPECT_EQ(address % 512, 0u);
  EXPECT_EQ(Call<int>(*library, "byte"), 5);
}

TEST(TlsDescriptor, PreservesEveryRegister) {
  Loader loader;
  auto library = loader.LoadDylib(Path("libdescriptor_registers.so"));
  ASSERT_TRUE(library.ok()) << library.status();
  // First while the block is allocated, then on the short way.
  EXPECT_EQ(Call<int>(*library, "registers_preserved"), 6);
  EXPECT_EQ(Call<int>(*library, "registers_preserved"), 6);
}

TEST(TlsDescriptor, PreservesWideVectors) {
  if (!__builtin_cpu_supports("avx2")) GTEST_SKIP() << "no AVX2";
  Loader loader;
  auto library = loader.LoadDylib(Path("libdescriptor_registers.so"));
  ASSERT_TRUE(library.ok()) << library.status();
  EXPECT_EQ(Call<int>(*library, "wide_registers_preserved"), 6);
  EXPECT_EQ(Call<int>(*library, "wide_registers_preserved"), 6);
}

TEST(TlsDescriptor, ReachesABlockInStaticTls) {
  Loader loader;
  auto library = loader.LoadDylib(Path("libstatic_descriptor.so"));
  ASSERT_TRUE(library.ok()) << library.status();
  EXPECT_EQ(*Call<int*>(*library, "offset_address"), 9);
  EXPECT_EQ(*Call<int*>(*library, "descriptor_address"), 10);
  EXPECT_EQ(Call<int*>(*library, "descriptor_address"),
            library->Find("through_descriptor"));
  std::thread([&] {
    EXPECT_EQ(*Call<int*>(*library, "descriptor_address"), 10);
  }).join();
}

TEST(TlsDescriptor, OfAnUndefinedWeakSymbolIsNull) {
  Loader loader;
  auto library = loader.LoadDylib(Path("libweak_descriptor.so"));
  ASSERT_TRUE(library.ok()) << library.status();
  EXPECT_EQ(Call<void*>(*library, "address_of_weak"), nullptr);
}

TEST(HostThreadLocal, IsTheHosts) {
  Loader loader;
  auto library = loader.LoadDylib(Path("liberrno_user.so"));
  ASSERT_TRUE(library.ok()) << library.status();
  EXPECT_EQ(Call<int>(*library, "close_nothing"), EBADF);
  EXPECT_EQ(Call<int*>(*library, "errno_address"), &errno);
  std::thread([&] {
    (*library->Get<void(int)>("set_errno"))(123);
    EXPECT_EQ(errno, 123);
  }).join();
}

}  // namespace
}  // namespace relink
