// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ARCH_X86_64_POSSIBLE_REFERENCE_H_
#define RELINK_ARCH_X86_64_POSSIBLE_REFERENCE_H_

#include "relink/arch/possible_reference.h"

namespace relink {

FindReferenceFunction FindReferenceX86_64;

}  // namespace relink

#endif  // RELINK_ARCH_X86_64_POSSIBLE_REFERENCE_H_
