// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_DLFCN_GUEST_DLFCN_H_
#define RELINK_DLFCN_GUEST_DLFCN_H_

#include <cstddef>
#include <utility>

#include "absl/status/statusor.h"
#include "relink/link/link_context.h"
#include "relink/link/linker.h"

namespace relink {

// dlopen and its like for the modules of a context, where librelink_dl.so was
// not preloaded: what they open, `linker` loads into their context, and dlsym
// knows RTLD_DEFAULT, RTLD_NEXT and handles of all that is there. Without, they
// would have those of the C library, which load by ld.so and see no module of
// Relink's.
//
//   relink::LinkContext context;
//   ASSIGN_OR_RETURN(auto dlfcn, relink::GuestDlfcn::Serve(context, linker));
//   linker.Load(context, "plugin.so");  // May dlopen("part.so").
//
// What the process has by itself, libc and its like, is the C library's to
// open; nothing else falls back to it. What modules left open is closed with
// this, and after that they must not call these functions.
class GuestDlfcn {
 public:
  // How many contexts can be served at the same time.
  static constexpr size_t kMaxContexts = 64;

  // For modules that are loaded later. `linker` must outlive it. Thread-safe.
  //
  // AlreadyExists: the context is served.  ResourceExhausted: too many are.
  static absl::StatusOr<GuestDlfcn> Serve(const LinkContext& context,
                                          Linker& linker);

  GuestDlfcn(GuestDlfcn&& other) noexcept
      : slot_(std::exchange(other.slot_, kMaxContexts)) {}
  GuestDlfcn& operator=(GuestDlfcn&& other) noexcept {
    std::swap(slot_, other.slot_);
    return *this;
  }
  ~GuestDlfcn();

 private:
  explicit GuestDlfcn(size_t slot) : slot_(slot) {}

  size_t slot_;  // kMaxContexts for none.
};

}  // namespace relink

#endif  // RELINK_DLFCN_GUEST_DLFCN_H_
