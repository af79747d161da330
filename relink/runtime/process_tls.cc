// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/process_tls.h"

#include "relink/runtime/thread_local_storage.h"

namespace relink {

TlsProvider& ProcessTls() { return ThreadLocalStorage::Process(); }

}  // namespace relink
