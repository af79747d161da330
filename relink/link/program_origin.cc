// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/link/program_origin.h"

#include <elf.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <span>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace relink {

absl::StatusOr<std::vector<SearchPath>> PathsFromOrigin(const Module& module) {
  std::vector<SearchPath> paths;
  for (const auto& [tag, text] : {std::pair{DT_RPATH, module.rpath},
                                  std::pair{DT_RUNPATH, module.runpath}}) {
    if (!absl::StrContains(text, "$ORIGIN") &&
        !absl::StrContains(text, "${ORIGIN}")) {
      continue;
    }
    std::error_code error;
    const std::string origin =
        std::filesystem::canonical(module.name(), error).parent_path();
    if (error) continue;  // Not in a file.
    paths.push_back({tag, absl::StrReplaceAll(text, {{"$ORIGIN", origin},
                                                     {"${ORIGIN}", origin}})});
  }
  const bool writable =
      std::ranges::any_of(module.segments, [&](const Segment& segment) {
        return segment.writable &&
               segment.memory.Contains(module.dynamic_table);
      });
  if (paths.empty() || writable) return paths;
  return absl::UnimplementedError(absl::StrCat(
      module.name(),
      ": a search path refers to $ORIGIN, and the dynamic table is read-only"));
}

void SetSearchPath(const Module& module, const PlacedModule& placed,
                   int64_t tag, RuntimeAddr text) {
  const std::span<std::byte> table = placed.Bytes(module.dynamic_table);
  const RuntimeAddr strings = placed.At(module.dynamic.strtab.addr);
  for (size_t at = 0; at + sizeof(Elf64_Dyn) <= table.size();
       at += sizeof(Elf64_Dyn)) {
    Elf64_Dyn entry;
    std::memcpy(&entry, table.data() + at, sizeof(entry));
    if (entry.d_tag == DT_NULL) return;
    if (entry.d_tag != tag) continue;
    // An offset from the string table, modulo 2^64.
    entry.d_un.d_val = text.value() - strings.value();
    std::memcpy(table.data() + at, &entry, sizeof(entry));
  }
}

}  // namespace relink
