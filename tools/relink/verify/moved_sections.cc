// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/verify/moved_sections.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <optional>
#include <span>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "relink/arch/instruction.h"
#include "relink/arch/relocation_rule.h"
#include "relink/arch/target.h"
#include "relink/elf/constants.h"
#include "relink/layout/place_sections.h"
#include "relink/support/status.h"

namespace relink::tools {
namespace {

constexpr size_t kMaxInstruction = 15;
// An address, as a slot holds it.
constexpr RelocationRule kWord = {0, "word", Formula::kAddress, Field::k64};

// A field, extended to a word as its rule says.
uint64_t Load(const std::byte* place, const RelocationRule& rule) {
  uint64_t value = 0;
  const auto size = static_cast<size_t>(rule.field);
  std::memcpy(&value, place, size);
  const bool is_signed = rule.formula == Formula::kPcRelative;
  if (is_signed && size < sizeof(value)) {
    const auto shift = 64 - 8 * static_cast<unsigned>(size);
    value = static_cast<uint64_t>(static_cast<int64_t>(value << shift) >>
                                  static_cast<int>(shift));
  }
  return value;
}

// What the PC-relative fields of a section are added to, from its beginning,
// asked in ascending order: of an instruction, the end; of a table's entry, the
// table; of other data, the field itself.
class FieldBases {
 public:
  FieldBases(const LinkGraph& graph, const Section& section)
      : section_(section),
        decode_(graph.modules[section.module_id].target->decode) {}

  uint64_t BaseOf(const Fixup& fixup) {
    if (section_.kind == SectionKind::kJumpTable) return 0;
    if (section_.memory_class != MemoryClass::kCode) return fixup.offset;
    const std::span<const std::byte> bytes = section_.contents.bytes();
    Instruction instruction;
    while (next_ <= fixup.offset && next_ < bytes.size() &&
           decode_(bytes.subspan(next_), &instruction)) {
      begin_ = next_;
      next_ += instruction.length;
    }
    return next_;
  }

  // Where the instruction begins that the last one asked for is in.
  uint64_t begin() const { return begin_; }

 private:
  const Section& section_;
  DecodeFunction* decode_;
  uint64_t begin_ = 0;
  uint64_t next_ = 0;
};

class Comparer {
 public:
  Comparer(const BoundImage& ours, uint64_t host_bias)
      : ours_(ours),
        image_(ours.image),
        graph_(image_.graph()),
        where_(image_.placed(graph_.root_id)),
        addresses_(where_.addresses()),
        host_bias_(host_bias) {}

  MovedSections Run() {
    for (SectionId id : graph_.order) {
      const Section& section = graph_.sections[id];
      if (section.module_id != graph_.root_id) continue;
      if (image_.layout().IsPlaced(id)) {
        if (section.kind == SectionKind::kFunction) ++result_.functions;
        ComparePlaced(id, section);
        if (section.leads) CompareLeading(id, section);
      } else {
        CompareRedirected(id, section);
      }
    }
    std::ranges::sort(result_.redirected, {}, &LinkRange::begin);
    CompareExports();
    return std::move(result_);
  }

 private:
  void ComparePlaced(SectionId id, const Section& section) {
    // Data is compared with its relocations, unwind tables have no model.
    const bool is_copy = section.memory_class == MemoryClass::kCode ||
                         section.memory_class == MemoryClass::kReadOnly;
    if (!is_copy || section.home.size == 0) return;
    const std::span<const std::byte> bytes = image_.Bytes(id);
    FieldBases fields(graph_, section);
    uint64_t done = 0;
    uint64_t end = std::min(section.size, section.home.size);
    for (const Fixup& fixup : section.fixups) {
      if (fixup.origin == FixupOrigin::kDynamic) continue;
      if (IsAppended(section, fixup)) {
        // A jump that was appended: an opcode of a byte and this field.
        end = std::min<uint64_t>(end, fixup.offset - 1);
      }
      uint64_t opcode = IsShortened(fixup)
                            ? std::min<uint32_t>(fixup.offset, kOpcodeSize)
                            : 0;
      fields.BaseOf(fixup);
      const auto short_target = ShortTarget(section, fixup, fields);
      if (short_target.has_value()) opcode = fixup.offset - fields.begin();
      CompareBytes(section, bytes, done,
                   std::min<uint64_t>(end, fixup.offset - opcode));
      CompareReference(section, fixup, bytes, image_.At(id), fields,
                       short_target);
      done = fixup.offset + static_cast<uint64_t>(fixup.rule->field);
    }
    CompareBytes(section, bytes, done, end);
  }

