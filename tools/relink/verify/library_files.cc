// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/verify/library_files.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "relink/arch/target.h"
#include "relink/elf/elf_file.h"

namespace relink::tools {
namespace {

namespace fs = std::filesystem;

// By header alone; a file that is broken further in is still one to verify.
bool IsNativeSharedObject(const fs::path& path) {
  elf::Ehdr<elf::Elf64Le> header;
  std::ifstream file(path, std::ios::binary);
  if (!file.read(reinterpret_cast<char*>(&header), sizeof(header))) {
    return false;
  }
  const auto identity = elf::Identify(ByteView(&header, sizeof(header)));
  const Target& host = HostTarget();
  return identity.ok() && identity->elf_class == host.elf_class &&
         identity->byte_order == host.byte_order &&
         header.e_machine == host.machine && header.e_type == elf::kEtDyn;
}

}  // namespace

absl::StatusOr<std::vector<std::string>> FindLibraries(
    const std::vector<absl::string_view>& paths) {
  std::vector<std::string> files;
  std::set<std::pair<dev_t, ino_t>> seen;
  const auto add = [&](const fs::path& path) {
    struct stat info;
    if (stat(path.c_str(), &info) == 0 &&
        seen.insert({info.st_dev, info.st_ino}).second) {
      files.push_back(path.string());
    }
  };
  for (absl::string_view name : paths) {
    const fs::path path{std::string(name)};
    if (access(path.c_str(), R_OK) != 0) {
      const int reason = errno;
      return absl::Status(reason == EACCES ? absl::StatusCode::kPermissionDenied
                                           : absl::StatusCode::kNotFound,
                          absl::StrCat(name, ": ", std::strerror(reason)));
    }
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      // To open another kind may wait for ever.
      if (!fs::is_regular_file(path, error)) {
        return absl::InvalidArgumentError(
            absl::StrCat(name, ": not a regular file or directory"));
      }
      add(path);
      continue;
    }
    std::vector<fs::path> found;
    // Links are left out: what they point to has its own name, or is elsewhere.
    for (auto entry = fs::recursive_directory_iterator(
             path, fs::directory_options::skip_permission_denied, error);
         entry != fs::recursive_directory_iterator(); entry.increment(error)) {
      if (entry->is_symlink(error) || !entry->is_regular_file(error)) continue;
      if (IsNativeSharedObject(entry->path())) found.push_back(entry->path());
    }
    if (error) {
      return absl::UnavailableError(absl::StrCat(name, ": ", error.message()));
    }
    std::ranges::sort(found);
    for (const fs::path& file : found) add(file);
  }
  return files;
}

}  // namespace relink::tools
