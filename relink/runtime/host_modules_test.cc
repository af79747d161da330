// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/host_modules.h"

#include <dlfcn.h>
#include <link.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <set>
#include <string>

#include "gtest/gtest.h"
#include "relink/elf/symbol_name.h"
#include "relink/elf/versions.h"
#include "relink/reloc/scope.h"
#include "relink/support/string_ref.h"
#include "testdata/testdata_path.h"

// Exported, so that it is found in the program.
extern "C" {
__attribute__((visibility("default"))) int defined_by_the_test_program = 1;
}

namespace relink {
namespace {

using elf::SymbolName;

SymbolName NameOf(const char* text) {
  return SymbolName(StringRef(text, std::strlen(text)));
}

std::shared_ptr<const HostModules> Now() { return HostModules::Take(nullptr); }

void* FindGlobal(const HostModules& host, const SymbolName& name) {
  const Definition found = FindInScope(host.global(), name, {});
  return found.owner == nullptr ? nullptr
                                : reinterpret_cast<void*>(found.address());
}

TEST(HostModules, AreThoseThatDlIteratePhdrShows) {
  std::set<std::string> expected;
  dl_iterate_phdr(
      [](dl_phdr_info* info, size_t, void* names) {
        static_cast<std::set<std::string>*>(names)->insert(info->dlpi_name);
        return 0;
      },
      &expected);
  expected.erase("linux-vdso.so.1");
  std::set<std::string> found;
  const auto taken = Now();
  const HostModules& host = *taken;
  for (const HostModules::Entry& module : host.modules()) {
    found.insert(module->path);
  }
  EXPECT_EQ(found, expected);
}

TEST(HostModules, BeginWithTheProgram) {
  const auto taken = Now();
  const HostModules& host = *taken;
  ASSERT_FALSE(host.modules().empty());
  EXPECT_TRUE(host.modules()[0]->member.executable);
  EXPECT_TRUE(host.modules()[0]->from_start);
  EXPECT_EQ(FindGlobal(host, "defined_by_the_test_program"),
            &defined_by_the_test_program);
}

TEST(HostModules, AreFoundBySonameOrFileName) {
  const auto taken = Now();
  const HostModules& host = *taken;
  const HostModuleId libc = host.Find("libc.so.6");
  ASSERT_TRUE(libc.has_value());
  EXPECT_EQ(host[libc]->soname, "libc.so.6");
  EXPECT_TRUE(host[libc]->from_start);
  const HostModuleId interpreter = host.Find("ld-linux-x86-64.so.2");
  ASSERT_TRUE(interpreter.has_value());
  EXPECT_TRUE(host[interpreter]->from_start);
  EXPECT_FALSE(host.Find("libabsent.so").has_value());
}

TEST(HostModules, DefineWhatDlsymFinds) {
  const auto taken = Now();
  const HostModules& host = *taken;
  for (const char* name : {"malloc", "memcmp", "environ", "stdout",
                           "pthread_create", "_ZSt4cout", "__cxa_throw"}) {
    EXPECT_EQ(FindInScope(host.global(), NameOf(name), {}).owner != nullptr,
              dlsym(RTLD_DEFAULT, name) != nullptr)
        << name;
  }
  // No ifunc, so that the address itself can be compared.
  EXPECT_EQ(FindGlobal(host, "malloc"), dlsym(RTLD_DEFAULT, "malloc"));
  EXPECT_EQ(FindGlobal(host, "no_such_symbol_anywhere"), nullptr);
}

// What dlvsym finds: a condition variable's functions have two versions.
TEST(HostModules, DefineVersionsAsDlvsymFindsThem) {
  const auto taken = Now();
  const HostModules& host = *taken;
  const HostModules::Entry& libc = host[host.Find("libc.so.6")];
  std::set<void*> different;
  for (const char* name : {"GLIBC_2.2.5", "GLIBC_2.3.2"}) {
    const auto version =
        std::ranges::find(libc->versions, StringRef(name, std::strlen(name)),
                          &elf::Version::name);
    ASSERT_NE(version, libc->versions.end()) << name;
    const Definition found =
        FindInScope(host.global(), "pthread_cond_wait", {.version = &*version});
    ASSERT_NE(found.owner, nullptr);
    void* const address = reinterpret_cast<void*>(found.address());
    EXPECT_EQ(address, dlvsym(RTLD_DEFAULT, "pthread_cond_wait", name)) << name;
    different.insert(address);
  }
  EXPECT_EQ(different.size(), 2u);
}

TEST(HostModules, HaveVersions) {
  const auto taken = Now();
  const HostModules& host = *taken;
  const HostModules::Entry& libc = host[host.Find("libc.so.6")];
  bool found = false;
  for (const elf::Version& version : libc->versions) {
    found |= version.name == StringRef("GLIBC_2.2.5");
  }
  EXPECT_TRUE(found);
}

TEST(HostModules, FollowWhatComesAndGoes) {
  const auto before = Now();
  const std::string path = TestdataPath("dependencies/libbottom.so");
  void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  ASSERT_NE(handle, nullptr) << dlerror();
  const auto after = HostModules::Take(before);
  EXPECT_EQ(after->modules().size(), before->modules().size() + 1);
  EXPECT_EQ(HostModules::Take(after), after);
  const HostModuleId id = after->Find("libbottom.so");
  ASSERT_TRUE(id.has_value());
  EXPECT_FALSE((*after)[id]->from_start);
  // Its symbols are nobody else's.
  EXPECT_EQ(FindGlobal(*after, "bottom_value"), nullptr);
  EXPECT_NE(FindInScope(after->all(), "bottom_value", {}).owner, nullptr);
  dlclose(handle);
  EXPECT_EQ(HostModules::Take(after)->modules().size(),
            before->modules().size());
}

TEST(HostModules, AreSharedWhileNothingChanges) {
  EXPECT_EQ(HostModules::Current(), HostModules::Current());
}

TEST(HostModules, AreNotFromTheStartForTheirNamesAlone) {
  // A second copy, opened before anybody looks.
  const auto before = Now();
  const std::string libgcc = (*before)[before->Find("libgcc_s.so.1")]->path;
  const std::string copy = testing::TempDir() + "/namesake.so";
  std::filesystem::copy_file(libgcc, copy,
                             std::filesystem::copy_options::overwrite_existing);
  void* handle = dlopen(copy.c_str(), RTLD_NOW | RTLD_LOCAL);
  ASSERT_NE(handle, nullptr) << dlerror();
  const auto taken = Now();
  const HostModules& host = *taken;
  int copies = 0;
  for (const HostModules::Entry& module : host.modules()) {
    EXPECT_EQ(module->from_start, module->path != copy) << module->path;
    if (module->path == copy) ++copies;
  }
  EXPECT_EQ(copies, 1);
  dlclose(handle);
}

TEST(HostModules, HaveAFilterOnceManyLookupsAreExpected) {
  const auto host = Now();
  const SymbolName absent("no_such_symbol_anywhere");
  EXPECT_TRUE(host->GlobalFilter(1).MayContain(absent.gnu_hash()));
  const elf::HashFilter filter = host->GlobalFilter(1'000'000);
  EXPECT_FALSE(filter.MayContain(absent.gnu_hash()));
  for (const char* name :
       {"malloc", "environ", "defined_by_the_test_program"}) {
    EXPECT_TRUE(filter.MayContain(NameOf(name).gnu_hash())) << name;
  }
}

}  // namespace
}  // namespace relink
