// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/dlfcn/dl_error.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "relink/runtime/host_dlfcn.h"

namespace relink {
namespace {

struct LastError {
  bool pending;
  char text[1024];
};

[[gnu::tls_model("initial-exec")]] constinit thread_local LastError last = {};

}  // namespace

void SetDlError(absl::string_view text) {
  const size_t size = std::min(text.size(), sizeof(last.text) - 1);
  std::memcpy(last.text, text.data(), size);
  last.text[size] = '\0';
  last.pending = true;
  // What it had to say is older.
  Host().dlerror();
}

void ClearDlError() { last.pending = false; }

char* TakeDlError() {
  if (!last.pending) return nullptr;
  last.pending = false;
  return last.text;
}

}  // namespace relink
