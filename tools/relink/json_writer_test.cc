// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/json_writer.h"

#include <cstdint>
#include <limits>
#include <sstream>
#include <string>

#include "gtest/gtest.h"

namespace relink::tools {
namespace {

using Lines = JsonWriter::Lines;

template <typename T>
std::string Json(const T& value) {
  std::ostringstream out;
  JsonWriter(out).Value(value);
  return out.str();
}

TEST(JsonWriter, IndentsContainersAndKeepsShortOnesOnALine) {
  std::ostringstream out;
  JsonWriter json(out);
  json.BeginObject();
  json.Field("file", "a.so");
  json.Key("segments");
  json.BeginArray();
  for (int i = 0; i < 2; ++i) {
    json.BeginObject(Lines::kOne);
    json.Field("offset", i);
    json.Key("flags");
    json.BeginArray();
    json.Value("R");
    json.Value("X");
    json.EndArray();
    json.EndObject();
  }
  json.EndArray();
  json.Key("soname");
  json.Null();
  json.EndObject();
  EXPECT_EQ(out.str(),
            "{\n"
            "  \"file\": \"a.so\",\n"
            "  \"segments\": [\n"
            "    {\"offset\": 0, \"flags\": [\"R\", \"X\"]},\n"
            "    {\"offset\": 1, \"flags\": [\"R\", \"X\"]}\n"
            "  ],\n"
            "  \"soname\": null\n"
            "}\n");
}

TEST(JsonWriter, WritesEmptyContainers) {
  std::ostringstream out;
  JsonWriter json(out);
  json.BeginArray();
  json.BeginObject();
  json.EndObject();
  json.BeginArray(Lines::kOne);
  json.EndArray();
  json.EndArray();
  EXPECT_EQ(out.str(), "[\n  {},\n  []\n]\n");
}

TEST(JsonWriter, WritesEveryKindOfValue) {
  EXPECT_EQ(Json(true), "true\n");
  EXPECT_EQ(Json(false), "false\n");
  EXPECT_EQ(Json(std::numeric_limits<uint64_t>::max()),
            "18446744073709551615\n");
  EXPECT_EQ(Json(std::numeric_limits<int64_t>::min()),
            "-9223372036854775808\n");
  EXPECT_EQ(Json(uint8_t{65}), "65\n");
  EXPECT_EQ(Json(std::string("text")), "\"text\"\n");
}

TEST(JsonWriter, EscapesWhatMustBeEscaped) {
  EXPECT_EQ(Json("a\"b\\c/d"), "\"a\\\"b\\\\c/d\"\n");
  EXPECT_EQ(Json(absl::string_view("\0\n\x1f\x7f", 4)),
            "\"\\u0000\\u000a\\u001f\\u007f\"\n");
}

TEST(JsonWriter, KeepsValidUtf8) {
  // One of each length, and the edges beside the surrogates.
  for (absl::string_view text :
       {"\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
        "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_EQ(Json(text), "\"" + std::string(text) + "\"\n");
  }
}

TEST(JsonWriter, ReplacesEachByteThatIsNotUtf8) {
  EXPECT_EQ(Json("a\xff"
                 "b"),
            "\"a\\ufffdb\"\n");
  EXPECT_EQ(Json("\x80"), "\"\\ufffd\"\n");             // A stray continuation.
  EXPECT_EQ(Json("\xc0\x80"), "\"\\ufffd\\ufffd\"\n");  // Overlong.
  EXPECT_EQ(Json("\xe2\x82"), "\"\\ufffd\\ufffd\"\n");  // Cut short.
  EXPECT_EQ(Json("\xe2\x82x"), "\"\\ufffd\\ufffdx\"\n");
  EXPECT_EQ(Json("\xed\xa0\x80"), "\"\\ufffd\\ufffd\\ufffd\"\n");  // Surrogate.
  EXPECT_EQ(Json("\xf4\x90\x80\x80"),
            "\"\\ufffd\\ufffd\\ufffd\\ufffd\"\n");  // Past U+10FFFF.
}

}  // namespace
}  // namespace relink::tools
