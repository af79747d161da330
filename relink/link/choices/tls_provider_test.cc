// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Thread-local storage that an embedder supplies.

#include "relink/reloc/tls_provider.h"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/link/link_context.h"
#include "relink/link/linker.h"
#include "testdata/testdata_path.h"

extern "C" void* __tls_get_addr(void* index);

namespace relink {
namespace {

using testing::HasSubstr;

std::string Path(absl::string_view name) {
  return TestdataPath(absl::StrCat("threads/", name));
}

// Serves blocks from an arena, one after the other, and counts.
class ArenaTls final : public TlsProvider {
 public:
  static ArenaTls& Process() {
    static ArenaTls& tls = *new ArenaTls();
    return tls;
  }

  absl::StatusOr<uint64_t> Register(const TlsTemplate& tls) override {
    const std::lock_guard lock(mutex_);
    const uint64_t id = kProvidedTlsModule | next_++;
    templates_[id] = tls;
    return id;
  }
  void Unregister(uint64_t module) override {
    const std::lock_guard lock(mutex_);
    templates_.erase(module);
  }
  absl::StatusOr<int64_t> MakeStatic(uint64_t) override {
    return absl::UnimplementedError("the arena is not static");
  }
  absl::StatusOr<int64_t> HostStaticOffset(uint64_t) override {
    return absl::UnimplementedError("nor is the host's for all I know");
  }
  absl::Status InitializeStatic(uint64_t) override { return absl::OkStatus(); }
  Functions functions() const override {
    return {.get_addr = reinterpret_cast<uint64_t>(&GetAddr)};
  }

  bool Owns(const void* address) const {
    const auto* const byte = static_cast<const std::byte*>(address);
    return byte >= arena_.data() && byte < arena_.data() + arena_.size();
  }
  size_t modules() {
    const std::lock_guard lock(mutex_);
    return templates_.size();
  }
  int blocks() {
    const std::lock_guard lock(mutex_);
    return blocks_;
  }

 private:
  static void* GetAddr(TlsIndex* index) {
    if ((index->module & kProvidedTlsModule) == 0) return __tls_get_addr(index);
    // By module: one that is gone may not be asked for again.
    thread_local std::map<uint64_t, std::byte*> mine;
    std::byte*& block = mine[index->module];
    if (block == nullptr) block = Process().MakeBlock(index->module);
    return block + index->offset;
  }
  std::byte* MakeBlock(uint64_t module) {
    const std::lock_guard lock(mutex_);
    const TlsTemplate& tls = templates_.at(module);
    used_ = (used_ + tls.alignment - 1) / tls.alignment * tls.alignment;
    std::byte* const block = arena_.data() + used_;
    used_ += tls.size;
    EXPECT_LE(used_, arena_.size());
    std::memcpy(block, tls.image.data(), tls.image.size());
    ++blocks_;
    return block;
  }

  std::mutex mutex_;
  std::map<uint64_t, TlsTemplate> templates_;
  uint64_t next_ = 1;
  alignas(4096) std::array<std::byte, 1 << 20> arena_{};
  size_t used_ = 0;
  int blocks_ = 0;
};

class ProvidedTls : public testing::Test {
 protected:
  absl::StatusOr<Library> Load(absl::string_view file) {
    return linker_.Load(context_, Path(file));
  }

  ArenaTls& tls_ = ArenaTls::Process();
  Linker linker_{{.tls = &tls_}};
  LinkContext context_;
};

TEST_F(ProvidedTls, ServesEveryThreadFromIt) {
  for (const char* file : {"libgeneral_dynamic.so", "liblocal_dynamic.so"}) {
    const size_t modules_before = tls_.modules();
    {
      const auto library = Load(file);
      ASSERT_TRUE(library.ok()) << library.status();
      EXPECT_EQ(tls_.modules(), modules_before + 1);
      const int blocks_before = tls_.blocks();
      auto next = library->Get<int()>("next");
      auto address = library->Get<int*()>("counter_address");
      const int first = (*library->Get<int()>("first_value"))();
      const auto use = [&] {
        EXPECT_EQ((*next)(), first + 1);
        EXPECT_EQ((*next)(), first + 2);
        EXPECT_TRUE(tls_.Owns((*address)()));
      };
      use();
      std::vector<std::thread> threads;
      for (int i = 0; i < 3; ++i) threads.emplace_back(use);
      for (std::thread& thread : threads) thread.join();
      EXPECT_EQ(tls_.blocks(), blocks_before + 4);
    }
    EXPECT_EQ(tls_.modules(), modules_before);
  }
}

TEST_F(ProvidedTls, IsAskedByLookups) {
  const auto library = Load("libglobal_general_dynamic.so");
  ASSERT_TRUE(library.ok()) << library.status();
  void* const counter = library->Find("counter");
  EXPECT_TRUE(tls_.Owns(counter));
  EXPECT_EQ(counter, (*library->Get<int*()>("counter_address"))());
}

TEST_F(ProvidedTls, LeavesTheHostsToTheHost) {
  const auto library = Load("liberrno_user.so");
  ASSERT_TRUE(library.ok()) << library.status();
  (*library->Get<void(int)>("set_errno"))(5);
  EXPECT_EQ(errno, 5);
}

TEST_F(ProvidedTls, RefusesWhatItDoesNotHave) {
  const absl::Status initial_exec = Load("libinitial_exec.so").status();
  EXPECT_EQ(initial_exec.code(), absl::StatusCode::kUnimplemented);
  EXPECT_THAT(initial_exec.message(), HasSubstr("the arena is not static"));
  const absl::Status descriptor = Load("libdescriptor.so").status();
  EXPECT_EQ(descriptor.code(), absl::StatusCode::kUnimplemented);
  EXPECT_THAT(descriptor.message(), HasSubstr("has no descriptors"));
  EXPECT_EQ(tls_.modules(), 0u);
}

TEST_F(ProvidedTls, DoesNotMixWithThatOfAnotherLinker) {
  const auto own = Linker().Load(context_, Path("libglobal_general_dynamic.so"),
                                 {.global = true});
  ASSERT_TRUE(own.ok()) << own.status();
  const absl::Status status = Load("libtwo_libraries.so").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(status.message(), HasSubstr("from another provider"));
}

}  // namespace
}  // namespace relink
