// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/verify/image_comparison.h"

#include <dlfcn.h>
#include <link.h>
#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/ir/module_source.h"
#include "relink/link/loader.h"
#include "relink/runtime/thread_local_storage.h"
#include "testdata/testdata_path.h"

namespace relink::tools {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::SizeIs;

// Our copy of a library beside ld.so's, which a test may spoil.
class CompareImagesOf : public testing::Test {
 protected:
  ~CompareImagesOf() override {
    if (handle_ != nullptr) dlclose(handle_);
  }

  void Load(const std::string& name) {
    const std::string path = TestdataPath(name);
    handle_ = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    ASSERT_NE(handle_, nullptr) << dlerror();
    auto source = ModuleSource::Open(path);
    ASSERT_TRUE(source.ok()) << source.status();
    auto ours = loader_.Link(*std::move(source));
    ASSERT_TRUE(ours.ok()) << ours.status();
    ours_.emplace(*std::move(ours));
  }
  template <typename T>
  T* Host(const char* symbol) {
    return static_cast<T*>(dlsym(handle_, symbol));
  }
  const link_map& HostMap() const {
    link_map* map = nullptr;
    dlinfo(handle_, RTLD_DI_LINKMAP, &map);
    return *map;
  }
  // Changes a word of ld.so's global offset table, which is under RELRO here.
  void SpoilGlobalOffsetTable(size_t index) {
    const ElfW(Dyn)* entry = HostMap().l_ld;
    while (entry->d_tag != DT_PLTGOT && entry->d_tag != DT_NULL) ++entry;
    ASSERT_EQ(entry->d_tag, DT_PLTGOT);
    // ld.so has added the base to the entry.
    auto* const table = reinterpret_cast<uint64_t*>(entry->d_un.d_ptr);
    auto* const page = reinterpret_cast<void*>(
        reinterpret_cast<uintptr_t>(table) & ~uintptr_t{4095});
    ASSERT_EQ(mprotect(page, 4096, PROT_READ | PROT_WRITE), 0);
    ++table[index];
    ASSERT_EQ(mprotect(page, 4096, PROT_READ), 0);
  }
  Comparison Compare(bool in_use = false, bool is_linker = false) {
    auto compared = CompareImages(
        *ours_,
        {.bias = HostMap().l_addr, .in_use = in_use, .is_linker = is_linker},
        ThreadLocalStorage::Process());
    EXPECT_TRUE(compared.ok()) << compared.status();
    return compared.ok() ? *std::move(compared) : Comparison();
  }

  void* handle_ = nullptr;
  Loader loader_;
  std::optional<BoundImage> ours_;
};

TEST_F(CompareImagesOf, FindsTwoGoodOnesEqual) {
  Load("relocations/libpointers.so");
  const Comparison same = Compare();
  EXPECT_THAT(same.disagreements, IsEmpty());
  EXPECT_EQ(same.disagreement_count, 0u);
  EXPECT_GE(same.sites, 195u);
  EXPECT_GE(same.bytes, 1000u);
  EXPECT_EQ(same.unchecked, 0u);
}

TEST_F(CompareImagesOf, ReportsARelocatedValue) {
  Load("relocations/libpointers.so");
  ++Host<int*>("dense")[2];
  const Comparison different = Compare();
  EXPECT_EQ(different.disagreement_count, 1u);
  EXPECT_THAT(different.disagreements,
              ElementsAre(MatchesRegex(
                  "DT_RELA.[0-9]+.: R_X86_64_RELATIVE at 0x[0-9a-f]+: "
                  "relink base.0x[0-9a-f]+, ld.so base.0x[0-9a-f]+")));
}

TEST_F(CompareImagesOf, NamesTheSymbolOfARelocatedValue) {
  Load("symbols/libweak_undefined.so");
  *Host<void*>("function_pointer") = handle_;
  EXPECT_THAT(Compare().disagreements,
              ElementsAre(MatchesRegex(
                  "DT_RELA.[0-9]+.: R_X86_64_64 against nobody_defines at "
                  "0x[0-9a-f]+: relink 0x0, ld.so 0x[0-9a-f]+")));
}

TEST_F(CompareImagesOf, ReportsAByte) {
  Load("symbols/libinterposed.so");
  *Host<int>("interposable_variable") = 0x77;
  EXPECT_THAT(
      Compare().disagreements,
      ElementsAre(MatchesRegex("byte at 0x[0-9a-f]+: relink 0x1, ld.so 0x77")));
}

TEST_F(CompareImagesOf, ReportsAProtection) {
  Load("symbols/libinterposed.so");
  auto* const page = reinterpret_cast<void*>(
      reinterpret_cast<uintptr_t>(Host<int>("interposable_variable")) &
      ~uintptr_t{4095});
  ASSERT_EQ(mprotect(page, 4096, PROT_READ), 0);
  const Comparison different = Compare();
  ASSERT_EQ(mprotect(page, 4096, PROT_READ | PROT_WRITE), 0);
  EXPECT_THAT(
      different.disagreements,
      ElementsAre(MatchesRegex("page at 0x[0-9a-f]+: relink rw-, ld.so r--")));
}

TEST_F(CompareImagesOf, ListsTheFirstOfManyDisagreements) {
  Load("relocations/libpointers.so");
  for (int i = 0; i < 100; ++i) ++Host<int*>("dense")[i];
  const Comparison different = Compare();
  EXPECT_EQ(different.disagreement_count, 100u);
  EXPECT_THAT(different.disagreements, SizeIs(10));
}

TEST_F(CompareImagesOf, LeavesOutWhatTheProcessMayHaveChanged) {
  Load("relocations/libpointers.so");
  ++Host<int*>("dense")[2];
  const Comparison comparison = Compare(/*in_use=*/true);
  EXPECT_THAT(comparison.disagreements, IsEmpty());
  EXPECT_GE(comparison.unchecked, 195u);
  // The two words that lazy binding uses.
  SpoilGlobalOffsetTable(1);
  SpoilGlobalOffsetTable(2);
  EXPECT_THAT(Compare(/*in_use=*/true).disagreements, IsEmpty());
  EXPECT_THAT(Compare().disagreements, SizeIs(2));
}

TEST_F(CompareImagesOf, ComparesWhatRelroProtectsInTheProcess) {
  Load("relocations/libpointers.so");
  SpoilGlobalOffsetTable(0);
  EXPECT_THAT(Compare(/*in_use=*/true).disagreements,
              ElementsAre(MatchesRegex("byte at 0x[0-9a-f]+: relink .*")));
  // But ld.so has changed its own before it was protected.
  EXPECT_THAT(Compare(/*in_use=*/true, /*is_linker=*/true).disagreements,
              IsEmpty());
}

}  // namespace
}  // namespace relink::tools
