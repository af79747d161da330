// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// What is of the whole process.

#include <dlfcn.h>

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "relink/capi/error.h"
#include "relink/capi/relink.h"
#include "relink/capi/struct_size.h"
#include "relink/runtime/module_queries.h"
#include "relink/support/status_macros.h"

using relink::capi::Answer;
using relink::capi::CheckStructSize;
using relink::capi::Require;

const char* relink_version() { return RELINK_VERSION; }

bool relink_find_address(const void* address, relink_address* found,
                         relink_error** error) {
  const auto find = [&]() -> absl::Status {
    RETURN_IF_ERROR(Require({{"found", found}}));
    RETURN_IF_ERROR(CheckStructSize("relink_address", found, found->size,
                                    sizeof(*found), sizeof(*found)));
    Dl_info info = {};
    if (relink::FindAddress(address, &info) == 0) {
      return absl::NotFoundError(
          absl::StrCat("no module is at 0x",
                       absl::Hex(reinterpret_cast<uintptr_t>(address))));
    }
    found->module = info.dli_fname;
    found->base = reinterpret_cast<uintptr_t>(info.dli_fbase);
    found->symbol = info.dli_sname;
    found->symbol_address = reinterpret_cast<uintptr_t>(info.dli_saddr);
    return absl::OkStatus();
  };
  return Answer(find(), error);
}
