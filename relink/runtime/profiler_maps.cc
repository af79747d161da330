// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/profiler_maps.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

bool IsOneLine(absl::string_view text) {
  return text.find('\n') == absl::string_view::npos;
}

}  // namespace

void ProfilerText::AddName(RuntimeRange code, absl::string_view name) {
  if (name.empty() || !IsOneLine(name)) return;
  absl::StrAppend(&names, absl::Hex(code.begin.value()), " ",
                  absl::Hex(code.size), " ", name, "\n");
}

void ProfilerText::AddOrigin(RuntimeRange code, FileOffset offset,
                             absl::string_view build_id,
                             absl::string_view path) {
  if (!IsOneLine(path)) return;
  absl::StrAppend(&origins, absl::Hex(code.begin.value()), " ",
                  absl::Hex(code.size), " ", absl::Hex(offset.value()), " ",
                  build_id.empty() ? "-" : absl::BytesToHexString(build_id),
                  " ", path, "\n");
}

ProfilerMaps ProfilerMaps::OfEnvironment() {
  const char* folder = secure_getenv("RELINK_PERF_MAP");
  if (folder == nullptr) return ProfilerMaps("");
  return ProfilerMaps(absl::string_view(folder) == "1" ? "/tmp" : folder);
}

ProfilerMaps& ProfilerMaps::Process() {
  static ProfilerMaps& maps = *new ProfilerMaps(OfEnvironment());
  return maps;
}

absl::Status ProfilerMaps::Append(const ProfilerText& text) {
  if (!wanted()) return absl::OkStatus();
  std::lock_guard lock(mutex_);
  const pid_t pid = getpid();
  const bool begins = std::exchange(last_pid_, pid) != pid;
  RETURN_IF_ERROR(AppendTo("perf", text.names, begins));
  return AppendTo("relink", text.origins, begins);
}

absl::Status ProfilerMaps::AppendTo(absl::string_view kind,
                                    absl::string_view text, bool begins) const {
  const std::string path =
      absl::StrCat(folder_, "/", kind, "-", last_pid_, ".map");
  const auto error = [&path] {
    return absl::ResourceExhaustedError(
        absl::StrCat(path, ": cannot write: ", std::strerror(errno)));
  };
  int flags = O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW;
  // Others may write into the folder, too: nothing of theirs is followed.
  if (begins) {
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
