// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/open_functions.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "relink/arch/padding.h"
#include "relink/elf/constants.h"
#include "relink/ir/fixup.h"
#include "relink/scan/check_code.h"
#include "relink/scan/check_retained.h"
#include "relink/scan/code_map.h"
#include "relink/scan/decode_code.h"
#include "relink/scan/find_functions.h"
#include "relink/scan/function_pages.h"
#include "relink/scan/jump_tables.h"
#include "relink/scan/read_frames.h"
#include "relink/scan/reference_targets.h"
#include "relink/scan/retained_distances.h"
#include "relink/scan/retained_tables.h"
#include "relink/scan/retained_targets.h"
#include "relink/scan/sweep_code.h"
#include "relink/support/large_vector.h"

namespace relink {
namespace {

bool IsCode(const Section& section) {
  return section.memory_class == MemoryClass::kCode &&
         section.contents.size() != 0;
}

LinkRange BytesOf(const Section& section) {
  return {section.home.begin, section.contents.size()};
}

constexpr char kMiddleTaken[] =
    "the address of its middle is taken by another function";

// Of the procedure linkage table, in one of its forms.
bool IsStubs(absl::string_view name) { return absl::StartsWith(name, ".plt"); }

bool MayNameFunction(const Symbol& symbol) {
  return symbol.type == elf::kSttFunc || symbol.type == elf::kSttGnuIfunc ||
         (symbol.type == elf::kSttNotype && symbol.size != 0);
}

// Sections of code are those of the plan that `IsCode`, in its order.
template <class E>
class Opener {
 public:
  Opener(LinkGraph& graph, ModuleId id, const FileParts<E>& parts,
         std::span<const PlannedSection> plan, const SectionIndex& sections,
         const WantedFunctions* wanted)
      : graph_(graph),
        id_(id),
        parts_(parts),
        plan_(plan),
        sections_(sections),
        wanted_(wanted) {}

  void Open() {
    const FrameIndex frames = ReadFrames<E>(module(), parts_, plan_, sections_);
    found_ = FindFunctions(CodeRanges(), NamedRanges(), frames);
    std::vector<LinkRange> others;
    if (wanted_ != nullptr) {
      others = KeepFunctions(*wanted_, found_);
      pages_ = FunctionPages(found_.functions);
    }
    MapCode();
    CheckFrames<E>(parts_, frames, found_, code_);
    EnterFromOutside();
    DecodeAll();
    const Target& target = *module().target;
    if (wanted_ != nullptr) {
      SweepCode(target, code_, others, found_.functions);
    } else {
      AllowLeading(target, code_, found_.functions);
    }
    module().functions = std::move(found_.functions);
    module().capability = EarnedCapability();
  }

 private:
  Module& module() { return graph_.modules[id_]; }

  std::vector<CodeRange> CodeRanges() const {
    std::vector<CodeRange> ranges;
    for (const PlannedSection& planned : plan_) {
      if (!IsCode(planned.section)) continue;
      ranges.push_back({BytesOf(planned.section), planned.section.name});
    }
    return ranges;
  }

  // Of symbols that are functions' or may be.
  std::vector<NamedRange> NamedRanges() const {
    std::vector<NamedRange> ranges;
    ranges.reserve(graph_.symbols.size());
    for (const Symbol& symbol : graph_.symbols) {
      if (symbol.module_id != id_ || !MayNameFunction(symbol)) continue;
      const auto* place = std::get_if<InSection>(&symbol.definition);
      if (place == nullptr) continue;
      const Section& section = graph_.sections[place->section_id];
      if (!IsCode(section)) continue;
      ranges.push_back(
          {{section.home.begin + place->offset, symbol.size}, symbol.name});
    }
    return ranges;
  }

  void MapCode() {
    const LargeVector<Function>& functions = found_.functions;
    size_t first = 0;
    for (uint32_t number = 0; number < plan_.size(); ++number) {
      const Section& section = plan_[number].section;
      if (!IsCode(section)) continue;
      const LinkRange home = BytesOf(section);
      size_t end = first;
      while (end < functions.size() &&
             home.Contains(functions[end].range.begin)) {
        ++end;
      }
      code_.Add(CodeSection(number, home, section.contents.bytes(),
                            std::span(functions).subspan(first, end - first),
                            static_cast<uint32_t>(first)));
      first = end;
    }
  }

