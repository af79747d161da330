// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/unique_symbols.h"

#include <dlfcn.h>

#include <cstdint>
#include <string>

#include "gtest/gtest.h"
#include "relink/elf/symbol_name.h"
#include "relink/runtime/host_modules.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

TEST(UniqueSymbols, AreFoundInALibraryThatTheHostOpened) {
  const std::string path = TestdataPath("symbols/libunique_first.so");
  void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  ASSERT_NE(handle, nullptr) << dlerror();
  auto* address = reinterpret_cast<int* (*)()>(dlsym(handle, "unique_address"));
  ASSERT_NE(address, nullptr);
  const auto host = HostModules::Current();
  UniqueSymbols symbols(*host);
  EXPECT_EQ(symbols.Find("_ZZ6SharedvE6shared"),
            reinterpret_cast<uint64_t>(address()));
  dlclose(handle);
}

TEST(UniqueSymbols, AreNotThoseThatEveryLibraryMayHave) {
  const auto host = HostModules::Current();
  UniqueSymbols symbols(*host);
  EXPECT_EQ(symbols.Find("malloc"), 0u);
  EXPECT_EQ(symbols.Find("nobody_has_this"), 0u);
}

}  // namespace
}  // namespace relink
