// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SUPPORT_STRING_REF_H_
#define RELINK_SUPPORT_STRING_REF_H_

#include <cstddef>
#include <cstring>

namespace relink {

// A view of characters for the freestanding layers, which have no Abseil.
// support/status.h turns one into an absl::string_view.
class StringRef {
 public:
  constexpr StringRef() = default;
  constexpr StringRef(const char* data, size_t size)
      : data_(data), size_(size) {}
  template <size_t kSize>
  // NOLINTNEXTLINE(google-explicit-constructor): literals are strings.
  constexpr StringRef(const char (&literal)[kSize])
      : StringRef(literal, kSize - 1) {}

  constexpr const char* data() const { return data_; }
  constexpr size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr char operator[](size_t i) const { return data_[i]; }
  constexpr const char* begin() const { return data_; }
  constexpr const char* end() const { return data_ + size_; }

  friend bool operator==(StringRef a, StringRef b) {
    return a.size_ == b.size_ &&
           (a.size_ == 0 || std::memcmp(a.data_, b.data_, a.size_) == 0);
  }

 private:
  const char* data_ = "";
  size_t size_ = 0;
};

}  // namespace relink

#endif  // RELINK_SUPPORT_STRING_REF_H_
