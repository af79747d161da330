// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/pass/pass_registry.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "relink/pass/pipeline_text.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

// The first of `rows` with that value of `member`; null if there is none.
template <typename Row, typename Value>
const Row* FindRow(const std::vector<Row>& rows, const Value& value,
                   Value Row::*member) {
  const auto found = std::ranges::find(rows, value, member);
  return found == rows.end() ? nullptr : &*found;
}

absl::Status CheckName(absl::string_view name) {
  const auto passes = ParsePipelineText(name);
  if (passes.ok() && passes->size() == 1 && (*passes)[0].name == name) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat("'", name, "': not a name"));
}

absl::Status Taken(absl::string_view name) {
  return absl::AlreadyExistsError(absl::StrCat(name, ": is there already"));
}

}  // namespace

const UnitRow* PassRegistry::FindUnit(const UnitKey* unit) const {
  return FindRow(units_, unit, &UnitRow::unit);
}
const UnitRow* PassRegistry::FindUnit(absl::string_view name) const {
  return FindRow(units_, name, &UnitRow::name);
}
const PassRow* PassRegistry::FindPass(absl::string_view name) const {
  return FindRow(passes_, name, &PassRow::name);
}
const AnalysisRow* PassRegistry::FindAnalysis(absl::string_view name) const {
  return FindRow(analyses_, name, &AnalysisRow::name);
}

absl::Status PassRegistry::Check(const PassRow& row) const {
  RETURN_IF_ERROR(CheckName(row.name));
  if (FindPass(row.name) != nullptr || FindUnit(row.name) != nullptr ||
      row.name == "require") {
    return Taken(row.name);
  }
  if (FindUnit(row.unit) == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat(row.name, ": is for a unit that is not there"));
  }
  return Annotate(CheckDeclarations(row.options), row.name);
}

absl::Status PassRegistry::Check(const AnalysisRow& row) const {
  RETURN_IF_ERROR(CheckName(row.name));
  if (FindAnalysis(row.name) != nullptr) return Taken(row.name);
  if (FindUnit(row.unit) == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat(row.name, ": is for a unit that is not there"));
  }
  return absl::OkStatus();
}

void PassRegistry::AddKnown(PassRow row) {
  assert(Check(row).ok());
  passes_.push_back(std::move(row));
}

void PassRegistry::AddKnown(AnalysisRow row) {
  assert(Check(row).ok());
  analyses_.push_back(std::move(row));
}

absl::Status PassRegistry::AddRows(std::vector<PassRow> passes,
                                   std::vector<AnalysisRow> analyses) {
  PassRegistry with_them = *this;
  for (PassRow& row : passes) {
    RETURN_IF_ERROR(with_them.Check(row));
    with_them.passes_.push_back(std::move(row));
  }
  for (AnalysisRow& row : analyses) {
    RETURN_IF_ERROR(with_them.Check(row));
    with_them.analyses_.push_back(std::move(row));
  }
  *this = std::move(with_them);
  return absl::OkStatus();
}

}  // namespace relink
