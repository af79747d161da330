// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASS_PIPELINE_TEXT_H_
#define RELINK_PASS_PIPELINE_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace relink {

// A part of a pipeline's text, in bytes.
struct TextSpan {
  size_t begin = 0;
  size_t size = 0;
};

// `name`, `name=value` or `name=[value,value]` as it was written.
struct OptionText {
  enum class Form : uint8_t { kName, kValue, kList };

  std::string name;
  Form form = Form::kName;
  std::vector<std::string> values = {};  // One if kValue.
  TextSpan name_span = {};
  TextSpan value_span = {};
};

// A pass as it was written: NAME<OPTION,...>(PASS,...).
struct PassText {
  std::string name;
  std::vector<OptionText> options = {};
  std::vector<PassText> passes = {};  // Those in parentheses,
  bool has_passes = false;            // if there are any.
  TextSpan span = {};                 // Of the name.
};

// Reads a pipeline:
//
//   pipeline = [pass {"," pass}]
//   pass     = name ["<" [option {"," option}] ">"] ["(" pipeline ")"]
//   option   = name ["=" (value | "[" [value {"," value}] "]")]
//   name     = letters, digits, "_", "-", "."
//   value    = bytes but white space, control characters and ,<>[]()"
//            | '"' {byte but '"' and '\' | '\"' | '\\'} '"'
//
// White space may stand between any two of these. Which passes and options
// exist is not looked at. InvalidArgument: a PipelineError.
absl::StatusOr<std::vector<PassText>> ParsePipelineText(absl::string_view text);

// The text of `passes` without white space, which parses to the same.
std::string PrintPipeline(const std::vector<PassText>& passes);

// "line 1, column 17: message" and, under it, the line of `text` with `span`
// marked. An InvalidArgument that IsPipelineError recognises.
absl::Status PipelineError(absl::string_view text, TextSpan span,
                           absl::string_view message);
bool IsPipelineError(const absl::Status& status);

}  // namespace relink

#endif  // RELINK_PASS_PIPELINE_TEXT_H_
