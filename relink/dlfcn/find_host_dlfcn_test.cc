// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/dlfcn/find_host_dlfcn.h"

#include <dlfcn.h>

#include "gtest/gtest.h"

namespace relink {
namespace {

// Of this program, which has no others.
TEST(FindHostDlfcn, FindsWhatTheLinkerFound) {
  HostDlfcn found = {};
  ASSERT_TRUE(FindHostDlfcn(found));
  const auto symbol = [](const char* name) {
    return dlsym(RTLD_DEFAULT, name);
  };
  EXPECT_EQ(reinterpret_cast<void*>(found.dlopen), symbol("dlopen"));
  EXPECT_EQ(reinterpret_cast<void*>(found.dlmopen), symbol("dlmopen"));
  EXPECT_EQ(reinterpret_cast<void*>(found.dlclose), symbol("dlclose"));
  EXPECT_EQ(reinterpret_cast<void*>(found.dlsym), symbol("dlsym"));
  EXPECT_EQ(reinterpret_cast<void*>(found.dlvsym), symbol("dlvsym"));
  EXPECT_EQ(reinterpret_cast<void*>(found.dlerror), symbol("dlerror"));
  EXPECT_EQ(reinterpret_cast<void*>(found.dlinfo), symbol("dlinfo"));
  EXPECT_EQ(reinterpret_cast<void*>(found.dladdr), symbol("dladdr"));
  EXPECT_EQ(reinterpret_cast<void*>(found.dladdr1), symbol("dladdr1"));
  EXPECT_EQ(reinterpret_cast<void*>(found.dl_iterate_phdr),
            symbol("dl_iterate_phdr"));
}

}  // namespace
}  // namespace relink
