// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/dlfcn/dl_open.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "relink/dlfcn/dl_modules.h"

namespace relink {
namespace {

// How a Resolver says whose dependency is not there.
constexpr absl::string_view kNeeds = ": needs ";

}  // namespace

bool IsForHost(const DlOpen& open) {
  constexpr int kWhen = RTLD_LAZY | RTLD_NOW;
  return open.file == nullptr || *open.file == '\0' || (open.mode & kWhen) == 0;
}

absl::StatusOr<void*> Open(const DlOpen& open) {
  DlModules& modules = DlModules::Process();
  const auto caller = modules.FindByAddress(open.caller);
  const Lmid_t of_caller =
      caller.has_value() ? caller->name_space : open.given_to;
  const DlModules::Caller who = {
      .module = caller.has_value() ? &*caller : nullptr,
      .address = open.caller};
  if (open.name_space != LM_ID_NEWLM) {
    return modules.Open(open.file, open.mode,
                        open.name_space.value_or(of_caller), who);
  }
  const Lmid_t made = modules.AddNamespace(of_caller);
  absl::StatusOr<void*> handle = modules.Open(open.file, open.mode, made, who);
  if (!handle.ok()) modules.DropIfEmpty(made);
  return handle;
}

std::string DlOpenErrorText(absl::string_view file,
                            const absl::Status& status) {
  const absl::string_view message = status.message();
  absl::string_view missing;
  if (const size_t needs = message.find(kNeeds);
      needs != absl::string_view::npos) {
    missing = message.substr(needs + kNeeds.size());
    missing = missing.substr(0, missing.find(','));
  } else if (absl::StartsWith(message, absl::StrCat(file, ": "))) {
    missing = file;
  }
  if (!absl::IsNotFound(status) || missing.empty()) return std::string(message);
  return absl::StrCat(missing,
                      ": cannot open shared object file: No such file or "
                      "directory");
}

}  // namespace relink
