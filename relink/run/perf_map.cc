// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/run/perf_map.h"

#include <algorithm>

#include "relink/ir/module_source.h"
#include "relink/runtime/real_path.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

absl::StatusOr<profiles::FileSymbols> ReadSymbols(const std::string& path) {
  ASSIGN_OR_RETURN(ModuleSource source, ModuleSource::Open(path));
  ASSIGN_OR_RETURN(const ByteView bytes, source.Read(0, source.size()));
  return profiles::FileSymbols::Read(bytes);
}

// `moves` ascend by their old places.
std::span<const MovedFunctions::Move> MovesIn(
    std::span<const MovedFunctions::Move> moves, RuntimeRange span) {
  const auto begin = [](const MovedFunctions::Move& move) {
    return move.from.begin;
  };
  const auto first = std::ranges::lower_bound(moves, span.begin, {}, begin);
  const auto last = std::ranges::lower_bound(moves, span.end(), {}, begin);
  return {first, last};
}

}  // namespace

void AddMoves(std::span<const MovedFunctions::Move> moves,
              const MappedModule& module, const profiles::FileSymbols& symbols,
              ProfilerText& text) {
  // It would be taken for a line of its own.
  if (module.path.find('\n') != std::string::npos) return;
  for (const MovedFunctions::Move& move : moves) {
    const RuntimeRange code{move.to, move.from.size};
    const LinkAddr address(move.from.begin.value() - module.bias);
    const profiles::NamedFunction* function = symbols.Find(address);
    if (function != nullptr) text.AddName(code, function->name);
    if (const auto offset = symbols.OffsetOf(address)) {
      text.AddOrigin(code, *offset, symbols.build_id(), module.path);
    }
  }
}

absl::Status PerfMap::Append(const RelinkedProcess& relinked,
                             std::span<const MappedModule> modules) {
  if (!maps_.wanted() || relinked.moved.moves().empty()) {
    return absl::OkStatus();
  }
  ProfilerText text;
  for (const auto& [handle, span] : relinked.spans) {
    const auto module =
        std::ranges::find(modules, handle, &MappedModule::handle);
    if (module == modules.end()) continue;
    const auto moves = MovesIn(relinked.moved.moves(), span);
    if (moves.empty()) continue;
    const auto symbols = ReadSymbols(module->path);
    if (!symbols.ok()) continue;
    MappedModule named = *module;
    named.path = RealPath(module->path);
    AddMoves(moves, named, *symbols, text);
  }
  return maps_.Append(text);
}

}  // namespace relink