  void CompareRedirected(SectionId id, const Section& section) {
    FieldBases fields(graph_, section);
    for (const Fixup& fixup : section.fixups) {
      if (!IsRedirected(graph_, image_.layout(), fixup)) continue;
      CompareReference(section, fixup, image_.Bytes(id), image_.At(id), fields);
      result_.redirected.push_back({section.home.begin + fixup.offset,
                                    static_cast<uint64_t>(fixup.rule->field)});
    }
  }

  // The original must be a jump to the copy.
  void CompareLeading(SectionId id, const Section& section) {
    const auto jump = graph_.modules[graph_.root_id].target->jump;
    const LinkRange range = {section.home.begin, jump.size()};
    const std::span<const std::byte> bytes = where_.Bytes(range);
    Instruction instruction;
    DecodeFunction* decode = graph_.modules[graph_.root_id].target->decode;
    const uint64_t end = where_.Bulk(range).end().value();
    if (!decode(bytes, &instruction) || instruction.length != jump.size() ||
        instruction.flow != Flow::kJump ||
        end + static_cast<uint64_t>(int64_t{instruction.displacement}) !=
            image_.At(id).value()) {
      Disagree(section, 0, "does not lead to its copy");
    }
    ++result_.references;
    result_.redirected.push_back(range);
  }

  void CompareBytes(const Section& section, std::span<const std::byte> bytes,
                    uint64_t begin, uint64_t end) {
    if (begin >= end) return;
    if (std::memcmp(bytes.data() + begin, Host(section.home.begin + begin),
                    end - begin) != 0) {
      Disagree(section, begin, "bytes of the copy differ");
    }
  }

  // Where a field of the copy leads must be where what the original leads to
  // is. `short_target`: as ShortTarget has it.
  void CompareReference(const Section& section, const Fixup& fixup,
                        std::span<const std::byte> bytes, RuntimeAddr start,
                        FieldBases& fields,
                        std::optional<LinkAddr> short_target = std::nullopt) {
    const bool relative = fixup.rule->formula == Formula::kPcRelative;
    const uint64_t offset = fixup.offset;
    uint64_t ours = Load(bytes.data() + offset, *fixup.rule);
    const uint64_t base = fields.BaseOf(fixup);
    if (relative) ours += start.value() + base;
    RuntimeAddr expected;
    if (IsAppended(section, fixup)) {
      expected = WhereFor(section, fixup, base, section.home.end());
    } else if (short_target.has_value()) {
      expected = WhereFor(section, fixup, base, *short_target);
    } else {
      uint64_t host = Load(Host(section.home.begin + offset), *fixup.rule);
      if (relative) host += section.home.begin.value() + host_bias_ + base;
      const LinkAddr home(host - host_bias_);
      expected = IsShortened(fixup) ? BehindSlot(home)
                                    : WhereFor(section, fixup, base, home);
    }
    if (ours == expected.value()) {
      ++result_.references;
      return;
    }
    Disagree(section, offset,
             absl::StrCat("leads to 0x", absl::Hex(ours), " instead of 0x",
                          absl::Hex(expected.value())));
  }

  // Where a pass has led it that knows what addresses are bound to: there, by
  // another instruction of the same length.
  static constexpr uint32_t kOpcodeSize = 2;
  bool IsShortened(const Fixup& fixup) const {
    return std::holds_alternative<External>(
        graph_.symbols[fixup.target].definition);
  }

  // What an indirect way by `home`, a slot or a stub that jumps through one,
  // leads to.
  RuntimeAddr BehindSlot(LinkAddr home) const {
    // Of the file's own sections: those that were cut from them are many.
    const Module& module = graph_.modules[graph_.root_id];
    const bool is_stub = std::ranges::any_of(module.sections, [&](auto id) {
      const Section& section = graph_.sections[id];
      return section.memory_class == MemoryClass::kCode &&
             section.home.Contains(home);
    });
    if (is_stub) {
      const auto* code = Host(home);
      Instruction instruction;
      DecodeFunction* decode = module.target->decode;
      do {
        if (!decode({code, kMaxInstruction}, &instruction)) return {};
        code += instruction.length;
        home = home + uint64_t{instruction.length};
      } while (instruction.operation == Operation::kNop);
      home = home + static_cast<uint64_t>(int64_t{instruction.displacement});
    }
    return RuntimeAddr(
        Load(reinterpret_cast<const std::byte*>(addresses_.At(home).value()),
             kWord));
  }

