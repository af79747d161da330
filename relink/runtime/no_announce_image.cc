// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/announce_image.h"

namespace relink {

std::vector<DebuggerRegistration> AnnounceImage(const LinkedImage& /*image*/,
                                                const LoadedGroup& /*group*/,
                                                TellDebugger /*debugger*/) {
  return {};
}

}  // namespace relink
