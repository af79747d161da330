// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_IR_SECTION_H_
#define RELINK_IR_SECTION_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "relink/ir/fixup.h"
#include "relink/ir/symbol.h"
#include "relink/support/address.h"
#include "relink/support/id.h"

namespace relink {

using ArenaId = Id<struct ArenaTag>;

// What a section needs of its memory; sections of different classes never share
// a page.
enum class MemoryClass : uint8_t {
  kCode,      // Executable.
  kReadOnly,  // Never written, not even by relocations.
  kRelro,     // Written by relocations, read-only from then on.
  kData,      // Written by the program.
  kTls,       // The image of each thread's block: as kRelro.
};

// What a section is a part of.
enum class SectionKind : uint8_t {
  kOutput,     // A section of the file, or what is left of a segment.
  kFunction,   // A function of one that was split.
  kRemainder,  // What lies between functions: padding, code nobody names.
  kJumpTable,  // A copy of a switch's table, for the function that owns it.
  kUnwind,     // Unwind tables for functions that moved.
  kMade,       // By a pass, or for an object file.
  // Jumps to what the module leaves undefined, for references that cannot reach
  // it: one of the size of Target::stub for each of its dynamic symbols from
  // the first on.
  kStubs,
};

// Bytes that are a view of the file until they are changed.
class SectionContents {
 public:
  SectionContents() = default;
  // `bytes` must outlive the contents.
  explicit SectionContents(std::span<const std::byte> bytes) : view_(bytes) {}
  explicit SectionContents(std::vector<std::byte> bytes)
      : own_(std::move(bytes)), owned_(true) {}

  std::span<const std::byte> bytes() const {
    return owned_ ? std::span<const std::byte>(own_) : view_;
  }
  size_t size() const { return bytes().size(); }
  // Copies the file's bytes the first time.
  std::vector<std::byte>& Mutable();

 private:
  std::span<const std::byte> view_;
  std::vector<std::byte> own_;
  bool owned_ = false;
};

// The unit of placement: an output section, or a part that was cut from one.
struct Section {
  ModuleId module_id;
  absl::string_view name;  // Owned by the graph or the module.
  SectionKind kind = SectionKind::kOutput;
  MemoryClass memory_class = MemoryClass::kCode;
  uint64_t size = 0;       // Bytes past `contents` are zeros.
  uint64_t alignment = 1;  // A power of two.
  SectionContents contents;
  std::vector<Fixup> fixups;  // Ascending by offset.
  SymbolId symbol_id;         // The one without a name at its beginning.

  LinkRange home;  // Where the file has it; empty if no file does.
  LinkRange fde;   // Of a function: its record in .eh_frame; empty if none.
  SectionId parent_id;  // What it was cut from.
  // Of a jump table: the function that uses it and that it goes with.
  SectionId owner_id;
  // As of its Function.
  bool address_kept = false;
  bool reached = false;
  bool can_lead = false;
  bool jumps_back = false;
  // If it is copied, its original becomes a jump to the copy.
  bool leads = false;
  // It is entered from the end of the section that comes before it in its
  // arena, without a jump.
  bool follows = false;
  // Was cut into children, which stand for it from then on.
  bool split = false;
  // Is in no image: nothing refers to it any more.
  bool dead = false;

  // Why it must stay where the file has it; empty if it may move.
  absl::string_view pinned;
  LinkAddr pinned_at;  // The instruction or place that is the reason, if any.

  // How often it runs, in whatever unit the profile has.
  double weight = 0;
  // Where it goes; none: it stays with its module's segments.
  ArenaId arena_id;

  bool live() const { return !split && !dead; }
};

// Memory of one class that sections are packed into, in the graph's order.
struct Arena {
  std::string name;
  MemoryClass memory_class = MemoryClass::kCode;
  bool huge_pages = false;  // 2 MiB, where the system has them.
};

absl::string_view Name(MemoryClass memory_class);
absl::string_view Name(SectionKind kind);

}  // namespace relink

#endif  // RELINK_IR_SECTION_H_