  // Where the original of a branch leads that was given a longer form, so that
  // it reaches from one part of a function to another; nothing if it was not.
  std::optional<LinkAddr> ShortTarget(const Section& section,
                                      const Fixup& fixup,
                                      const FieldBases& fields) const {
    if (section.kind != SectionKind::kFunction ||
        fixup.rule->lookup != Lookup::kCall || IsAppended(section, fixup)) {
      return std::nullopt;
    }
    const LinkAddr begin = section.home.begin + fields.begin();
    Instruction instruction;
    DecodeFunction* decode = graph_.modules[graph_.root_id].target->decode;
    if (!decode({Host(begin), kMaxInstruction}, &instruction) ||
        instruction.field_size != 1) {
      return std::nullopt;
    }
    return begin + uint64_t{instruction.length} +
           static_cast<uint64_t>(int64_t{instruction.displacement});
  }

  // Of the jump to what follows a function in the file.
  static bool IsAppended(const Section& section, const Fixup& fixup) {
    return section.kind == SectionKind::kFunction &&
           fixup.origin == FixupOrigin::kMade;
  }

  // Where what is at `home` is for a fixup: a switch has a table of its own,
  // which may count from elsewhere than the field, and what was folded into
  // something equal is there.
  RuntimeAddr WhereFor(const Section& from, const Fixup& fixup, uint64_t base,
                       LinkAddr home) const {
    const auto* target =
        std::get_if<InSection>(&graph_.symbols[fixup.target].definition);
    if (target == nullptr) return addresses_.At(home);
    const Section& section = graph_.sections[target->section_id];
    const RuntimeAddr start = image_.At(target->section_id);
    if (section.kind == SectionKind::kJumpTable) {
      return start + static_cast<uint64_t>(home - section.home.begin);
    }
    // Calls go to the copy, and so does what goes along with it, whatever its
    // address is for everybody else.
    if (section.address_kept && (fixup.rule->lookup == Lookup::kCall ||
                                 from.kind != SectionKind::kFunction)) {
      return start + static_cast<uint64_t>(home - section.home.begin);
    }
    if (fixup.origin == FixupOrigin::kRetained || IsFolded(home)) {
      return start + target->offset + static_cast<uint64_t>(fixup.addend) +
             (base - fixup.offset);
    }
    return addresses_.At(home);
  }
  bool IsFolded(LinkAddr home) const {
    const AddressMap::Piece* piece = addresses_.Find(home);
    return where_.in_arenas() &&
           (piece == nullptr || !piece->from.Contains(home));
  }

  void CompareExports() {
    const ScopeMember& root = ours_.modules[graph_.root_id.index()].member;
    const elf::SymbolTable<NativeElf>& symbols = root.definitions.symbols;
    for (uint32_t i = 1; i < symbols.CountSymbols(); ++i) {
      const elf::Sym<NativeElf>& symbol = symbols[i];
      if (symbol.undefined() || symbol.type() != elf::kSttFunc) continue;
      const LinkAddr home(symbol.st_value);
      if (addresses_.Find(home) == nullptr) continue;
      const Definition found = {&root, i};
      if (found.address() == addresses_.At(home).value()) {
        ++result_.exports;
      } else {
        result_.disagreements.push_back(
            absl::StrCat(View(symbols.Name(symbol)),
                         ": is not found where it was moved to"));
      }
    }
  }

  const std::byte* Host(LinkAddr at) const {
    return reinterpret_cast<const std::byte*>(at.value() + host_bias_);
  }

  void Disagree(const Section& section, uint64_t offset,
                absl::string_view what) {
    result_.disagreements.push_back(absl::StrCat(
        section.name, "+0x", absl::Hex(offset), " (at 0x",
        absl::Hex((section.home.begin + offset).value()), "): ", what));
  }

  const BoundImage& ours_;
  const LinkedImage& image_;
  const LinkGraph& graph_;
  const PlacedModule& where_;
  const AddressMap addresses_;
  const uint64_t host_bias_;
  MovedSections result_;
};

}  // namespace

MovedSections CompareMovedSections(const BoundImage& ours, uint64_t host_bias) {
  return Comparer(ours, host_bias).Run();
}

}  // namespace relink::tools
