// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/json_writer.h"

#include <cassert>
#include <cstddef>

#include "absl/strings/str_format.h"

namespace relink::tools {
namespace {

// The length of the UTF-8 sequence that `text` starts with; 0 if it is none
// (Unicode, table 3-7 "Well-Formed UTF-8 Byte Sequences").
size_t SequenceLength(absl::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = byte(0);
  if (lead < 0x80) return 1;
  size_t length;
  uint8_t low = 0x80, high = 0xbf;  // Of the second byte.
  if (lead >= 0xc2 && lead <= 0xdf) {
    length = 2;
  } else if (lead >= 0xe0 && lead <= 0xef) {
    length = 3;
    if (lead == 0xe0) low = 0xa0;   // Overlong.
    if (lead == 0xed) high = 0x9f;  // Surrogates.
  } else if (lead >= 0xf0 && lead <= 0xf4) {
    length = 4;
    if (lead == 0xf0) low = 0x90;   // Overlong.
    if (lead == 0xf4) high = 0x8f;  // Past U+10FFFF.
  } else {
    return 0;
  }
  if (text.size() < length || byte(1) < low || byte(1) > high) return 0;
  for (size_t i = 2; i < length; ++i) {
    if (byte(i) < 0x80 || byte(i) > 0xbf) return 0;
  }
  return length;
}

}  // namespace

void JsonWriter::Key(absl::string_view key) {
  assert(!open_.empty() && open_.back().close == '}' && !after_key_);
  BeforeElement();
  Quote(key);
  out_ << ": ";
  after_key_ = true;
}

void JsonWriter::Null() { Literal("null"); }

void JsonWriter::Value(absl::string_view text) {
  BeforeValue();
  Quote(text);
  AfterValue();
}

void JsonWriter::Begin(char open, char close, Lines lines) {
  BeforeValue();
  if (!open_.empty() && open_.back().lines == Lines::kOne) lines = Lines::kOne;
  out_ << open;
  open_.push_back({close, lines});
}

void JsonWriter::End() {
  assert(!open_.empty() && !after_key_);
  const Container closed = open_.back();
  open_.pop_back();
  if (!closed.empty && closed.lines == Lines::kMany) NewLine();
  out_ << closed.close;
  AfterValue();
}

void JsonWriter::BeforeElement() {
  Container& container = open_.back();
  if (!container.empty) out_ << ',';
  if (container.lines == Lines::kMany) {
    NewLine();
  } else if (!container.empty) {
    out_ << ' ';
  }
  container.empty = false;
}

void JsonWriter::BeforeValue() {
  assert(open_.empty() || after_key_ == (open_.back().close == '}'));
  if (!open_.empty() && !after_key_) BeforeElement();
  after_key_ = false;
}

void JsonWriter::AfterValue() {
  if (open_.empty()) out_ << '\n';
}

void JsonWriter::NewLine() {
  out_ << '\n';
  for (size_t i = 0; i < open_.size(); ++i) out_ << "  ";
}

void JsonWriter::Literal(absl::string_view text) {
  BeforeValue();
  out_ << text;
  AfterValue();
}

void JsonWriter::Signed(int64_t value) {
  Literal(absl::StrFormat("%d", value));
}

void JsonWriter::Unsigned(uint64_t value) {
  Literal(absl::StrFormat("%d", value));
}

void JsonWriter::Quote(absl::string_view text) {
  out_ << '"';
  while (!text.empty()) {
    const size_t length = SequenceLength(text);
    const char c = text[0];
    if (length == 0) {
      out_ << "\\ufffd";
    } else if (c == '"' || c == '\\') {
      out_ << '\\' << c;
    } else if (length == 1 && (static_cast<uint8_t>(c) < 0x20 || c == 0x7f)) {
      out_ << absl::StreamFormat("\\u%04x", static_cast<uint8_t>(c));
    } else {
      out_ << text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  out_ << '"';
}

}  // namespace relink::tools
