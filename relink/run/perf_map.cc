// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/run/perf_map.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "relink/ir/module_source.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

// As the kernel names the file to profilers.
std::string RealPath(const std::string& path) {
  char* real = realpath(path.c_str(), nullptr);
  if (real == nullptr) return path;
  std::string result = real;
  std::free(real);
  return result;
}

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
              MovedText& text) {
  // It would be taken for a line of its own.
  if (module.path.find('\n') != std::string::npos) return;
  const std::string file = absl::StrCat(
      symbols.build_id().empty() ? "-"
                                 : absl::BytesToHexString(symbols.build_id()),
      " ", module.path, "\n");
  for (const MovedFunctions::Move& move : moves) {
    const std::string range = absl::StrCat(absl::Hex(move.to.value()), " ",
                                           absl::Hex(move.from.size), " ");
    const LinkAddr address(move.from.begin.value() - module.bias);
    const profiles::NamedFunction* function = symbols.Find(address);
    if (function != nullptr && function->name.find('\n') == std::string::npos) {
      absl::StrAppend(&text.names, range, function->name, "\n");
    }
    const auto offset = symbols.OffsetOf(address);
    if (offset) {
      absl::StrAppend(&text.origins, range, absl::Hex(offset->value()), " ",
                      file);
    }
  }
}

PerfMap PerfMap::OfEnvironment() {
  const char* folder = secure_getenv("RELINK_PERF_MAP");
  if (folder == nullptr) return PerfMap("");
  return PerfMap(absl::string_view(folder) == "1" ? "/tmp" : folder);
}

absl::Status PerfMap::Append(const RelinkedProcess& relinked,
                             std::span<const MappedModule> modules) {
  if (folder_.empty() || relinked.moved.moves().empty()) {
    return absl::OkStatus();
  }
  MovedText text;
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
  const pid_t pid = getpid();
  begins_ = std::exchange(last_pid_, pid) != pid;
  RETURN_IF_ERROR(AppendTo("perf", text.names));
  return AppendTo("relink", text.origins);
}

absl::Status PerfMap::AppendTo(absl::string_view kind,
                               absl::string_view text) const {
  const std::string path =
      absl::StrCat(folder_, "/", kind, "-", last_pid_, ".map");
  const auto error = [&path] {
    return absl::ResourceExhaustedError(
        absl::StrCat(path, ": cannot write: ", std::strerror(errno)));
  };
  int flags = O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW;
  // Others may write into the folder, too: nothing of theirs is followed.
  if (begins_) {
    unlink(path.c_str());
    flags |= O_CREAT | O_EXCL;
  }
  const int file = open(path.c_str(), flags, 0644);
  if (file < 0) return error();
  absl::Status status = absl::OkStatus();
  while (status.ok() && !text.empty()) {
    const ssize_t written = write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      status = error();
    } else {
      text.remove_prefix(static_cast<size_t>(written));
    }
  }
  close(file);
  return status;
}

}  // namespace relink
