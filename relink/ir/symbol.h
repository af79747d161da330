// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_IR_SYMBOL_H_
#define RELINK_IR_SYMBOL_H_

#include <cstdint>
#include <variant>

#include "absl/strings/string_view.h"
#include "relink/ir/fixup.h"
#include "relink/support/address.h"
#include "relink/support/id.h"

namespace relink {

using ModuleId = Id<struct ModuleTag>;
using SectionId = Id<struct SectionTag>;

// Defined outside of what is linked, or nowhere: the relocator binds it by
// name.
struct Undefined {
  friend bool operator==(Undefined, Undefined) = default;
};

// `offset` bytes into a section; at most its size.
struct InSection {
  SectionId section_id;
  uint64_t offset = 0;
  friend bool operator==(InSection, InSection) = default;
};

// An address that is known already and does not move.
struct External {
  RuntimeAddr address;
  friend bool operator==(External, External) = default;
};

// What a fixup refers to. Each opened section has one without a name at its
// beginning; the others come from the symbol tables of their module.
struct Symbol {
  absl::string_view name;  // Empty: none. Owned by the graph or the module.
  ModuleId module_id;
  std::variant<Undefined, InSection, External> definition;
  uint64_t size = 0;
  // Its entry in DT_SYMTAB, 0 if it is not there.
  uint32_t dynamic_index = 0;
  uint8_t type = 0;        // STT_*.
  uint8_t bind = 0;        // STB_*.
  uint8_t visibility = 0;  // STV_*.
  // Other modules, or a caller of Library::Find, may ask for it by name.
  bool exported = false;
};

}  // namespace relink

#endif  // RELINK_IR_SYMBOL_H_
