// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_IR_GRAPH_FIELDS_H_
#define RELINK_IR_GRAPH_FIELDS_H_

#include <cstdint>
#include <type_traits>
#include <vector>

#include "absl/strings/string_view.h"
#include "relink/elf/constants.h"
#include "relink/elf/dynamic.h"
#include "relink/ir/link_graph.h"

namespace relink {

// What the text form calls the fields of the graph's types: the one list that
// printing and parsing share. `S` is the type, const or not. `visit` is called
// with
//   (name, field)             for `name=value`, or `name` alone if it is a bool
//   (name, field, value)      the same; where it is left out, it is `value`
//   .Word(field)              for an enumerator that stands for itself
//   .Word(name, field, words) for a number of which some have words; others are
//                             `name=value`
// A section's home and contents, and what comes first on a line, are not here.

// Of a module that names none.
inline constexpr absl::string_view kDefaultTarget = "x86_64";

// What `Module::sections` is for each module, if it says nothing else.
std::vector<std::vector<SectionId>> OutputSections(const LinkGraph& graph);

struct NumberWord {
  uint8_t value;
  absl::string_view word;
};

inline constexpr NumberWord kSymbolTypes[] = {
    {elf::kSttObject, "object"},   {elf::kSttFunc, "func"},
    {elf::kSttSection, "section"}, {elf::kSttFile, "file"},
    {elf::kSttCommon, "common"},   {elf::kSttTls, "tls"},
    {elf::kSttGnuIfunc, "ifunc"},
};
inline constexpr NumberWord kSymbolBindings[] = {
    {elf::kStbGlobal, "global"},
    {elf::kStbWeak, "weak"},
    {elf::kStbGnuUnique, "unique"},
};
inline constexpr NumberWord kSymbolVisibilities[] = {
    {elf::kStvInternal, "internal"},
    {elf::kStvHidden, "hidden"},
    {elf::kStvProtected, "protected"},
};

template <typename S, typename Visit>
void VisitModule(S& module, Visit& visit) {
  bool executable = module.kind == ModuleKind::kExecutable;
  visit("executable", executable);
  bool fixed = !module.position_independent;
  visit("fixed", fixed);
  if constexpr (!std::is_const_v<S>) {
    module.kind =
        executable ? ModuleKind::kExecutable : ModuleKind::kSharedObject;
    module.position_independent = !fixed;
  }
  visit("entry", module.entry);
  visit("soname", module.soname);
  visit("interpreter", module.interpreter);
  visit("rpath", module.rpath);
  visit("runpath", module.runpath);
  visit("dynamic", module.dynamic_table);
  visit("relro", module.relro);
  visit("eh_frame_hdr", module.eh_frame_hdr);
  visit("depth", module.depth);
  visit("some-functions", module.some_functions);
  visit("capability", module.capability);
  visit("materialization", module.materialization);
}

template <typename S, typename Visit>
void VisitDynamic(S& dynamic, Visit& visit) {
  visit("symtab", dynamic.symtab);
  visit("strtab", dynamic.strtab);
  visit("hash", dynamic.hash);
  visit("gnu_hash", dynamic.gnu_hash);
  visit("versym", dynamic.versym);
  visit("verdef", dynamic.verdef);
  visit("verdefnum", dynamic.verdefnum);
  visit("verneed", dynamic.verneed);
  visit("verneednum", dynamic.verneednum);
  visit("rela", dynamic.rela);
  visit("rel", dynamic.rel);
  visit("relr", dynamic.relr);
  visit("jmprel", dynamic.jmprel);
  bool jmprel_is_rel = !dynamic.jmprel_is_rela;
  visit("jmprel_is_rel", jmprel_is_rel);
  if constexpr (!std::is_const_v<S>) dynamic.jmprel_is_rela = !jmprel_is_rel;
  visit("pltgot", dynamic.pltgot);
  visit("init", dynamic.init);
  visit("fini", dynamic.fini);
  visit("preinit_array", dynamic.preinit_array);
  visit("init_array", dynamic.init_array);
  visit("fini_array", dynamic.fini_array);
  visit("soname", dynamic.soname, elf::Dynamic::kNoString);
  visit("rpath", dynamic.rpath, elf::Dynamic::kNoString);
  visit("runpath", dynamic.runpath, elf::Dynamic::kNoString);
  visit("needed_count", dynamic.needed_count);
  visit("relative_count", dynamic.relative_count);
  visit("flags", dynamic.flags);
  visit("flags_1", dynamic.flags_1);
}

template <typename S, typename Visit>
void VisitSegment(S& segment, Visit& visit) {
  visit("writable", segment.writable);
  visit("executable", segment.executable);
  visit("file", segment.file);
  visit("align", segment.alignment, uint64_t{1});
}

template <typename S, typename Visit>
void VisitTls(S& tls, Visit& visit) {
  visit("size", tls.size);
  visit("align", tls.alignment, uint64_t{1});
}

template <typename S, typename Visit>
void VisitDependency(S& dependency, Visit& visit) {
  visit("module", dependency.module_id);
  visit("external", dependency.external_id);
}

template <typename S, typename Visit>
void VisitFunction(S& function, Visit& visit) {
  visit("fde", function.fde);
  visit("pinned", function.pinned);
  visit("at", function.pinned_at);
  visit("falls-through", function.falls_through);
  visit("address-kept", function.address_kept);
  visit("reached", function.reached);
  visit("can-lead", function.can_lead);
  visit("jumps-back", function.jumps_back);
}

template <typename S, typename Visit>
void VisitJumpTable(S& table, Visit& visit) {
  visit("function", table.function);
  visit("reference", table.reference);
}

template <typename S, typename Visit>
void VisitSection(S& section, Visit& visit) {
  visit.Word(section.kind);
  visit.Word(section.memory_class);
  visit("size", section.size);
  visit("align", section.alignment, uint64_t{1});
  visit("fde", section.fde);
  visit("parent", section.parent_id);
  visit("owner", section.owner_id);
  visit("address-kept", section.address_kept);
  visit("reached", section.reached);
  visit("can-lead", section.can_lead);
  visit("jumps-back", section.jumps_back);
  visit("leads", section.leads);
  visit("follows", section.follows);
  visit("split", section.split);
  visit("dead", section.dead);
  visit("pinned", section.pinned);
  visit("at", section.pinned_at);
  visit("weight", section.weight);
  visit("arena", section.arena_id);
}

template <typename S, typename Visit>
void VisitSymbol(S& symbol, Visit& visit) {
  visit.Word("type", symbol.type, kSymbolTypes);
  visit.Word("bind", symbol.bind, kSymbolBindings);
  visit.Word("visibility", symbol.visibility, kSymbolVisibilities);
  visit("exported", symbol.exported);
  visit("size", symbol.size);
  visit("dynamic", symbol.dynamic_index);
}

template <typename S, typename Visit>
void VisitArena(S& arena, Visit& visit) {
  visit.Word(arena.memory_class);
  visit("huge-pages", arena.huge_pages);
}

}  // namespace relink

#endif  // RELINK_IR_GRAPH_FIELDS_H_
