// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// What loaded modules are told when they ask which modules there are.

#include <dlfcn.h>
#include <link.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/link/library.h"
#include "relink/link/loader.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

using testing::EndsWith;
using testing::StrEq;

using Callback = int (*)(dl_phdr_info*, size_t, void*);

class ModuleQueries : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(library_.ok()) << library_.status(); }

  template <typename T>
  T* Function(absl::string_view name) {
    auto function = library_->Get<T>(name);
    EXPECT_TRUE(function.ok()) << function.status();
    return function->get();
  }

  struct Seen {
    std::string name;
    uint64_t bias;
    bool has_code;  // A segment of it has the function of that name.
    uint64_t added;
    uint64_t removed;
  };
  // What dl_iterate_phdr shows the library.
  std::vector<Seen> Iterate() {
    struct Visit {
      std::vector<Seen> seen;
      uint64_t code;
    } visit{{}, reinterpret_cast<uint64_t>(library_->Find("ask_iterate"))};
    const Callback add = [](dl_phdr_info* info, size_t size, void* data) {
      EXPECT_GE(size, sizeof(dl_phdr_info));
      auto& to = *static_cast<Visit*>(data);
      bool has_code = false;
      for (int i = 0; i < info->dlpi_phnum; ++i) {
        const ElfW(Phdr)& header = info->dlpi_phdr[i];
        has_code |= header.p_type == PT_LOAD &&
                    to.code - info->dlpi_addr - header.p_vaddr < header.p_memsz;
      }
      to.seen.push_back({info->dlpi_name, info->dlpi_addr, has_code,
                         info->dlpi_adds, info->dlpi_subs});
      return 0;
    };
    EXPECT_EQ((Function<int(Callback, void*)>("ask_iterate")(add, &visit)), 0);
    return visit.seen;
  }

  Loader loader_;
  std::string path_ = TestdataPath("queries/libasking.so");
  absl::StatusOr<Library> library_ = loader_.LoadDylib(path_);
};

TEST_F(ModuleQueries, IterationShowsTheProcessAndThenLoadedModules) {
  const std::vector<Seen> seen = Iterate();
  ASSERT_GE(seen.size(), 3u);
  EXPECT_EQ(seen.front().name, "");
  EXPECT_EQ(seen.back().name, path_);
  EXPECT_EQ(seen.back().bias, library_->base());
  for (const Seen& module : seen) {
    EXPECT_EQ(module.has_code, &module == &seen.back()) << module.name;
    EXPECT_EQ(module.added, seen.front().added);
    EXPECT_EQ(module.removed, seen.front().removed);
  }
}

TEST_F(ModuleQueries, IterationCountsWhatCameAndWent) {
  const Seen before = Iterate().back();
  {
    const auto second = loader_.LoadDylib(path_);
    ASSERT_TRUE(second.ok()) << second.status();
    const std::vector<Seen> during = Iterate();
    EXPECT_EQ(during.back().bias, second->base());
    EXPECT_EQ(during.back().added, before.added + 1);
    EXPECT_EQ(during.back().removed, before.removed);
  }
  const Seen after = Iterate().back();
  EXPECT_EQ(after.bias, before.bias);
  EXPECT_EQ(after.added, before.added + 1);
  EXPECT_EQ(after.removed, before.removed + 1);
}

TEST_F(ModuleQueries, IterationStopsWhereTheCallbackSays) {
  const Callback stop = [](dl_phdr_info* info, size_t, void*) {
    return info->dlpi_name[0] == '\0' ? 0 : 5;
  };
  EXPECT_EQ((Function<int(Callback, void*)>("ask_iterate")(stop, nullptr)), 5);
}

TEST_F(ModuleQueries, DladdrNamesSymbolsOfLoadedModules) {
  auto* ask = Function<int(const void*, Dl_info*)>("ask_dladdr");
  auto* function = reinterpret_cast<char*>(ask);
  Dl_info info = {};
  ASSERT_EQ(ask(function + 2, &info), 1);
  EXPECT_EQ(info.dli_fname, path_);
  EXPECT_THAT(info.dli_sname, StrEq("ask_dladdr"));
  EXPECT_EQ(info.dli_saddr, function);
  // Between or before all symbols.
  for (const LibrarySegment& segment : library_->segments()) {
    void* const begin = reinterpret_cast<void*>(segment.memory.begin.value());
    if (segment.protection != Protection::kRead) continue;
    ASSERT_EQ(ask(begin, &info), 1);
    EXPECT_EQ(info.dli_sname, nullptr);
    EXPECT_EQ(info.dli_saddr, nullptr);
    break;
  }
}

