// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/profile/symbol_files.h"

#include <utility>

#include "absl/status/statusor.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"
#include "tools/relink/file_contents.h"

namespace relink::tools {
namespace {

using profiles::FileSymbols;

absl::StatusOr<FileSymbols> ReadSymbols(const std::string& path) {
  ASSIGN_OR_RETURN(const FileContents file, FileContents::Read(path));
  absl::StatusOr<FileSymbols> symbols = FileSymbols::Read(file.bytes());
  if (!symbols.ok()) return Annotate(symbols.status(), path);
  return symbols;
}

}  // namespace

absl::Status SymbolFiles::Add(const std::string& path) {
  ASSIGN_OR_RETURN(FileSymbols symbols, ReadSymbols(path));
  if (symbols.build_id().empty()) {
    return absl::FailedPreconditionError(
        path + ": has no build-id to be recognized by");
  }
  const std::string id = symbols.build_id();
  given_[id] = std::make_unique<FileSymbols>(std::move(symbols));
  return absl::OkStatus();
}

const FileSymbols* SymbolFiles::Find(const profiles::ModuleKey& key) {
  const auto given = given_.find(key.build_id);
  if (given != given_.end()) return given->second.get();
  if (key.path.empty()) return nullptr;
  const auto [it, added] = by_path_.try_emplace(key.path);
  if (added) {
    absl::StatusOr<FileSymbols> symbols = ReadSymbols(key.path);
    if (symbols.ok()) {
      it->second = std::make_unique<FileSymbols>(*std::move(symbols));
    }
  }
  const FileSymbols* symbols = it->second.get();
  if (symbols == nullptr) return nullptr;
  if (!key.build_id.empty() && symbols->build_id() != key.build_id) {
    return nullptr;
  }
  return symbols;
}

}  // namespace relink::tools
