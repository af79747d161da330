// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_DLFCN_DL_ERROR_H_
#define RELINK_DLFCN_DL_ERROR_H_

#include "absl/strings/string_view.h"

namespace relink {

// What dlerror says of Relink's own last answer in this thread. Kept in static
// thread-local storage of a fixed size, so that it is there for threads that
// begin or end, too; longer texts are cut.
void SetDlError(absl::string_view text);

// Forgets it: the C library's answer is the last now.
void ClearDlError();

// The text, which is forgotten by that and stays until the next call in this
// thread; null if there is none.
char* TakeDlError();

}  // namespace relink

#endif  // RELINK_DLFCN_DL_ERROR_H_
