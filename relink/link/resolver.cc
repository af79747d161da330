// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/link/resolver.h"

#include <cstdlib>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace relink {
namespace {

constexpr const char* kSystemDirectories[] = {
    "/lib/x86_64-linux-gnu",
    "/usr/lib/x86_64-linux-gnu",
    "/lib64",
    "/usr/lib64",
    "/lib",
    "/usr/lib",
};

std::string DirectoryOf(absl::string_view path) {
  const size_t slash = path.rfind('/');
  if (slash == absl::string_view::npos) return ".";
  return std::string(path.substr(0, slash == 0 ? 1 : slash));
}

// The directories of a DT_RUNPATH or DT_RPATH.
std::vector<std::string> ExpandPath(absl::string_view path,
                                    const Module& requester) {
  const std::string origin = DirectoryOf(requester.name());
  std::vector<std::string> directories;
  for (absl::string_view part : absl::StrSplit(path, ':', absl::SkipEmpty())) {
    directories.push_back(absl::StrReplaceAll(
        part, {{"$ORIGIN", origin}, {"${ORIGIN}", origin}}));
  }
  return directories;
}

}  // namespace

SearchPathResolver::SearchPathResolver(std::vector<std::string> directories) {
  if (const char* path = std::getenv("LD_LIBRARY_PATH")) {
    for (absl::string_view part :
         absl::StrSplit(path, absl::ByAnyChar(":;"), absl::SkipEmpty())) {
      directories_.emplace_back(part);
    }
  }
  for (std::string& directory : directories) {
    directories_.push_back(std::move(directory));
  }
  for (const char* directory : kSystemDirectories) {
    directories_.emplace_back(directory);
  }
}

absl::StatusOr<Resolution> SearchPathResolver::Resolve(
    absl::string_view name, const Module& requester, const HostModules& host) {
  const HostModuleId host_id = host.Find(name);
  if (host_id.has_value()) return Resolution(host_id);
  std::vector<std::string> candidates;
  if (absl::StrContains(name, '/')) {
    candidates.emplace_back(name);
  } else {
    const auto add = [&](const std::vector<std::string>& directories) {
      for (const std::string& directory : directories) {
        candidates.push_back(absl::StrCat(directory, "/", name));
      }
    };
    // DT_RUNPATH replaces DT_RPATH (gABI, "Shared Object Dependencies").
    add(ExpandPath(
        requester.runpath.empty() ? requester.rpath : requester.runpath,
        requester));
    add(directories_);
  }
  for (const std::string& candidate : candidates) {
    absl::StatusOr<ModuleSource> source = ModuleSource::Open(candidate);
    if (source.ok()) return Resolution(*std::move(source));
    if (!absl::IsNotFound(source.status())) return source.status();
  }
  return absl::NotFoundError(
      absl::StrCat(requester.name(), ": needs ", name,
                   ", which is neither in the process nor at ",
                   absl::StrJoin(candidates, ", ")));
}

}  // namespace relink
