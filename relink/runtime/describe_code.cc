// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/describe_code.h"

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "profiles/symbols/file_symbols.h"
#include "relink/ir/module_source.h"
#include "relink/layout/layout.h"
#include "relink/runtime/real_path.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

// What the module's file says.
absl::StatusOr<profiles::FileSymbols> ReadSymbols(const Module& module) {
  if (module.source.identity().inode == 0) {
    return absl::NotFoundError("it is in memory");
  }
  ASSIGN_OR_RETURN(ModuleSource source, ModuleSource::Open(module.name()));
  if (!(source.identity() == module.source.identity())) {
    return absl::FailedPreconditionError("another file has its name now");
  }
  ASSIGN_OR_RETURN(const ByteView bytes, source.Read(0, source.size()));
  return profiles::FileSymbols::Read(bytes);
}

// One module of the image and its file, if it can be read.
class ModuleCode {
 public:
  ModuleCode(const Module& module, ProfilerText& text)
      : text_(text), path_(RealPath(module.name())) {
    auto symbols = ReadSymbols(module);
    if (symbols.ok()) symbols_ = *std::move(symbols);
  }

  void Add(LinkAddr home, RuntimeRange now, absl::string_view name) {
    text_.AddName(now, name);
    if (!symbols_) return;
    if (const auto offset = symbols_->OffsetOf(home)) {
      text_.AddOrigin(now, *offset, symbols_->build_id(), path_);
    }
  }

  void AddAll(const PlacedModule& placed, const RegisteredModule& loaded) {
    if (symbols_) {
      for (const profiles::NamedFunction& function : symbols_->functions()) {
        if (!placed.span.Contains(function.range)) continue;
        Add(function.range.begin, placed.Bulk(function.range), function.name);
      }
      return;
    }
    const auto& table = loaded.member->definitions.symbols;
    for (uint32_t i = 1, count = table.CountSymbols(); i < count; ++i) {
      const elf::Sym<NativeElf>& symbol = table[i];
      const LinkRange home{LinkAddr(symbol.st_value), symbol.st_size};
      if (symbol.undefined() || symbol.type() != elf::kSttFunc ||
          !placed.span.Contains(home)) {
        continue;
      }
      Add(home.begin, placed.Bulk(home), View(table.Name(symbol)));
    }
  }

 private:
  ProfilerText& text_;
  std::string path_;
  std::optional<profiles::FileSymbols> symbols_;
};

}  // namespace

ProfilerText DescribeCode(const LinkedImage& image, const LoadedGroup& group) {
  ProfilerText text;
  const LinkGraph& graph = image.graph();
  std::vector<std::vector<SectionId>> moved(group.modules.size());
  for (SectionId id : graph.order) {
    const Section& section = graph.sections[id];
    if (section.arena_id.has_value() &&
        section.kind == SectionKind::kFunction) {
      moved[section.module_id.index()].push_back(id);
    }
  }
  for (uint32_t i = 0; i < group.modules.size(); ++i) {
    const ModuleId id(i);
    const PlacedModule& placed = image.placed(id);
    const bool copied = !placed.in_arenas() &&
                        image.layout().modules[id].backing == Backing::kCopy;
    if (!copied && moved[i].empty()) continue;
    ModuleCode code(image.module(id), text);
    if (copied) code.AddAll(placed, group.modules[i]);
    for (SectionId function : moved[i]) {
      const Section& section = graph.sections[function];
      code.Add(section.home.begin, {image.At(function), section.size},
               section.name);
    }
  }
  return text;
}

}  // namespace relink
