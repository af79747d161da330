// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUNTIME_PROCESS_TLS_H_
#define RELINK_RUNTIME_PROCESS_TLS_H_

#include "relink/reloc/tls_provider.h"

namespace relink {

// Where the thread-local storage of what is loaded comes from if an embedder
// names nothing of its own: ThreadLocalStorage. Built with --//relink:tls=false
// one that refuses every module that has any. Never destroyed.
TlsProvider& ProcessTls();

}  // namespace relink

#endif  // RELINK_RUNTIME_PROCESS_TLS_H_
