// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/link/search_path_resolver.h"

#include <sys/auxv.h>
#include <unistd.h>

#include <cstdlib>
#include <iterator>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "relink/elf/constants.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

// As Debian's ld.so has them, and those of others.
constexpr const char* kSystemDirectories[] = {
    "/lib/x86_64-linux-gnu",
    "/usr/lib/x86_64-linux-gnu",
    "/lib64",
    "/usr/lib64",
    "/lib",
    "/usr/lib",
};
constexpr absl::string_view kLib = "lib/x86_64-linux-gnu";

std::string DirectoryOf(absl::string_view path) {
  const size_t slash = path.rfind('/');
  if (slash == absl::string_view::npos) return ".";
  return std::string(path.substr(0, slash == 0 ? 1 : slash));
}

std::string ProgramDirectory() {
  char path[4096];
  const ssize_t size = readlink("/proc/self/exe", path, sizeof(path));
  if (size <= 0) return ".";
  return DirectoryOf(absl::string_view(path, static_cast<size_t>(size)));
}

// The levels of the x86-64 psABI's microarchitecture that this processor has,
// by the names of glibc's directories.
std::vector<std::string> SupportedHwcaps() {
  __builtin_cpu_init();
  std::vector<std::string> names;
  const bool v2 = __builtin_cpu_supports("ssse3") != 0 &&
                  __builtin_cpu_supports("sse4.2") != 0 &&
                  __builtin_cpu_supports("popcnt") != 0;
  const bool v3 = v2 && __builtin_cpu_supports("avx2") != 0 &&
                  __builtin_cpu_supports("bmi2") != 0 &&
                  __builtin_cpu_supports("fma") != 0;
  const bool v4 = v3 && __builtin_cpu_supports("avx512f") != 0 &&
                  __builtin_cpu_supports("avx512bw") != 0 &&
                  __builtin_cpu_supports("avx512cd") != 0 &&
                  __builtin_cpu_supports("avx512dq") != 0 &&
                  __builtin_cpu_supports("avx512vl") != 0;
  if (v4) names.emplace_back("x86-64-v4");
  if (v3) names.emplace_back("x86-64-v3");
  if (v2) names.emplace_back("x86-64-v2");
  return names;
}

// The directories that `path` lists, of a module in `origin`; an empty one is
// the working directory (ld.so(8)).
std::vector<std::string> ExpandPath(absl::string_view path,
                                    absl::string_view origin) {
  std::vector<std::string> directories;
  if (path.empty()) return directories;
  const auto* platform = reinterpret_cast<const char*>(getauxval(AT_PLATFORM));
  const absl::string_view platform_name =
      platform == nullptr ? "x86_64" : platform;
  for (absl::string_view part : absl::StrSplit(path, ':')) {
    directories.push_back(
        part.empty()
            ? "."
            : absl::StrReplaceAll(part, {{"$ORIGIN", origin},
                                         {"${ORIGIN}", origin},
                                         {"$LIB", kLib},
                                         {"${LIB}", kLib},
                                         {"$PLATFORM", platform_name},
                                         {"${PLATFORM}", platform_name}}));
  }
  return directories;
}

// Whether it is an ELF file that ld.so would pass over in a search: what is no
// ELF file at all is an error, found later.
bool IsOfOtherTarget(const ModuleSource& source) {
  const ByteView prefix = source.prefix();
  constexpr size_t kMachine = 18;
  if (prefix.size() < kMachine + 2) return false;
  const auto* bytes = reinterpret_cast<const unsigned char*>(prefix.data());
  if (absl::string_view(reinterpret_cast<const char*>(bytes), 4) !=
      "\x7f"
      "ELF") {
    return false;
  }
  const unsigned machine = bytes[kMachine] | bytes[kMachine + 1] << 8;
  return bytes[elf::kEiClass] != elf::kElfClass64 ||
         bytes[elf::kEiData] != elf::kElfData2Lsb || machine != elf::kEmX86_64;
}

}  // namespace

