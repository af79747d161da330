// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/ir/verify_sections.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "relink/arch/relocation_rule.h"
#include "relink/arch/target.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

// How many bytes a fixup writes.
uint64_t WidthOf(const RelocationRule& rule) {
  const auto width = static_cast<uint64_t>(rule.field);
  return rule.formula == Formula::kTlsDescriptor ? 2 * width : width;
}

// Whether the rule means something without a symbol.
bool NeedsTarget(const RelocationRule& rule) {
  switch (rule.formula) {
    case Formula::kAddress:
    case Formula::kSymbol:
    case Formula::kPcRelative:
    case Formula::kGotOffset:
    case Formula::kSize:
    case Formula::kCopy:
      return true;
    case Formula::kUnknown:
    case Formula::kNone:
    case Formula::kRelative:
    case Formula::kIndirect:
    case Formula::kTlsModule:
    case Formula::kTlsOffset:
    case Formula::kThreadOffset:
    case Formula::kTlsDescriptor:
      return false;
  }
  return false;
}

bool IsRuleOf(const RelocationRule* rule, const Target& target) {
  return !target.rules.empty() && rule >= &target.rules.front() &&
         rule <= &target.rules.back() && rule->formula != Formula::kUnknown;
}

class SectionVerifier {
 public:
  explicit SectionVerifier(const LinkGraph& graph) : graph_(graph) {}

  absl::Status Verify(SectionId id) const;
  // After each section: that children cover those that were split.
  absl::Status VerifyChildren() const;

 private:
  absl::Status VerifyShape(SectionId id, const Section& section) const;
  absl::Status VerifyOwnSymbol(SectionId id, const Section& section) const;
  absl::Status VerifyRelatives(SectionId id, const Section& section) const;
  absl::Status VerifyPlace(SectionId id, const Section& section) const;
  absl::Status VerifyFixups(SectionId id, const Section& section) const;
  // Empty if the symbol is one that a live section may refer to.
  absl::string_view WrongTarget(SymbolId id) const;
  absl::Status Fail(SectionId id, absl::string_view what) const {
    return absl::InternalError(absl::StrCat(Described(graph_, id), ": ", what));
  }

  const LinkGraph& graph_;
};

absl::Status SectionVerifier::Verify(SectionId id) const {
  const Section& section = graph_.sections[id];
  if (section.module_id.index() >= graph_.modules.size()) {
    return Fail(id, "belongs to no module");
  }
  if (graph_.modules[section.module_id].depth < OpenDepth::kSections) {
    return Fail(id, "its module is closed");
  }
  RETURN_IF_ERROR(VerifyShape(id, section));
  RETURN_IF_ERROR(VerifyRelatives(id, section));
  RETURN_IF_ERROR(VerifyPlace(id, section));
  if (!section.live()) return absl::OkStatus();
  RETURN_IF_ERROR(VerifyOwnSymbol(id, section));
  return VerifyFixups(id, section);
}

absl::Status SectionVerifier::VerifyShape(SectionId id,
                                          const Section& section) const {
  if (!std::has_single_bit(section.alignment)) {
    return Fail(id, absl::StrCat("alignment ", section.alignment,
                                 " is not a power of two"));
  }
  if (section.contents.size() > section.size) {
    return Fail(id, absl::StrCat("has 0x", absl::Hex(section.contents.size()),
                                 " bytes of contents in a size of 0x",
                                 absl::Hex(section.size)));
  }
  if (!std::isfinite(section.weight) || section.weight < 0) {
    return Fail(id, "weight is negative, or no number");
  }
  const bool is_code = section.kind == SectionKind::kFunction ||
                       section.kind == SectionKind::kRemainder ||
                       section.kind == SectionKind::kStubs;
  if (is_code && section.memory_class != MemoryClass::kCode) {
    return Fail(id, absl::StrCat("a ", Name(section.kind), " of class ",
                                 Name(section.memory_class)));
  }
  return absl::OkStatus();
}

absl::Status SectionVerifier::VerifyOwnSymbol(SectionId id,
                                              const Section& section) const {
  if (section.symbol_id.index() >= graph_.symbols.size()) {
    return Fail(id, "has no symbol at its beginning");
  }
  const Symbol& symbol = graph_.symbols[section.symbol_id];
  const auto* place = std::get_if<InSection>(&symbol.definition);
  if (place == nullptr || *place != InSection{id} || !symbol.name.empty()) {
    return Fail(id, "its symbol has a name or is not at its beginning");
  }
  return absl::OkStatus();
}

absl::Status SectionVerifier::VerifyRelatives(SectionId id,
                                              const Section& section) const {
  if (section.parent_id.has_value()) {
    if (section.parent_id.index() >= graph_.sections.size()) {
      return Fail(id, "its parent does not exist");
    }
    const Section& parent = graph_.sections[section.parent_id];
    if (parent.module_id != section.module_id) {
      return Fail(id, "its parent is in another module");
    }
    if (!parent.home.Contains(section.home)) {
      return Fail(id, "its home is not in its parent's");
    }
    // A jump table is a copy, and its parent stays what it is.
    if (!parent.split && section.kind != SectionKind::kJumpTable) {
      return Fail(id, "its parent is not split");
    }
  }
  const bool is_table = section.kind == SectionKind::kJumpTable;
  if (is_table != section.owner_id.has_value()) {
    return Fail(id, is_table ? "a jump table without an owner"
                             : "has an owner, but is no jump table");
  }
  if (!is_table) return absl::OkStatus();
  if (section.owner_id.index() >= graph_.sections.size()) {
    return Fail(id, "its owner does not exist");
  }
  const Section& owner = graph_.sections[section.owner_id];
  if (owner.module_id != section.module_id) {
    return Fail(id, "its owner is in another module");
  }
  if (owner.kind != SectionKind::kFunction) {
    return Fail(id, "its owner is no function");
  }
  if (section.live() && !owner.live()) return Fail(id, "its owner is dead");
  if (section.live() &&
      owner.arena_id.has_value() != section.arena_id.has_value()) {
    return Fail(id, "it or its owner is placed without the other");
  }
  return absl::OkStatus();
}

