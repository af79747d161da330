// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_JSON_WRITER_H_
#define RELINK_TOOLS_RELINK_JSON_WRITER_H_

#include <concepts>
#include <cstdint>
#include <ostream>
#include <type_traits>
#include <vector>

#include "absl/strings/string_view.h"

namespace relink::tools {

// Writes JSON (RFC 8259) as it is told, in memory bounded by the depth.
//
//   json.BeginObject();
//   json.Field("file", "libfoo.so");
//   json.Key("needed");
//   json.BeginArray(JsonWriter::Lines::kOne);
//   json.Value("libc.so.6");
//   json.EndArray();
//   json.EndObject();
//
// Whatever bytes a string holds, the output is valid: what is not UTF-8 becomes
// U+FFFD. Integers are written in full, all 64 bits. The order of calls is the
// caller's duty and asserted.
class JsonWriter {
 public:
  // Whether a container's elements stand each on a line of its own. What is
  // inside of a kOne container is on its line, too.
  enum class Lines : uint8_t { kMany, kOne };

  explicit JsonWriter(std::ostream& out)
      : out_(out) {}  // `out` must outlive it.

  void BeginObject(Lines lines = Lines::kMany) { Begin('{', '}', lines); }
  void EndObject() { End(); }
  void BeginArray(Lines lines = Lines::kMany) { Begin('[', ']', lines); }
  void EndArray() { End(); }

  void Key(absl::string_view key);

  void Null();
  void Value(absl::string_view text);
  void Value(const char* text) { Value(absl::string_view(text)); }
  template <std::integral T>
  void Value(T value) {
    if constexpr (std::same_as<T, bool>) {
      Literal(value ? "true" : "false");
    } else if constexpr (std::is_signed_v<T>) {
      Signed(value);
    } else {
      Unsigned(value);
    }
  }

  template <typename T>
  void Field(absl::string_view key, const T& value) {
    Key(key);
    Value(value);
  }

 private:
  struct Container {
    char close;
    Lines lines;
    bool empty = true;
  };

  void Begin(char open, char close, Lines lines);
  void End();
  void BeforeElement();
  void BeforeValue();
  void AfterValue();
  void NewLine();
  void Literal(absl::string_view text);
  void Signed(int64_t value);
  void Unsigned(uint64_t value);
  void Quote(absl::string_view text);

  std::ostream& out_;
  std::vector<Container> open_;
  bool after_key_ = false;
};

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_JSON_WRITER_H_