SearchPathResolver::SearchPathResolver(Options options)
    : options_(std::move(options)), hwcaps_(SupportedHwcaps()) {
  const bool trusted = getauxval(AT_SECURE) == 0;
  const char* path = std::getenv("LD_LIBRARY_PATH");
  if (!options_.use_library_path || !trusted || path == nullptr) return;
  library_path_ =
      ExpandPath(absl::StrReplaceAll(path, {{";", ":"}}), ProgramDirectory());
}

void SearchPathResolver::Set(absl::string_view name, Policy policy) {
  policies_.insert_or_assign(std::string(name), std::move(policy));
}

SearchPathResolver::Paths SearchPathResolver::PathsOf(
    const DependencyRequest& request) {
  if (const Module* module = request.requester) {
    return {DirectoryOf(module->name()), module->rpath, module->runpath};
  }
  if (const HostModule* module = request.host_requester) {
    return {
        module->path.empty() ? ProgramDirectory() : DirectoryOf(module->path),
        module->rpath, module->runpath};
  }
  return {};
}

std::vector<SearchPathResolver::Place> SearchPathResolver::PlacesFor(
    const DependencyRequest& request) const {
  std::vector<Place> places;
  const auto add = [&](SearchRule rule, std::vector<std::string> directories) {
    for (std::string& directory : directories) {
      places.push_back({rule, std::move(directory)});
    }
  };
  const Paths own = PathsOf(request);
  // A module that has both has only DT_RUNPATH (gABI).
  if (own.runpath.empty()) {
    add(SearchRule::kRpath, ExpandPath(own.rpath, own.origin));
    for (const Module* loader : request.loaders) {
      if (!loader->runpath.empty()) continue;
      add(SearchRule::kRpath,
          ExpandPath(loader->rpath, DirectoryOf(loader->name())));
    }
    const HostModule& program = *request.host.modules().front();
    if (program.runpath.empty() && request.host_requester != &program) {
      add(SearchRule::kRpath, ExpandPath(program.rpath, ProgramDirectory()));
    }
  }
  add(SearchRule::kLibraryPath, library_path_);
  add(SearchRule::kRunpath, ExpandPath(own.runpath, own.origin));
  add(SearchRule::kDirectory, options_.directories);
  return places;
}

std::vector<std::string> SearchPathResolver::Directories(
    const DependencyRequest& request) const {
  std::vector<std::string> directories;
  for (Place& place : PlacesFor(request)) {
    directories.push_back(std::move(place.directory));
  }
  if (options_.use_system_directories) {
    directories.insert(directories.end(), std::begin(kSystemDirectories),
                       std::end(kSystemDirectories));
  }
  return directories;
}

absl::StatusOr<std::optional<Resolution>> SearchPathResolver::Try(
    const DependencyRequest& request, SearchRule rule,
    const std::string& path) const {
  absl::StatusOr<ModuleSource> source = ModuleSource::Open(path);
  if (absl::IsNotFound(source.status())) {
    request.Tell(rule, path, SearchOutcome::kAbsent);
    return std::optional<Resolution>();
  }
  if (!source.ok()) {
    request.Tell(rule, path, SearchOutcome::kFailed);
    return source.status();
  }
  if (rule != SearchRule::kPath && rule != SearchRule::kPolicy &&
      IsOfOtherTarget(*source)) {
    request.Tell(rule, path, SearchOutcome::kOtherTarget);
    return std::optional<Resolution>();
  }
  request.Tell(rule, path, SearchOutcome::kFound);
  return std::optional<Resolution>(*std::move(source));
}

absl::StatusOr<Resolution> SearchPathResolver::UseHostCopy(
    const DependencyRequest& request) {
  const HostModuleId host_id = request.host.Find(request.name);
  if (!host_id.has_value()) {
    return absl::NotFoundError(absl::StrCat(
        request.name, ": is to be the process's, which does not have it"));
  }
  request.Tell(SearchRule::kHost, request.host[host_id]->path,
               SearchOutcome::kFound);
  return Resolution(host_id);
}

