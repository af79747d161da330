// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/testing/loadable_image.h"

#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <string>

#include "gtest/gtest.h"

namespace relink::elf {
namespace {

// A built image, loaded by the system's own loader.
class Loaded {
 public:
  explicit Loaded(const Image<Elf64Le>& image) {
    const std::string path = testing::TempDir() + "loadable.so";
    std::FILE* file = std::fopen(path.c_str(), "wb");
    std::fwrite(image.bytes.data(), 1, image.bytes.size(), file);
    std::fclose(file);
    handle_ = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle_ == nullptr) ADD_FAILURE() << dlerror();
    unlink(path.c_str());
  }
  ~Loaded() {
    if (handle_ != nullptr) dlclose(handle_);
  }

  bool ok() const { return handle_ != nullptr; }
  template <typename T>
  T* Get(const char* name) const {
    return reinterpret_cast<T*>(dlsym(handle_, name));
  }
  void* GetVersion(const char* name, const char* version) const {
    return dlvsym(handle_, name, version);
  }

 private:
  void* handle_ = nullptr;
};

class LoadableImage : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(loaded_.ok()); }
  Loaded loaded_{BuildLoadable()};
};

TEST_F(LoadableImage, HasAFunctionThatReturns42) {
  ASSERT_NE(loaded_.Get<int()>("answer"), nullptr);
  EXPECT_EQ(loaded_.Get<int()>("answer")(), 42);
}

TEST_F(LoadableImage, RanItsInitializer) {
  EXPECT_EQ(*loaded_.Get<int>("initialized"), 1);
}

TEST_F(LoadableImage, CallsTheHostThroughItsJumpSlot) {
  EXPECT_EQ(loaded_.Get<int()>("own_pid")(), getpid());
}

TEST_F(LoadableImage, HoldsPointersFromEachKindOfRelocation) {
  void* answer = loaded_.Get<void>("answer");
  EXPECT_EQ(loaded_.Get<void*()>("glob_dat_pointer")(), answer);
  EXPECT_EQ(loaded_.Get<void*()>("relr_pointer")(), answer);
  EXPECT_EQ(loaded_.Get<void*()>("relative_pointer")(), answer);
}

TEST_F(LoadableImage, StartsItsBssAtZero) {
  const auto* zeroed = loaded_.Get<const char>("zeroed");
  EXPECT_TRUE(
      std::all_of(zeroed, zeroed + kZeroedSize, [](char c) { return c == 0; }));
}

TEST_F(LoadableImage, StartsItsThreadLocalAtSeven) {
  EXPECT_EQ(*loaded_.Get<int>("counter"), 7);
}

TEST_F(LoadableImage, FindsAHiddenVersionOnlyByItsName) {
  EXPECT_NE(loaded_.GetVersion("old_answer", "RELINK_0.9"), nullptr);
  EXPECT_EQ(loaded_.GetVersion("old_answer", "RELINK_1.0"), nullptr);
}

TEST(LoadableImageWithSysvHash, LoadsToo) {
  ImageSpec spec = LoadableSpec();
  spec.gnu_hash = false;
  spec.sysv_hash = true;
  Loaded loaded(BuildLoadable(spec));
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded.Get<int()>("answer")(), 42);
}

TEST(LoadableImageWithoutSections, LoadsToo) {
  ImageSpec spec = LoadableSpec();
  spec.section_headers = false;
  EXPECT_TRUE(Loaded(BuildLoadable(spec)).ok());
}

}  // namespace
}  // namespace relink::elf
