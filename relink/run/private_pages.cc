// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/run/private_pages.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace relink {
namespace {

constexpr uint64_t kPresent = uint64_t{1} << 63;
constexpr uint64_t kSwapped = uint64_t{1} << 62;
constexpr uint64_t kOfFile = uint64_t{1} << 61;

class PageMap {
 public:
  PageMap() : descriptor_(open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC)) {}
  PageMap(const PageMap&) = delete;
  PageMap& operator=(const PageMap&) = delete;
  ~PageMap() {
    if (descriptor_ >= 0) close(descriptor_);
  }

  // The entries from `page` on; false if they cannot be read.
  bool Read(uint64_t page, std::span<uint64_t> entries) const {
    const auto size = static_cast<ssize_t>(entries.size_bytes());
    return pread(descriptor_, entries.data(), entries.size_bytes(),
                 static_cast<off_t>(page * sizeof(uint64_t))) == size;
  }

 private:
  int descriptor_;
};

}  // namespace

std::optional<std::vector<RuntimeAddr>> FindPrivatePages(RuntimeRange range,
                                                         uint64_t page_size) {
  const PageMap map;
  std::vector<RuntimeAddr> pages;
  std::array<uint64_t, 1024> entries;
  const uint64_t end = (range.end().value() + page_size - 1) / page_size;
  for (uint64_t page = range.begin.value() / page_size; page < end;
       page += entries.size()) {
    const size_t count = std::min<uint64_t>(entries.size(), end - page);
    if (!map.Read(page, std::span(entries).first(count))) return std::nullopt;
    for (size_t i = 0; i < count; ++i) {
      const bool of_file = (entries[i] & kPresent) == 0
                               ? (entries[i] & kSwapped) == 0
                               : (entries[i] & kOfFile) != 0;
      if (!of_file) pages.emplace_back((page + i) * page_size);
    }
  }
  return pages;
}

}  // namespace relink