absl::Status SectionVerifier::VerifyPlace(SectionId id,
                                          const Section& section) const {
  if (!section.arena_id.has_value()) return absl::OkStatus();
  if (section.arena_id.index() >= graph_.arenas.size()) {
    return Fail(id, "its arena does not exist");
  }
  const Arena& arena = graph_.arenas[section.arena_id];
  if (!section.live()) {
    return Fail(id, absl::StrCat("is in arena ", arena.name, ", but not live"));
  }
  if (!section.pinned.empty()) {
    return Fail(id, absl::StrCat("is in arena ", arena.name,
                                 ", but pinned: ", section.pinned));
  }
  if (arena.memory_class != section.memory_class) {
    return Fail(
        id, absl::StrCat(Name(section.memory_class), " in arena ", arena.name,
                         ", which is of class ", Name(arena.memory_class)));
  }
  const Module& module = graph_.modules[section.module_id];
  if (module.materialization == Materialization::kWhole) {
    return Fail(id, absl::StrCat("is in arena ", arena.name,
                                 ", but its module stays whole"));
  }
  return absl::OkStatus();
}

absl::string_view SectionVerifier::WrongTarget(SymbolId id) const {
  if (id.index() >= graph_.symbols.size()) return "refers to no symbol";
  const auto* place = std::get_if<InSection>(&graph_.symbols[id].definition);
  if (place == nullptr) return "";
  // Not in the graph: what is said of symbols says it.
  if (place->section_id.index() >= graph_.sections.size()) return "";
  const Section& section = graph_.sections[place->section_id];
  if (section.dead) return "refers to a dead section";
  if (section.split) return "refers to a section that was split";
  return "";
}

absl::Status SectionVerifier::VerifyFixups(SectionId id,
                                           const Section& section) const {
  const Target& target = *graph_.modules[section.module_id].target;
  uint64_t end = 0;  // Of the one before.
  for (size_t i = 0; i < section.fixups.size(); ++i) {
    const Fixup& fixup = section.fixups[i];
    absl::string_view wrong;
    if (!IsRuleOf(fixup.rule, target)) {
      wrong = "its rule is none of the module's target";
    } else if (fixup.offset < end) {
      wrong = "is before the end of the one before it";
    } else if (end = fixup.offset + WidthOf(*fixup.rule); end > section.size) {
      wrong = "reaches past the end of the section";
    } else if (fixup.target.has_value() || NeedsTarget(*fixup.rule)) {
      wrong = WrongTarget(fixup.target);
    }
    if (!wrong.empty()) {
      return Fail(id,
                  absl::StrCat("fixup ", i, " at 0x",
                               absl::Hex(uint64_t{fixup.offset}), ": ", wrong));
    }
  }
  return absl::OkStatus();
}

absl::Status SectionVerifier::VerifyChildren() const {
  struct Child {
    SectionId parent_id;
    LinkAddr begin;
    SectionId id;
    auto Key() const { return std::tuple(parent_id, begin, id); }
  };
  std::vector<Child> children;
  for (uint32_t i = 0; i < graph_.sections.size(); ++i) {
    const Section& section = graph_.sections[SectionId(i)];
    if (section.parent_id.has_value() &&
        graph_.sections[section.parent_id].split) {
      children.push_back({section.parent_id, section.home.begin, SectionId(i)});
    }
  }
  std::ranges::sort(children, {}, &Child::Key);
  size_t next = 0;
  for (uint32_t i = 0; i < graph_.sections.size(); ++i) {
    const SectionId id(i);
    const Section& section = graph_.sections[id];
    if (!section.split) continue;
    LinkAddr covered = section.home.begin;
    for (; next < children.size() && children[next].parent_id == id; ++next) {
      if (children[next].begin != covered) {
        return Fail(
            children[next].id,
            absl::StrCat("does not begin at 0x", absl::Hex(covered.value()),
                         ", where the part before it ends"));
      }
      covered = graph_.sections[children[next].id].home.end();
    }
    if (covered != section.home.end()) {
      return Fail(
          id, absl::StrCat("was split, but from 0x", absl::Hex(covered.value()),
                           " on nothing stands for it"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

std::string Described(const LinkGraph& graph, SectionId id) {
  if (id.index() >= graph.sections.size()) {
    return absl::StrCat("section ", id.index());
  }
  const Section& section = graph.sections[id];
  std::string text;
  if (section.module_id.index() < graph.modules.size()) {
    text = absl::StrCat(graph.modules[section.module_id].name(), ": ");
  }
  if (section.name.empty()) {
    absl::StrAppend(&text, "section ", id.index());
  } else {
    absl::StrAppend(&text, section.name);
  }
  return text;
}

absl::Status VerifySections(const LinkGraph& graph) {
  const SectionVerifier verifier(graph);
  for (uint32_t i = 0; i < graph.sections.size(); ++i) {
    RETURN_IF_ERROR(verifier.Verify(SectionId(i)));
  }
  return verifier.VerifyChildren();
}

}  // namespace relink