  // Marks what is entered by other means than code.
  void EnterFromOutside() {
    for (const LinkAddr address : found_.inner_entries) code_.Enter(address);
    const Module& module = this->module();
    code_.Enter(module.entry);
    code_.Enter(module.dynamic.init);
    code_.Enter(module.dynamic.fini);
    references_.emplace(graph_, id_, sections_, code_, found_.functions);
    if (wanted_ != nullptr) return EnterFromTables();
    for (const SectionId section_id : module.sections) {
      for (Fixup& fixup : graph_.sections[section_id].fixups) {
        if (fixup.rule->formula == Formula::kRelative ||
            fixup.rule->formula == Formula::kIndirect) {
          EnterFromData(fixup);
        }
      }
    }
  }

  // The same by dynamic relocations that are no fixups of the graph.
  void EnterFromTables() {
    const Target& target = *module().target;
    const elf::RelocationTables<E>& tables = parts_.relocations;
    const auto enter = [&](LinkAddr address) {
      if (pages_.Has(address)) code_.Enter(address);
    };
    const auto enter_word = [&](LinkAddr place) {
      const auto word =
          parts_.view.template Records<typename E::Addr>(place, 1);
      if (word.ok()) enter(LinkAddr(uint64_t{(*word)[0]}));
      return true;
    };
    const auto is_address = [&](const auto& record) {
      const Formula formula = target.Rule(record.type()).formula;
      return formula == Formula::kRelative || formula == Formula::kIndirect;
    };
    elf::ForEachRelr<E>(tables.relr, enter_word);
    for (const auto& table : {tables.rel, tables.jmprel_rel}) {
      for (const elf::Rel<E>& record : table) {
        if (is_address(record)) enter_word(LinkAddr(uint64_t{record.r_offset}));
      }
    }
    for (const auto& table : {tables.rela, tables.jmprel_rela}) {
      for (const elf::Rela<E>& record : table) {
        if (!is_address(record)) continue;
        enter(LinkAddr(static_cast<uint64_t>(int64_t{record.r_addend})));
      }
    }
  }

  // What a pointer in data refers to is the function rather than its section.
  void EnterFromData(Fixup& fixup) {
    const auto& place =
        std::get<InSection>(graph_.symbols[fixup.target].definition);
    const LinkAddr address = graph_.sections[place.section_id].home.begin +
                             place.offset + static_cast<uint64_t>(fixup.addend);
    CodeSection* section = code_.Find(address);
    if (section == nullptr) return;
    section->entries.Set(section->OffsetOf(address));
    const auto found = references_->FindInCode(*section, address);
    fixup.target = found.symbol;
    fixup.addend = address - found.begin;
  }

  // Relocations that are only known do not change what is stored.
  std::vector<ConstantBytes> Constants() const {
    std::vector<ConstantBytes> constants;
    for (uint32_t number = 0; number < plan_.size(); ++number) {
      const Section& section = graph_.sections[sections_.id(number)];
      if (section.memory_class != MemoryClass::kReadOnly ||
          std::any_of(section.fixups.begin(), section.fixups.end(),
                      [](const Fixup& fixup) {
                        return fixup.origin == FixupOrigin::kDynamic;
                      })) {
        continue;
      }
      const auto bytes = plan_[number].section.contents.bytes();
      constants.push_back({{section.home.begin, bytes.size()}, bytes});
    }
    return constants;
  }