absl::StatusOr<Resolution> SearchPathResolver::Follow(
    const DependencyRequest& request, const Policy& policy) {
  if (const auto* path = std::get_if<Path>(&policy)) {
    ASSIGN_OR_RETURN(std::optional<Resolution> found,
                     Try(request, SearchRule::kPolicy, path->path));
    if (found.has_value()) return *std::move(found);
    return absl::NotFoundError(absl::StrCat(
        request.name, ": is to be ", path->path, ", which does not exist"));
  }
  if (const auto* memory = std::get_if<Memory>(&policy)) {
    request.Tell(SearchRule::kPolicy, "memory", SearchOutcome::kFound);
    return ModuleSource::FromMemory(memory->bytes, request.name);
  }
  if (const auto* through = std::get_if<ThroughDlopen>(&policy)) {
    request.Tell(SearchRule::kPolicy, through->path, SearchOutcome::kFound);
    return *through;
  }
  if (const auto* refused = std::get_if<Refuse>(&policy)) {
    request.Tell(SearchRule::kPolicy, refused->reason, SearchOutcome::kFailed);
    return absl::PermissionDeniedError(
        absl::StrCat(request.name, ": refused: ", refused->reason));
  }
  if (std::holds_alternative<UseHost>(policy)) return UseHostCopy(request);
  return Search(request);
}

absl::StatusOr<Resolution> SearchPathResolver::Search(
    const DependencyRequest& request) {
  std::vector<std::string> looked_at;
  const auto attempt = [&](SearchRule rule, const std::string& path) {
    looked_at.push_back(path);
    return Try(request, rule, path);
  };
  const auto in_directory = [&](SearchRule rule, absl::string_view directory)
      -> absl::StatusOr<std::optional<Resolution>> {
    const std::string hwcaps = absl::StrCat(directory, "/glibc-hwcaps");
    if (access(hwcaps.c_str(), F_OK) == 0) {
      for (const std::string& level : hwcaps_) {
        ASSIGN_OR_RETURN(
            std::optional<Resolution> found,
            attempt(rule, absl::StrCat(hwcaps, "/", level, "/", request.name)));
        if (found.has_value()) return found;
      }
    }
    return attempt(rule, absl::StrCat(directory, "/", request.name));
  };
  if (absl::StrContains(request.name, '/')) {
    ASSIGN_OR_RETURN(std::optional<Resolution> found,
                     attempt(SearchRule::kPath, std::string(request.name)));
    if (found.has_value()) return *std::move(found);
  } else {
    for (const Place& place : PlacesFor(request)) {
      ASSIGN_OR_RETURN(std::optional<Resolution> found,
                       in_directory(place.rule, place.directory));
      if (found.has_value()) return *std::move(found);
    }
    std::call_once(cache_once_, [this] {
      if (options_.cache.empty()) return;
      // Without it, the system's directories are searched as they are.
      auto cache = LdCache::Read(options_.cache);
      if (cache.ok()) cache_ = *std::move(cache);
    });
    if (cache_.has_value()) {
      for (const std::string& path : cache_->Find(request.name, hwcaps_)) {
        ASSIGN_OR_RETURN(std::optional<Resolution> found,
                         attempt(SearchRule::kCache, path));
        if (found.has_value()) return *std::move(found);
      }
    }
    if (options_.use_system_directories) {
      for (const char* directory : kSystemDirectories) {
        ASSIGN_OR_RETURN(std::optional<Resolution> found,
                         in_directory(SearchRule::kSystem, directory));
        if (found.has_value()) return *std::move(found);
      }
    }
  }
  const std::string what =
      request.requester == nullptr
          ? absl::StrCat(request.name, ": is")
          : absl::StrCat(request.requester_name(), ": needs ", request.name,
                         ", which is");
  return absl::NotFoundError(absl::StrCat(
      what, " neither in the process nor at ", absl::StrJoin(looked_at, ", ")));
}

absl::StatusOr<Resolution> SearchPathResolver::Resolve(
    const DependencyRequest& request) {
  const auto policy = policies_.find(request.name);
  if (policy != policies_.end()) return Follow(request, policy->second);
  if (request.host.Find(request.name).has_value()) return UseHostCopy(request);
  return Search(request);
}

}  // namespace relink
