// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/reloc/lazy_binder.h"

namespace relink {

std::unique_ptr<LazyBinder> MakeLazyBinder(const BindingContext& /*context*/,
                                           LazyBinder::Options /*options*/) {
  return nullptr;
}

}  // namespace relink
