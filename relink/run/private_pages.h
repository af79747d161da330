// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUN_PRIVATE_PAGES_H_
#define RELINK_RUN_PRIVATE_PAGES_H_

#include <optional>
#include <vector>

#include "relink/support/address.h"

namespace relink {

// The pages of `range`, which is mapped from a file, that are this process's
// own by now, because something wrote to them, ascending; all others are still
// the file's. Nothing if the kernel does not tell (proc_pid_pagemap(5)).
std::optional<std::vector<RuntimeAddr>> FindPrivatePages(RuntimeRange range,
                                                         uint64_t page_size);

}  // namespace relink

#endif  // RELINK_RUN_PRIVATE_PAGES_H_
