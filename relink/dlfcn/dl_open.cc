// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/dlfcn/dl_open.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "relink/dlfcn/dl_modules.h"

namespace relink {

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
  if (absl::IsNotFound(status) &&
      absl::StartsWith(status.message(), absl::StrCat(file, ": "))) {
    return absl::StrCat(file,
                        ": cannot open shared object file: No such file or "
                        "directory");
  }
  return std::string(status.message());
}

}  // namespace relink
