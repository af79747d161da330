// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_DLFCN_DL_OPEN_H_
#define RELINK_DLFCN_DL_OPEN_H_

#include <dlfcn.h>

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace relink {

// What dlopen or dlmopen asks.
struct DlOpen {
  const char* file;
  int mode;
  std::optional<Lmid_t> name_space;  // Of dlmopen.
  const void* caller;
  // That of the functions that were called; what it means for a caller that is
  // none of Relink's modules.
  Lmid_t given_to = LM_ID_BASE;
};

// Whether that is for the C library to answer: the program's own handle, or a
// mode that is none.
bool IsForHost(const DlOpen& open);

// The handle. Unavailable: the C library is to load it.  Otherwise, errors of
// Linker.
absl::StatusOr<void*> Open(const DlOpen& open);

// As ld.so says it, which programs show and compare.
std::string DlOpenErrorText(absl::string_view file, const absl::Status& status);

}  // namespace relink

#endif  // RELINK_DLFCN_DL_OPEN_H_