  void DecodeAll() {
    const Target& target = *module().target;
    const std::vector<RetainedTable<E>> retained =
        FindRetainedTables<E>(parts_, sections_);
    std::vector<DecodedFunction> decoded(found_.functions.size());
    for (size_t i = 0; i < decoded.size(); ++i) {
      decoded[i].stubs = IsStubs(found_.functions[i].name);
    }
    CodeDecoder decoder(target, MemorySize(), code_, *references_,
                        found_.functions, decoded);
    std::vector<DecodedCode> codes;
    for (CodeSection& section : code_.sections()) {
      codes.push_back(decoder.Decode(section, !retained.empty(),
                                     /*functions_only=*/wanted_ != nullptr));
    }
    for (const DecodedCode& code : codes) EnterByRumour(code);
    bool certain = ResolveDistances(codes);
    FindTables(decoded);
    for (size_t i = 0; i < codes.size(); ++i) {
      const CodeSection& section = code_.sections()[i];
      for (const RetainedTable<E>& table : retained) {
        if (table.section != section.number()) continue;
        CheckRetained<E>(target, section, table, decoded, found_.functions);
      }
      CheckCode(target, section, decoded, codes[i], found_.functions);
      AddFixups(graph_.sections[sections_.id(section.number())],
                std::move(codes[i].fixups));
    }
    if (wanted_ != nullptr) certain = false;
    certain &= ReferBySymbols<E>(graph_, parts_, sections_, retained);
    for (size_t i = 0; i < codes.size(); ++i) {
      PinMiddles(code_.sections()[i], codes[i].middles);
    }
    for (size_t i = 0; i < decoded.size(); ++i) {
      found_.functions[i].jumps_back = decoded[i].register_jump;
    }
    EndSizeless(decoded);
    reorderable_ = certain && IsReorderable(retained);
  }

  // Functions that reach to the next one end where padding begins.
  void EndSizeless(std::span<const DecodedFunction> decoded) {
    for (size_t i = 0; i < decoded.size(); ++i) {
      Function& function = found_.functions[i];
      if (!found_.sizeless[i] || function.falls_through ||
          !function.pinned.empty()) {
        continue;
      }
      const CodeSection& section = *code_.Find(function.range.begin);
      const LinkAddr end = section.home().begin + decoded[i].filler;
      function.range.size = static_cast<uint64_t>(end - function.range.begin);
    }
  }

  bool ResolveDistances(std::span<const DecodedCode> codes) {
    std::vector<LinkAddr> taken;
    for (const DecodedCode& code : codes) {
      taken.insert(taken.end(), code.taken.begin(), code.taken.end());
    }
    return ResolveRetainedDistances(graph_, sections_, std::move(taken), code_,
                                    *references_);
  }

  void FindTables(std::span<DecodedFunction> decoded) {
    const std::vector<ConstantBytes> constants = Constants();
    for (CodeSection& section : code_.sections()) {
      const std::vector<JumpTable> tables = FindJumpTables(
          *module().target, constants, found_.functions, section, decoded);
      module().jump_tables.insert(module().jump_tables.end(), tables.begin(),
                                  tables.end());
    }
  }

  // Whether every reference in and out of code is known, and all code may move.
  // Tables in data are known if the linker retained relocations; that it does
  // for all sections or none, but for the stubs that it made itself.
  bool IsReorderable(std::span<const RetainedTable<E>> retained) {
    if (retained.empty() || references_->any_between_functions()) return false;
    for (const Function& function : found_.functions) {
      if (!function.pinned.empty()) return false;
    }
    for (const CodeSection& section : code_.sections()) {
      const Section& home = graph_.sections[sections_.id(section.number())];
      const bool has_relocations = std::any_of(
          retained.begin(), retained.end(),
          [&](const auto& table) { return table.section == section.number(); });
      if (!home.fixups.empty() && !has_relocations && !IsStubs(home.name)) {
        return false;
      }
      if (HasCodeBetweenFunctions(section)) return false;
    }
    return !HasExportBetweenFunctions();
  }

  bool HasCodeBetweenFunctions(const CodeSection& section) {
    for (size_t unit = 0; unit < section.units().size(); ++unit) {
      if (section.units()[unit].function != CodeUnit::kNoFunction) continue;
      const uint32_t begin = section.units()[unit].begin;
      const auto bytes =
          section.bytes().subspan(begin, section.EndOf(unit) - begin);
      // What is in front of the first function cannot go along with one.
      if (unit == 0 || PaddingOf(*module().target, bytes) == Padding::kNone) {
        return true;
      }
    }
    return false;
  }

  bool HasExportBetweenFunctions() {
    for (const Symbol& symbol : graph_.symbols) {
      const auto* place = std::get_if<InSection>(&symbol.definition);
      if (symbol.module_id != id_ || !symbol.exported || place == nullptr) {
        continue;
      }
      const LinkAddr address =
          graph_.sections[place->section_id].home.begin + place->offset;
      const CodeSection* section = code_.Find(address);
      if (section == nullptr) continue;
      const size_t unit = section->UnitAt(section->OffsetOf(address));
      if (section->units()[unit].function == CodeUnit::kNoFunction) return true;
    }
    return false;
  }

