// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ELF_TESTING_WALK_TABLES_H_
#define RELINK_ELF_TESTING_WALK_TABLES_H_

#include <span>

#include "relink/elf/address_view.h"
#include "relink/elf/dynamic.h"
#include "relink/elf/records.h"
#include "relink/elf/testing/walk.h"

// For tests and fuzz targets only: reads all of the tables that a dynamic table
// names. Each function does work that is linear in the size of `view`, times at
// most 64.
namespace relink::elf {

// Symbols, their names, and lookups of them.
template <class E>
void WalkSymbols(const AddressView<E>& view, const Dynamic& dynamic,
                 Walk* walk);
// Version definitions and needs.
template <class E>
void WalkVersions(const AddressView<E>& view, const Dynamic& dynamic,
                  Walk* walk);
// DT_RELA, DT_REL, DT_JMPREL and DT_RELR.
template <class E>
void WalkRelocations(const AddressView<E>& view, const Dynamic& dynamic,
                     Walk* walk);
// All of these, DT_NEEDED and its like.
template <class E>
void WalkDynamic(const AddressView<E>& view, std::span<const Dyn<E>> table,
                 Walk* walk);

}  // namespace relink::elf

#endif  // RELINK_ELF_TESTING_WALK_TABLES_H_
