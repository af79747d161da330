// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/pass/remark.h"

#include "absl/strings/str_cat.h"
#include "relink/support/json_string.h"

namespace relink {
namespace {

// `key` and its value, unless it is empty, behind a member that is not.
void AppendMember(absl::string_view key, absl::string_view value,
                  std::string& line) {
  if (value.empty()) return;
  absl::StrAppend(&line, ", ", JsonString(key), ": ", JsonString(value));
}

}  // namespace

void JsonLinesRemarks::Add(const Remark& remark) {
  std::string line =
      absl::StrCat("{\"pass\": ", JsonString(remark.pass),
                   ", \"kind\": ", JsonString(Name(remark.kind)));
  AppendMember("module", remark.module, line);
  AppendMember("subject", remark.subject, line);
  AppendMember("address", remark.address, line);
  AppendMember("message", remark.message, line);
  out_ << line << "}\n";
}

void CollectedRemarks::Add(const Remark& remark) {
  remarks_.push_back({std::string(remark.pass), remark.kind,
                      std::string(remark.module), std::string(remark.subject),
                      std::string(remark.address),
                      std::string(remark.message)});
}

absl::string_view Name(RemarkKind kind) {
  switch (kind) {
    case RemarkKind::kMoved:
      return "moved";
    case RemarkKind::kRefused:
      return "refused";
    case RemarkKind::kChanged:
      return "changed";
    case RemarkKind::kNote:
      return "note";
  }
  return "";
}

std::string Text(const Remark& remark) {
  std::string text;
  if (!remark.module.empty()) absl::StrAppend(&text, remark.module, ": ");
  absl::StrAppend(&text, remark.subject);
  if (!remark.address.empty()) {
    absl::StrAppend(&text, remark.subject.empty() ? "at " : " at ",
                    remark.address);
  }
  if (!remark.subject.empty() || !remark.address.empty()) text += ": ";
  absl::StrAppend(&text, remark.pass, ": ", Name(remark.kind));
  if (!remark.message.empty()) absl::StrAppend(&text, ": ", remark.message);
  return text;
}

}  // namespace relink
