// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_DLFCN_DL_LOOKUP_H_
#define RELINK_DLFCN_DL_LOOKUP_H_

#include <dlfcn.h>

#include <optional>

namespace relink {

// What dlsym or dlvsym asks.
struct DlLookup {
  void* handle;
  const char* name;
  const char* version;  // Null for dlsym.
  const void* caller;
  // The namespace of the functions that were called; what it means for a caller
  // that is none of Relink's modules.
  Lmid_t given_to = LM_ID_BASE;
};

// The answer: an address, or null after SetDlError. Nothing if the question is
// the C library's: it concerns no module of ours, or none of them has an
// answer.
std::optional<void*> Find(const DlLookup& lookup);

}  // namespace relink

#endif  // RELINK_DLFCN_DL_LOOKUP_H_