TEST_F(ModuleQueries, DladdrNamesSymbolsOfTheProcess) {
  auto* ask = Function<int(const void*, Dl_info*)>("ask_dladdr");
  Dl_info info = {};
  ASSERT_EQ(ask(reinterpret_cast<void*>(&getpid), &info), 1);
  EXPECT_THAT(info.dli_fname, EndsWith("libc.so.6"));
  int local = 0;
  EXPECT_EQ(ask(&local, &info), 0);
}

TEST_F(ModuleQueries, Dladdr1GivesTheSymbolAndTheLinkMap) {
  auto* ask = Function<int(const void*, Dl_info*, void**, int)>("ask_dladdr1");
  Dl_info info = {};
  link_map* map = nullptr;
  ASSERT_EQ(ask(reinterpret_cast<void*>(ask), &info,
                reinterpret_cast<void**>(&map), RTLD_DL_LINKMAP),
            1);
  EXPECT_EQ(map->l_addr, library_->base());
  EXPECT_EQ(map->l_name, path_);
  EXPECT_EQ(map->l_ld->d_tag >= 0, true);
  ElfW(Sym)* symbol = nullptr;
  ASSERT_EQ(ask(reinterpret_cast<void*>(ask), &info,
                reinterpret_cast<void**>(&symbol), RTLD_DL_SYMENT),
            1);
  EXPECT_EQ(ELF64_ST_TYPE(symbol->st_info), STT_FUNC);
  EXPECT_GT(symbol->st_size, 0u);
}

TEST_F(ModuleQueries, FindObjectFindsUnwindTables) {
  auto* ask = Function<int(void*, dl_find_object*)>("ask_find_object");
  dl_find_object found = {};
  ASSERT_EQ(ask(reinterpret_cast<void*>(ask), &found), 0);
  EXPECT_EQ(found.dlfo_link_map->l_name, path_);
  EXPECT_LE(found.dlfo_map_start, reinterpret_cast<void*>(ask));
  EXPECT_GT(found.dlfo_map_end, reinterpret_cast<void*>(ask));
  EXPECT_EQ(*static_cast<const char*>(found.dlfo_eh_frame), 1);
  // Of the process, the same as without us.
  dl_find_object ours = {};
  ASSERT_EQ(ask(reinterpret_cast<void*>(&getpid), &found), 0);
  ASSERT_EQ(_dl_find_object(reinterpret_cast<void*>(&getpid), &ours), 0);
  EXPECT_EQ(found.dlfo_eh_frame, ours.dlfo_eh_frame);
  int local = 0;
  EXPECT_EQ(ask(&local, &found), -1);
}

TEST_F(ModuleQueries, AnUnwinderInTheModulePassesThroughIt) {
  void* frames[64];
  const int count =
      Function<int(void**, int)>("call_own_backtrace")(frames, 64);
  auto* ask = Function<int(const void*, Dl_info*)>("ask_dladdr");
  int inside = 0;
  for (int i = 0; i < count; ++i) {
    Dl_info info = {};
    if (ask(frames[i], &info) != 0 && info.dli_fname == path_) ++inside;
  }
  EXPECT_EQ(inside, 2);
  // It did not end there.
  EXPECT_GT(count, 5);
}

TEST_F(ModuleQueries, AreAnsweredWhileModulesComeAndGo) {
  std::atomic<bool> done = false;
  std::thread other([&] {
    Loader loader;
    for (int i = 0; i < 200; ++i) {
      EXPECT_TRUE(loader.LoadDylib(path_).ok());
    }
    done = true;
  });
  auto* find = Function<int(void*, dl_find_object*)>("ask_find_object");
  auto* ask = Function<int(const void*, Dl_info*)>("ask_dladdr");
  while (!done) {
    dl_find_object found = {};
    EXPECT_EQ(find(reinterpret_cast<void*>(find), &found), 0);
    Dl_info info = {};
    EXPECT_EQ(ask(reinterpret_cast<void*>(ask), &info), 1);
    EXPECT_THAT(info.dli_sname, StrEq("ask_dladdr"));
    const std::vector<Seen> seen = Iterate();
    EXPECT_GE(seen.size(), 3u);
  }
  other.join();
}

}  // namespace
}  // namespace relink
