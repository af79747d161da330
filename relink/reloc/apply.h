// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RELOC_APPLY_H_
#define RELINK_RELOC_APPLY_H_

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include "relink/arch/relocation_rule.h"
#include "relink/arch/target.h"
#include "relink/elf/records.h"
#include "relink/elf/relocations.h"
#include "relink/reloc/relocatable_image.h"
#include "relink/support/result.h"

namespace relink {

// What a symbol reference is bound to, as far as relocations need to know.
struct BoundSymbol {
  // S; 0 for an undefined weak symbol; for Lookup::kCopy where its bytes are in
  // this process.
  uint64_t address = 0;
  uint64_t size = 0;  // Z.
  // The definition is STT_GNU_IFUNC: `address` is its resolver.
  bool indirect = false;
  // The symbol only stands for a place in its own module (STN_UNDEF,
  // STT_SECTION), so that its addend alone says what is referred to: S + A is
  // where link address `place` + A is.
  bool is_place = false;
  LinkAddr place = {};
  // False for an undefined weak symbol: TLS relocations are then left alone.
  bool defined = false;
  // For the binder: which reference it was, by which lookup, and what it found.
  Lookup lookup = Lookup::kAny;
  uint32_t reference = 0;
  uint32_t index = 0;
  const void* owner = nullptr;
};

// A value that only an ifunc resolver knows, stored at `place` once code in the
// image may run.
struct PendingIndirect {
  std::byte* place;
  RuntimeAddr resolver;
  uint64_t addend;
  const RelocationRule* rule;
  LinkAddr link_place;  // For messages.
};

// Where a relocation of a table failed, and why.
struct ApplyFailure {
  ErrorCode code;
  const char* what;
  size_t index;        // In its table.
  uint64_t value = 0;  // The one that does not fit.
};

// What `Apply` asks of the layer above.
//
// Bind     the definition of a symbol index, or null to stop (the binder knows
//          why);
// Tls*     the three TLS values; false to stop;
// Defer    remembers an indirect value.
template <typename B>
concept Binder = requires(B binder, uint32_t symbol, const RelocationRule& rule,
                          const BoundSymbol& bound, uint64_t addend,
                          uint64_t* value, const PendingIndirect& pending) {
  { binder.Bind(symbol, rule) } -> std::same_as<const BoundSymbol*>;
  { binder.TlsModule(bound, value) } -> std::same_as<bool>;
  { binder.TlsOffset(bound, addend, value) } -> std::same_as<bool>;
  { binder.ThreadOffset(bound, addend, value) } -> std::same_as<bool>;
  { binder.TlsDescriptor(bound, addend, value) } -> std::same_as<bool>;
  { binder.Defer(pending) } -> std::same_as<void>;
};

// Applies one table of relocations with explicit (Rela) or implicit (Rel)
// addends. Returns false at the first that fails, with `failure` filled in;
// `failure.what` is null if the binder stopped it.
template <class E, class Record, Binder B>
bool ApplyTable(const Target& target, std::span<const Record> table,
                RelocatableImage& image, B& binder, ApplyFailure* failure);

// Adds the bias to every word that a DT_RELR table names. On failure the index
// is that of the word, not of the entry.
template <class E>
bool ApplyRelr(std::span<const typename E::Addr> table, RelocatableImage& image,
               ApplyFailure* failure);

}  // namespace relink

#include "relink/reloc/apply_inline.h"

#endif  // RELINK_RELOC_APPLY_H_
