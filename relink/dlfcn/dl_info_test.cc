// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/dlfcn/dl_info.h"

#include <dlfcn.h>
#include <link.h>

#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/dlfcn/dl_error.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

using testing::Contains;
using testing::StrEq;

class DlInfoTest : public testing::Test {
 protected:
  DlInfoTest() {
    const auto handle = modules_.Open(TestdataPath("dlfcn/libcounter.so"),
                                      RTLD_NOW, LM_ID_BASE, {});
    EXPECT_TRUE(handle.ok()) << handle.status();
    handle_ = handle.value_or(nullptr);
  }
  ~DlInfoTest() override { modules_.Close(handle_); }

  int Ask(int request, void* answer) {
    return DlInfo(modules_, *modules_.FindHandle(handle_), request, answer);
  }

  DlModules& modules_ = DlModules::Process();
  void* handle_;
};

TEST_F(DlInfoTest, KnowsNamespaceAndLinkMap) {
  Lmid_t name_space = 77;
  EXPECT_EQ(Ask(RTLD_DI_LMID, &name_space), 0);
  EXPECT_EQ(name_space, LM_ID_BASE);
  link_map* map = nullptr;
  EXPECT_EQ(Ask(RTLD_DI_LINKMAP, &map), 0);
  EXPECT_EQ(map, handle_);
}

TEST_F(DlInfoTest, KnowsTheOriginFromTheRootOn) {
  char origin[4096];
  EXPECT_EQ(Ask(RTLD_DI_ORIGIN, origin), 0);
  EXPECT_EQ(origin[0], '/');
  EXPECT_THAT(std::string(origin), testing::EndsWith("testdata/dlfcn"));
}

TEST_F(DlInfoTest, KnowsTheBlockOfTheCallingThread) {
  size_t module = 0;
  EXPECT_EQ(Ask(RTLD_DI_TLS_MODID, &module), 0);
  EXPECT_NE(module, 0u);
  void* block = nullptr;
  EXPECT_EQ(Ask(RTLD_DI_TLS_DATA, &block), 0);
  ASSERT_NE(block, nullptr);
  EXPECT_EQ(*static_cast<int*>(block), 5);
  EXPECT_EQ(modules_.FindHandle(handle_)->library.Find("counter"), block);
}

TEST_F(DlInfoTest, ListsWhereASearchLooks) {
  Dl_serinfo size;
  ASSERT_EQ(Ask(RTLD_DI_SERINFOSIZE, &size), 0);
  // An array of bytes behind which nothing is.
  const std::unique_ptr<char[]> bytes(new char[size.dls_size]);
  std::memcpy(bytes.get(), &size, sizeof(size));
  auto* const info = reinterpret_cast<Dl_serinfo*>(bytes.get());
  ASSERT_EQ(Ask(RTLD_DI_SERINFO, info), 0);
  std::vector<const char*> directories;
  for (unsigned i = 0; i < size.dls_cnt; ++i) {
    directories.push_back(info->dls_serpath[i].dls_name);
  }
  EXPECT_THAT(directories, Contains(StrEq("/usr/lib")));
}

TEST_F(DlInfoTest, KnowsProgramHeaders) {
  const ElfW(Phdr)* headers = nullptr;
  const int count = Ask(/*RTLD_DI_PHDR=*/11, &headers);
  ASSERT_GT(count, 0);
  int tls = 0;
  for (int i = 0; i < count; ++i) tls += headers[i].p_type == PT_TLS ? 1 : 0;
  EXPECT_EQ(tls, 1);
}

TEST_F(DlInfoTest, RefusesOtherRequests) {
  EXPECT_EQ(Ask(99, nullptr), -1);
  EXPECT_THAT(TakeDlError(), StrEq("unsupported dlinfo request"));
}

}  // namespace
}  // namespace relink
