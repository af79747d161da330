// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/json_writer.h"

#include <cassert>
#include <cstddef>

#include "absl/strings/str_format.h"
#include "relink/support/json_string.h"

namespace relink::tools {
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

void JsonWriter::Quote(absl::string_view text) { out_ << JsonString(text); }

}  // namespace relink::tools
