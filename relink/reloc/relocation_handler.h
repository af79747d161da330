// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RELOC_RELOCATION_HANDLER_H_
#define RELINK_RELOC_RELOCATION_HANDLER_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/arch/relocation_rule.h"
#include "relink/reloc/relocatable_image.h"
#include "relink/reloc/symbol_reference.h"
#include "relink/support/address.h"

namespace relink {

// One dynamic relocation. Views; valid for the call that passes it.
struct RelocationView {
  // The module it is in, and the symbol it is about.
  SymbolReference symbol;
  uint32_t symbol_index;    // 0 for none (STN_UNDEF).
  absl::string_view table;  // "DT_RELR", "DT_RELA", "DT_REL" or "DT_JMPREL".
  size_t index;             // In its table; for DT_RELR, of the word.
  LinkAddr place;           // r_offset, and where that is.
  RuntimeAddr runtime_place;
  uint32_t r_type;  // For DT_RELR, of the relative relocations it stands for.
  const RelocationRule& rule;  // With Formula::kUnknown if nobody knows it.
  int64_t addend;
};

// What a handler wants done.
struct RelocationAction {
  enum class Kind : uint8_t { kProceed, kSkip, kUseValue, kDone };
  Kind kind = Kind::kProceed;
  uint64_t value = 0;

  // Apply it as if nobody had asked.
  static RelocationAction Proceed() { return {}; }
  // Leave the place as it is.
  static RelocationAction Skip() { return {Kind::kSkip, 0}; }
  // Store `value` instead of what the formula says. Only for relocations that
  // store one field: not for copies and TLS descriptors.
  static RelocationAction UseValue(uint64_t value) {
    return {Kind::kUseValue, value};
  }
  // The handler wrote what belongs there.
  static RelocationAction Done() { return {Kind::kDone, 0}; }
};

enum class RelocationOutcome : uint8_t {
  kApplied,
  kReplaced,  // By the value of the handler.
  kSkipped,
  kDone,       // By the handler.
  kUndefined,  // The symbol is; unless it is weak, the load will fail.
  kIndirect,   // The place gets its value later, from an ifunc resolver.
  kLazy,       // The place gets its value when it is first called.
};

struct RelocationResult {
  RelocationOutcome outcome;
  // What the place now holds, as wide as its field; the first word of a copy or
  // TLS descriptor. For kIndirect, the address of the resolver.
  uint64_t value;
};

// Is offered every dynamic relocation of every module, before and after it is
// applied, table by table in the order in which they are applied. An error
// stops the load and is reported with module, table and index.
//
// `image` is where it may write: its Place() gives the bytes of a range of link
// addresses, or null if they are not in a writable part of the module.
class RelocationHandler {
 public:
  virtual absl::StatusOr<RelocationAction> Before(const RelocationView&,
                                                  RelocatableImage&) {
    return RelocationAction::Proceed();
  }
  virtual absl::Status After(const RelocationView&, const RelocationResult&,
                             RelocatableImage&) {
    return absl::OkStatus();
  }

 protected:
  ~RelocationHandler() = default;
};

}  // namespace relink

#endif  // RELINK_RELOC_RELOCATION_HANDLER_H_
