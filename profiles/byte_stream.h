// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PROFILES_BYTE_STREAM_H_
#define RELINK_PROFILES_BYTE_STREAM_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/support/byte_view.h"

namespace relink::profiles {

// Where bytes come from, one after the other.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Fills the beginning of `into`, which is not empty, and returns how much of
  // it; 0 at the end.
  virtual absl::StatusOr<size_t> Read(std::span<std::byte> into) = 0;
};

// Bytes that are there already; they must outlive it.
class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(ByteView bytes) : rest_(bytes.bytes()) {}
  absl::StatusOr<size_t> Read(std::span<std::byte> into) override;

 private:
  std::span<const std::byte> rest_;
};

// A source with a window onto what comes next, in memory bounded by the largest
// window that was asked for. No way leads back, so that pipes are as good as
// files.
class ByteStream {
 public:
  // No window is larger: what asks for more is malformed.
  static constexpr size_t kMaxWindow = size_t{16} << 20;

  // `name` is how errors call it.
  ByteStream(std::string name, std::unique_ptr<ByteSource> source)
      : name_(std::move(name)), source_(std::move(source)) {}

  const std::string& name() const { return name_; }
  // Of the first byte that was not skipped.
  uint64_t offset() const { return offset_; }

  // The next `size` bytes, or fewer at the end. Valid until the next call.
  absl::StatusOr<ByteView> Peek(size_t size);
  // The same; OutOfRange if there are fewer.
  absl::StatusOr<ByteView> Need(size_t size);
  // Leaves out bytes that a window showed.
  void Advance(size_t size) {
    begin_ += size;
    offset_ += size;
  }
  // Leaves out bytes that nobody looked at. OutOfRange if there are fewer.
  absl::Status Skip(uint64_t size);

  // "name: what (at 0xOFFSET)", for an error at the present offset.
  absl::Status Malformed(absl::string_view what) const;
  absl::Status Error(absl::StatusCode code, absl::string_view what) const;

 private:
  absl::Status Fill(size_t size);

  std::string name_;
  std::unique_ptr<ByteSource> source_;
  std::vector<std::byte> buffer_;
  size_t begin_ = 0;  // Of what was not skipped.
  size_t end_ = 0;    // Of what was read.
  uint64_t offset_ = 0;
  bool at_end_ = false;
};

}  // namespace relink::profiles

#endif  // RELINK_PROFILES_BYTE_STREAM_H_
