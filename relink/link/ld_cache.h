// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_LINK_LD_CACHE_H_
#define RELINK_LINK_LD_CACHE_H_

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace relink {

// What ldconfig(8) found: the paths of libraries by their sonames, as
// /etc/ld.so.cache has them. Immutable, so thread-safe.
//
// The format is glibc's (sysdeps/generic/dl-cache.h): a header, entries with
// offsets into a string table, and extensions that name the glibc-hwcaps
// directories. Only entries for 64-bit x86-64 libraries are kept.
class LdCache {
 public:
  // NotFound and so on: the file cannot be read.  InvalidArgument, OutOfRange:
  // it is no cache of the new format, or malformed.
  static absl::StatusOr<LdCache> Read(const std::string& path);
  static absl::StatusOr<LdCache> Parse(std::span<const std::byte> bytes,
                                       absl::string_view name);

  // Of the libraries with that soname, those for a processor with one of
  // `hwcaps`, the best first, then the others.
  std::vector<std::string> Find(absl::string_view soname,
                                std::span<const std::string> hwcaps) const;

  size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    std::string soname;
    std::string path;
    std::string hwcaps;  // The directory's name; empty if for all processors.
  };

  std::vector<Entry> entries_;  // Ascending by soname.
};

}  // namespace relink

#endif  // RELINK_LINK_LD_CACHE_H_
