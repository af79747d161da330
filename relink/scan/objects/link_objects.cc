// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/objects/link_objects.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "relink/scan/objects/linked_objects.h"
#include "relink/scan/objects/made_file.h"
#include "relink/scan/objects/object_fixups.h"
#include "relink/scan/objects/object_frames.h"
#include "relink/scan/objects/object_symbols.h"
#include "relink/scan/objects/place_objects.h"
#include "relink/scan/objects/select_objects.h"
#include "relink/scan/objects/supplied_symbols.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

// Of the link addresses, which nothing is ever at.
constexpr uint64_t kPage = 4096;

// In the order of their addresses: small code reaches what is near, and what is
// large goes last.
struct Place {
  absl::string_view name;
  MemoryClass memory_class;
  bool large;
};
constexpr Place kPlaces[] = {
    {"code", MemoryClass::kCode, false},
    {"read-only", MemoryClass::kReadOnly, false},
    {"relro", MemoryClass::kRelro, false},
    {"tls", MemoryClass::kTls, false},
    {"data", MemoryClass::kData, false},
    {"large-code", MemoryClass::kCode, true},
    {"large-read-only", MemoryClass::kReadOnly, true},
    {"large-relro", MemoryClass::kRelro, true},
    {"large-data", MemoryClass::kData, true},
};

// Gives every section an arena and an address, as if there were a file.
// Returns the first address behind them all.
LinkAddr AssignHomes(LinkedObjects& linked) {
  LinkGraph& graph = *linked.graph;
  Module& module = graph.modules[linked.module_id];
  LinkAddr end(kPage);
  std::vector<SectionId> order;
  order.reserve(graph.order.size());
  // A thread's block is one behind the other, as its parts are aligned there.
  std::vector<SectionId> tls;
  for (const SectionId id : {linked.tls_image_id, linked.tls_zeros_id}) {
    if (id.has_value()) tls.push_back(id);
  }
  if (tls.size() > 1) {
    linked.section(tls[0]).alignment = std::max(
        linked.section(tls[0]).alignment, linked.section(tls[1]).alignment);
  }
  for (const Place& place : kPlaces) {
    ArenaId arena_id;
    end = LinkAddr(AlignUp(end.value(), kPage));
    for (const SectionId id :
         place.memory_class == MemoryClass::kTls ? tls : graph.order) {
      Section& section = graph.sections[id];
      if (section.memory_class != place.memory_class ||
          linked.large[id.index()] != place.large) {
        continue;
      }
      if (!arena_id.has_value()) {
        arena_id = graph.arenas.Add({.name = std::string(place.name),
                                     .memory_class = place.memory_class});
      }
      section.arena_id = arena_id;
      order.push_back(id);
      if (section.kind == SectionKind::kUnwind) continue;
      end = LinkAddr(AlignUp(end.value(), section.alignment));
      section.home = {end, section.size};
      end = section.home.end();
      if (section.kind == SectionKind::kOutput) module.sections.push_back(id);
    }
  }
  graph.order = std::move(order);
  return LinkAddr(AlignUp(end.value(), kPage));
}

void DescribeThreadLocal(LinkedObjects& linked, Module& module) {
  const SectionId image = linked.tls_image_id;
  const SectionId zeros = linked.tls_zeros_id;
  if (!image.has_value() && !zeros.has_value()) return;
  TlsSegment tls;
  if (image.has_value()) {
    const Section& section = linked.section(image);
    tls = {section.home, section.size, section.alignment};
  }
  if (zeros.has_value()) {
    const Section& section = linked.section(zeros);
    if (!image.has_value()) tls.image = {section.home.begin, 0};
    tls.size = linked.BlockOffset({zeros, section.size});
    tls.alignment = std::max(tls.alignment, section.alignment);
  }
  module.tls = tls;
}

void Describe(LinkedObjects& linked, Module& module) {
  const auto home = [&](SectionId id) {
    return id.has_value() ? linked.section(id).home : LinkRange();
  };
  elf::Dynamic& dynamic = module.dynamic;
  dynamic.pltgot = home(linked.got_id).begin;
  dynamic.init_array = {home(linked.init_array_id).begin,
                        home(linked.init_array_id).size};
  dynamic.fini_array = {home(linked.fini_array_id).begin,
                        home(linked.fini_array_id).size};
  dynamic.fini = home(linked.fini_id).begin;
  DescribeThreadLocal(linked, module);
  module.depth = OpenDepth::kFunctions;
  module.capability = Capability::kReorderable;
  module.materialization = Materialization::kArenas;
}

}  // namespace

absl::StatusOr<ModuleId> LinkObjects(LinkGraph& graph,
                                     std::vector<ModuleSource> sources,
                                     absl::string_view name) {
  ASSIGN_OR_RETURN(SelectedObjects selected, SelectObjects(std::move(sources)));
  ObjectSymbols& symbols = selected.symbols;
  if (symbols.objects().empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ": there is no object to link"));
  }
  ReferToSupplied(symbols);

  LinkedObjects linked;
  linked.graph = &graph;
  linked.target = symbols.objects().front().target;
  linked.symbols = &symbols;
  linked.module_id = graph.modules.Add(
      Module(ModuleSource::FromBytes({}, name), *linked.target));

  RETURN_IF_ERROR(PlaceObjects(linked));
  ObjectFixups fixups(linked);
  RETURN_IF_ERROR(AddSupplied(linked, fixups));
  RETURN_IF_ERROR(fixups.AddAll());
  RETURN_IF_ERROR(AddObjectFrames(linked, fixups));
  RETURN_IF_ERROR(fixups.Finish());

  const LinkAddr end = AssignHomes(linked);
  Module& module = graph.modules[linked.module_id];
  Describe(linked, module);
  module.source = ModuleSource::FromBytes(MakeFile(linked, end), name);
  module.file = module.source.prefix();
  module.objects = std::move(selected.sources);
  return linked.module_id;
}

}  // namespace relink
