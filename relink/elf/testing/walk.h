// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ELF_TESTING_WALK_H_
#define RELINK_ELF_TESTING_WALK_H_

#include <cstdint>
#include <optional>

#include "relink/support/byte_view.h"
#include "relink/support/result.h"

namespace relink::elf {

// For tests and fuzz targets only: what a walk over parsed data saw. A part
// that cannot be read is an error; the walk then goes on with the parts that do
// not depend on it.
class Walk {
 public:
  // The first error.
  const std::optional<Error>& error() const { return error_; }
  // A sum over every byte that was handed out, so that none goes unread.
  uint64_t checksum() const { return checksum_; }

  // Notes an error, if there is one; returns whether there was none.
  template <typename T>
  bool Ok(const Result<T>& result) {
    if (!result.ok() && !error_) error_ = result.error();
    return result.ok();
  }
  void Read(ByteView bytes) {
    for (std::byte b : bytes.bytes()) Add(static_cast<uint8_t>(b));
  }
  void Read(StringRef text) { Read(ByteView(text.data(), text.size())); }
  void Add(uint64_t value) { checksum_ = checksum_ * 31 + value; }

 private:
  std::optional<Error> error_;
  uint64_t checksum_ = 0;
};

}  // namespace relink::elf

#endif  // RELINK_ELF_TESTING_WALK_H_
