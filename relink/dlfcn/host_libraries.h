// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_DLFCN_HOST_LIBRARIES_H_
#define RELINK_DLFCN_HOST_LIBRARIES_H_

#include <algorithm>
#include <array>

#include "absl/strings/string_view.h"

namespace relink {

// Libraries that a process can have only once, or that are in league with
// ld.so: the C library's own, the compiler's run time, the sanitizers'. They
// come through the host's own dlopen, whoever asks for them.
inline constexpr std::array<absl::string_view, 29> kHostLibraries = {
    "ld-linux-x86-64.so.2",
    "libBrokenLocale.so.1",
    "libanl.so.1",
    "libasan.so.8",
    "libc.so.6",
    "libc_malloc_debug.so.0",
    "libdl.so.2",
    "libgcc_s.so.1",
    "libhwasan.so.0",
    "liblsan.so.0",
    "libm.so.6",
    "libmemusage.so",
    "libmvec.so.1",
    "libnsl.so.1",
    "libnss_compat.so.2",
    "libnss_db.so.2",
    "libnss_dns.so.2",
    "libnss_files.so.2",
    "libnss_hesiod.so.2",
    "libpcprofile.so",
    "libpthread.so.0",
    "libresolv.so.2",
    "librt.so.1",
    "libstdc++.so.6",
    "libthread_db.so.1",
    "libtsan.so.2",
    "libubsan.so.1",
    "libutil.so.1",
    "librelink_dl.so",
};

inline bool IsHostLibrary(absl::string_view path) {
  const size_t slash = path.rfind('/');
  if (slash != absl::string_view::npos) path = path.substr(slash + 1);
  return std::ranges::find(kHostLibraries, path) != kHostLibraries.end();
}

}  // namespace relink

#endif  // RELINK_DLFCN_HOST_LIBRARIES_H_
