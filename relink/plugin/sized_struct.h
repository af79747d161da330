// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PLUGIN_SIZED_STRUCT_H_
#define RELINK_PLUGIN_SIZED_STRUCT_H_

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "relink/plugin/relink_pass_plugin.h"

namespace relink {

inline absl::string_view View(relink_string text) {
  return text.data == nullptr ? absl::string_view()
                              : absl::string_view(text.data, text.size);
}
inline relink_string PluginString(absl::string_view text) {
  return {text.data(), text.size()};
}

// What a plugin gave, a struct that begins with its size: at least its first
// `least` bytes; zero where it is shorter than Relink's. InvalidArgument: there
// is none, or its size makes no sense.
template <typename T>
absl::StatusOr<T> ReadSized(const T* given, size_t least,
                            absl::string_view name) {
  if (given == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat(name, ": is null"));
  }
  size_t size;
  std::memcpy(&size, given, sizeof(size));
  if (size < least || size > sizeof(T)) {
    return absl::InvalidArgumentError(absl::StrCat(
        name, ": has ", size, " bytes, must have ", least,
        least == sizeof(T) ? "" : absl::StrCat(" to ", sizeof(T))));
  }
  T read = {};
  std::memcpy(&read, given, size);
  return read;
}

// Gives a plugin `filled`, as much of it as `into` has room for.
template <typename T>
absl::Status FillSized(T filled, T* into) {
  if (into == nullptr) return absl::InvalidArgumentError("struct is null");
  size_t size;
  std::memcpy(&size, into, sizeof(size));
  if (size < sizeof(size)) {
    return absl::InvalidArgumentError("size of the struct is not set");
  }
  size = std::min(size, sizeof(T));
  filled.size = size;
  std::memcpy(into, &filled, size);
  return absl::OkStatus();
}

// Up to the end of a member: what a plugin of the first version has of it.
#define RELINK_SIZE_THROUGH(type, member) \
  (offsetof(type, member) + sizeof(type::member))

}  // namespace relink

#endif  // RELINK_PLUGIN_SIZED_STRUCT_H_
