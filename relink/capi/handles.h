// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_CAPI_HANDLES_H_
#define RELINK_CAPI_HANDLES_H_

#include <string>
#include <utility>

#include "relink/capi/relink.h"
#include "relink/link/library.h"
#include "relink/link/link_context.h"

// NOLINTBEGIN(readability-identifier-naming): relink.h names them.
struct relink_context {
  explicit relink_context(relink::LinkContext::Options options)
      : context(options) {}
  relink::LinkContext context;
};

struct relink_library {
  explicit relink_library(relink::Library loaded)
      : library(std::move(loaded)), soname(library.soname()) {}
  relink::Library library;
  std::string soname;
};
// NOLINTEND(readability-identifier-naming)

#endif  // RELINK_CAPI_HANDLES_H_
