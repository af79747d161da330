// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_LINK_SEARCH_PATH_RESOLVER_H_
#define RELINK_LINK_SEARCH_PATH_RESOLVER_H_

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/link/ld_cache.h"
#include "relink/link/resolver.h"

namespace relink {

// Looks where ld.so looks (ld.so(8), "the dependencies of an object are
// searched for"): what the process has; a name with a slash is a path; DT_RPATH
// of the requester, unless it has a DT_RUNPATH, then of what needed it, up to
// the program; LD_LIBRARY_PATH; the requester's own DT_RUNPATH; then
// directories of the embedder's, ld.so.cache, and the system's directories. In
// each directory glibc-hwcaps for this processor comes first; $ORIGIN, $LIB and
// $PLATFORM are expanded. Files of another machine or class are passed over.
//
// Policies of single names come before all of that. Thread-safe once made.
class SearchPathResolver final : public Resolver {
 public:
  struct Options {
    std::vector<std::string> directories;
    // Off for the program that must not depend on who starts it. A program that
    // runs with more rights than its user has none in any case.
    bool use_library_path = true;
    // Empty for none.
    std::string cache = "/etc/ld.so.cache";
    bool use_system_directories = true;
  };

  // What to do about one name, whatever would be found.
  struct Path {
    std::string path;  // Load this.
  };
  struct Memory {
    std::span<const std::byte> bytes;  // Load these; they must stay.
  };
  struct UseHost {};  // Only what the process has.
  struct OwnCopy {};  // Search for it even if the process has it.
  struct Refuse {
    std::string reason;
  };
  using Policy =
      std::variant<Path, Memory, UseHost, OwnCopy, ThroughDlopen, Refuse>;

  SearchPathResolver() : SearchPathResolver(Options()) {}
  explicit SearchPathResolver(Options options);

  // Before the first use.
  void Set(absl::string_view name, Policy policy);

  absl::StatusOr<Resolution> Resolve(const DependencyRequest& request) override;

  // Where it would look for a name, in order, but for policies and the cache.
  std::vector<std::string> Directories(const DependencyRequest& request) const;

 private:
  // What a module says of where to look.
  struct Paths {
    std::string origin;
    absl::string_view rpath;
    absl::string_view runpath;
  };
  // A directory to look into, and why.
  struct Place {
    SearchRule rule;
    std::string directory;
  };

  // Those of who asks; empty if nobody in particular does.
  static Paths PathsOf(const DependencyRequest& request);
  std::vector<Place> PlacesFor(const DependencyRequest& request) const;
  absl::StatusOr<Resolution> Search(const DependencyRequest& request);
  absl::StatusOr<Resolution> UseHostCopy(const DependencyRequest& request);
  absl::StatusOr<Resolution> Follow(const DependencyRequest& request,
                                    const Policy& policy);
  // Nothing if the file is not there, or not for this machine.
  absl::StatusOr<std::optional<Resolution>> Try(
      const DependencyRequest& request, SearchRule rule,
      const std::string& path) const;

  Options options_;
  std::vector<std::string> library_path_;
  std::vector<std::string> hwcaps_;  // Of this processor, the best first.
  std::map<std::string, Policy, std::less<>> policies_;
  std::once_flag cache_once_;
  std::optional<LdCache> cache_;
};

}  // namespace relink

#endif  // RELINK_LINK_SEARCH_PATH_RESOLVER_H_