  // Code between functions may enter them; data that looks like it does not
  // enter where an instruction begins, but by chance.
  void EnterByRumour(const DecodedCode& code) {
    for (const LinkAddr address : code.rumours) {
      CodeSection* section = code_.Find(address);
      if (section == nullptr) continue;
      const uint32_t offset = section->OffsetOf(address);
      if (section->starts.Has(offset)) section->entries.Set(offset);
    }
  }

  // Such an address may have been meant to count from the function in front.
  // One that belongs to data, by its relocation, refers to no function by now.
  void PinMiddles(const CodeSection& from, std::span<const TakenMiddle> taken) {
    const std::vector<Fixup>& fixups =
        graph_.sections[sections_.id(from.number())].fixups;
    for (const TakenMiddle& middle : taken) {
      const auto fixup = std::lower_bound(
          fixups.begin(), fixups.end(), middle.place,
          [](const Fixup& f, uint32_t place) { return f.offset < place; });
      if (fixup == fixups.end() || fixup->offset != middle.place) continue;
      const auto* target =
          std::get_if<InSection>(&graph_.symbols[fixup->target].definition);
      if (target == nullptr ||
          graph_.sections[target->section_id].memory_class !=
              MemoryClass::kCode) {
        continue;
      }
      const CodeSection& section = *code_.Find(middle.address);
      const size_t unit = section.UnitAt(section.OffsetOf(middle.address));
      const uint32_t number = section.units()[unit].function;
      if (number == CodeUnit::kNoFunction) continue;
      found_.functions[number].Pin(kMiddleTaken, middle.address);
    }
  }

  uint64_t MemorySize() {
    const std::vector<Segment>& segments = module().segments;
    return static_cast<uint64_t>(segments.back().memory.end() -
                                 segments.front().memory.begin);
  }

  // A section of code may have dynamic ones, too, as in a segment that holds
  // more than code; what those store is what counts.
  static void AddFixups(Section& section, std::vector<Fixup> fixups) {
    const auto before = [](const Fixup& a, const Fixup& b) {
      return a.offset < b.offset;
    };
    const auto end_of = [](const Fixup& fixup) {
      return fixup.offset + static_cast<uint64_t>(fixup.rule->field);
    };
    const std::vector<Fixup>& others = section.fixups;
    if (!others.empty()) {
      std::erase_if(fixups, [&](const Fixup& fixup) {
        const auto after =
            std::lower_bound(others.begin(), others.end(), fixup, before);
        return (after != others.end() && after->offset < end_of(fixup)) ||
               (after != others.begin() && end_of(*(after - 1)) > fixup.offset);
      });
      fixups.insert(fixups.end(), others.begin(), others.end());
      std::stable_sort(fixups.begin(), fixups.end(), before);
    }
    section.fixups = std::move(fixups);
  }

  Capability EarnedCapability() {
    if (reorderable_) return Capability::kReorderable;
    const bool any_movable = std::any_of(
        module().functions.begin(), module().functions.end(),
        [](const Function& function) { return function.pinned.empty(); });
    return any_movable ? Capability::kOverlayable : module().capability;
  }

  LinkGraph& graph_;
  ModuleId id_;
  const FileParts<E>& parts_;
  std::span<const PlannedSection> plan_;
  const SectionIndex& sections_;
  const WantedFunctions* wanted_;
  FoundFunctions found_;
  FunctionPages pages_;  // If only some are wanted.
  CodeMap code_;
  std::optional<ReferenceTargets> references_;
  bool reorderable_ = false;
};

}  // namespace

template <class E>
void OpenFunctions(LinkGraph& graph, ModuleId id, const FileParts<E>& parts,
                   std::span<const PlannedSection> plan,
                   const SectionIndex& sections,
                   const WantedFunctions* wanted) {
  Opener<E>(graph, id, parts, plan, sections, wanted).Open();
}

template void OpenFunctions(LinkGraph&, ModuleId,
                            const FileParts<elf::Elf64Le>&,
                            std::span<const PlannedSection>,
                            const SectionIndex&, const WantedFunctions*);

}  // namespace relink
