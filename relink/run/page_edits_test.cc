// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/run/page_edits.h"

#include <sys/mman.h>

#include <cstring>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "relink/map/posix_backend.h"
#include "relink/map/proc_maps.h"

namespace relink {
namespace {

constexpr size_t kPage = 4096;

// Three pages, the middle one read-only.
class PageEditsTest : public testing::Test {
 protected:
  PageEditsTest()
      : bytes_(
            static_cast<char*>(mmap(nullptr, 3 * kPage, PROT_READ | PROT_WRITE,
                                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))) {
    std::memset(bytes_, 1, 3 * kPage);
    mprotect(bytes_ + kPage, kPage, PROT_READ);
  }
  ~PageEditsTest() override { munmap(bytes_, 3 * kPage); }

  RuntimeAddr At(size_t offset) const {
    return RuntimeAddr(reinterpret_cast<uint64_t>(bytes_) + offset);
  }

  PosixBackend backend_;
  char* bytes_;
};

TEST_F(PageEditsTest, KeepsWhatIsCommitted) {
  PageEdits edits(backend_);
  edits.Add({At(kPage - 4), 8});
  EXPECT_EQ(edits.page_count(), 2u);
  ASSERT_TRUE(edits.Open(*ProcessMemory::Read()).ok());
  std::memset(bytes_ + kPage - 4, 2, 8);
  edits.Commit();
  EXPECT_EQ(bytes_[kPage], 2);
  EXPECT_EQ(PermissionsAt(At(kPage)), "r--p");
  EXPECT_EQ(PermissionsAt(At(0)), "rw-p");
}

TEST_F(PageEditsTest, BringsBackWhatIsNot) {
  {
    PageEdits edits(backend_);
    edits.Add({At(kPage - 4), 8});
    ASSERT_TRUE(edits.Open(*ProcessMemory::Read()).ok());
    std::memset(bytes_ + kPage - 4, 2, 8);
  }
  EXPECT_EQ(bytes_[kPage - 1], 1);
  EXPECT_EQ(bytes_[kPage], 1);
  EXPECT_EQ(PermissionsAt(At(kPage)), "r--p");
}

TEST_F(PageEditsTest, RefusesPagesThatAreNotMapped) {
  munmap(bytes_ + 2 * kPage, kPage);
  PageEdits edits(backend_);
  edits.Add({At(kPage), 1});
  edits.Add({At(2 * kPage), 1});
  EXPECT_EQ(edits.Open(*ProcessMemory::Read()).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(PermissionsAt(At(kPage)), "r--p");
}

}  // namespace
}  // namespace relink
