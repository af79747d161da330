// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_DLFCN_DL_INFO_H_
#define RELINK_DLFCN_DL_INFO_H_

#include "relink/dlfcn/dl_modules.h"

namespace relink {

// dlinfo(3) of a module that Relink loaded: what it returns, -1 after
// SetDlError. `answer` is what dlinfo has for `request`.
int DlInfo(const DlModules& modules, const DlModules::Module& module,
           int request, void* answer);

}  // namespace relink

#endif  // RELINK_DLFCN_DL_INFO_H_
