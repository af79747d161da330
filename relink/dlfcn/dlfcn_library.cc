// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// librelink_dl.so: dlopen and its like for programs that do not know of Relink
// (LD_PRELOAD). What they ask for is loaded by Relink; what the process has
// anyway, and what Relink refuses, is ld.so's.

#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "relink/dlfcn/dl_error.h"
#include "relink/dlfcn/dl_info.h"
#include "relink/dlfcn/dl_lookup.h"
#include "relink/dlfcn/dl_modules.h"
#include "relink/dlfcn/dl_open.h"
#include "relink/dlfcn/dl_options.h"
#include "relink/dlfcn/find_host_dlfcn.h"
#include "relink/runtime/host_dlfcn.h"
#include "relink/runtime/module_queries.h"

// What entries.S knows.
extern "C" {
__attribute__((
    visibility("hidden"))) constinit relink::HostDlfcn relink_dl_host = {};

struct DlAnswer {
  uint64_t given;  // 0: the C library is to answer.
  void* value;
};
}
static_assert(offsetof(relink::HostDlfcn, dlopen) == 0 * 8);
static_assert(offsetof(relink::HostDlfcn, dlmopen) == 1 * 8);
static_assert(offsetof(relink::HostDlfcn, dlclose) == 2 * 8);
static_assert(offsetof(relink::HostDlfcn, dlsym) == 3 * 8);
static_assert(offsetof(relink::HostDlfcn, dlvsym) == 4 * 8);
static_assert(offsetof(relink::HostDlfcn, dlerror) == 5 * 8);
static_assert(offsetof(relink::HostDlfcn, dlinfo) == 6 * 8);

#define RELINK_ENTRY extern "C" __attribute__((visibility("hidden")))
#define RELINK_EXPORT extern "C" __attribute__((visibility("default")))

namespace relink {
namespace {

// Finds the C library's functions before anything else happens, whoever is
// first: constructors of this library may not have run yet.
void FindHostOnce() {
  static constinit std::atomic<bool> found = false;
  if (found.load(std::memory_order_acquire)) return;
  // Two threads would write the same.
  if (!FindHostDlfcn(relink_dl_host)) {
    constexpr absl::string_view kText =
        "librelink_dl.so: the C library has no dlopen and its like\n";
    (void)!write(STDERR_FILENO, kText.data(), kText.size());
    abort();
  }
  SetHost(relink_dl_host);
  found.store(true, std::memory_order_release);
}

// The C library is to answer, or did.
constexpr DlAnswer kHost = {0, nullptr};

DlAnswer Answer(void* value) { return {1, value}; }
DlAnswer Answer(int value) {
  return {1, reinterpret_cast<void*>(static_cast<intptr_t>(value))};
}

const DlOptions& Options() {
  static const DlOptions options = DlOptions::OfEnvironment();
  return options;
}

constinit std::atomic<uint64_t> loads_by_relink = 0;
constinit std::atomic<uint64_t> loads_by_host = 0;

int64_t Microseconds() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000;
}

void Print(absl::string_view line) {
  const char* const report = Options().report;
  if (report == nullptr) return;
  const bool to_file = absl::string_view(report) != "1";
  const int file =
      to_file ? open(report, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666)
              : STDERR_FILENO;
  if (file < 0) return;
  (void)!write(file, line.data(), line.size());
  if (to_file) close(file);
}

// One line for each load.
void Report(absl::string_view file, int64_t microseconds,
            const absl::Status& status) {
  (status.ok() ? loads_by_relink : loads_by_host)
      .fetch_add(1, std::memory_order_relaxed);
  if (Options().report == nullptr) return;
  Print(status.ok() ? absl::StrCat("relink_dl: ", file, ": by Relink in ",
                                   microseconds, " us\n")
                    : absl::StrCat("relink_dl: ", file,
                                   ": by ld.so: ", status.message(), "\n"));
}

DlAnswer AnswerOpen(const DlOpen& open) {
  if (IsForHost(open)) return kHost;
  const int64_t start = Microseconds();
  const absl::StatusOr<void*> handle = Open(open);
  if (!handle.ok() && (open.mode & RTLD_NOLOAD) != 0) return kHost;
  Report(open.file, Microseconds() - start, handle.status());
  if (handle.ok()) return Answer(*handle);
  // Nor is ld.so given what is cut off: it would touch pages that are not
  // there.
  const bool is_error = Options().strict || absl::IsOutOfRange(handle.status());
  if (!is_error || absl::IsUnavailable(handle.status())) return kHost;
  SetDlError(DlOpenErrorText(open.file, handle.status()));
  return Answer(nullptr);
}

__attribute__((constructor)) void Begin() { FindHostOnce(); }

// After the program's own, and before those of what it needs, ld.so calls this
// library's finalization functions: as if its modules were what it needs.
__attribute__((destructor)) void End() {
  DlModules* const modules = DlModules::IfAny();
  if (modules == nullptr) return;
  modules->FinalizeAll();
  if (Options().report == nullptr) return;
  Print(absl::StrCat("relink_dl: ", loads_by_relink.load(), " by Relink, ",
                     loads_by_host.load(), " by ld.so\n"));
}

}  // namespace
}  // namespace relink

RELINK_ENTRY DlAnswer relink_dl_dlopen(const char* file, int mode, void*,
                                       const void* caller) {
  relink::FindHostOnce();
  relink::ClearDlError();
  return relink::AnswerOpen({file, mode, std::nullopt, caller});
}

RELINK_ENTRY DlAnswer relink_dl_dlmopen(Lmid_t name_space, const char* file,
                                        int mode, const void* caller) {
  relink::FindHostOnce();
  relink::ClearDlError();
  return relink::AnswerOpen({file, mode, name_space, caller});
}

RELINK_ENTRY DlAnswer relink_dl_dlclose(void* handle) {
  relink::FindHostOnce();
  relink::ClearDlError();
  relink::DlModules* const modules = relink::DlModules::IfAny();
  if (modules == nullptr) return relink::kHost;
  switch (modules->Close(handle)) {
    case relink::DlModules::Closed::kDone:
      return relink::Answer(0);
    case relink::DlModules::Closed::kNotOpen:
      relink::SetDlError(relink::NotOpenText(handle));
      return relink::Answer(-1);
    case relink::DlModules::Closed::kNotOurs:
      break;
  }
  return relink::kHost;
}

RELINK_ENTRY DlAnswer relink_dl_dlsym(void* handle, const char* name, void*,
                                      const void* caller) {
  relink::FindHostOnce();
  relink::ClearDlError();
  const auto found = relink::Find({handle, name, nullptr, caller});
  return found.has_value() ? relink::Answer(*found) : relink::kHost;
}

RELINK_ENTRY DlAnswer relink_dl_dlvsym(void* handle, const char* name,
                                       const char* version,
                                       const void* caller) {
  relink::FindHostOnce();
  relink::ClearDlError();
  const auto found = relink::Find({handle, name, version, caller});
  return found.has_value() ? relink::Answer(*found) : relink::kHost;
}

RELINK_ENTRY DlAnswer relink_dl_dlerror() {
  relink::FindHostOnce();
  char* const text = relink::TakeDlError();
  return text == nullptr ? relink::kHost : relink::Answer(text);
}

RELINK_ENTRY DlAnswer relink_dl_dlinfo(void* handle, int request,
                                       void* answer) {
  relink::FindHostOnce();
  relink::ClearDlError();
  relink::DlModules* const modules = relink::DlModules::IfAny();
  if (modules == nullptr) return relink::kHost;
  const auto module = modules->FindHandle(handle);
  if (!module.has_value()) return relink::kHost;
  return relink::Answer(relink::DlInfo(*modules, *module, request, answer));
}

RELINK_EXPORT int dladdr(const void* address, Dl_info* info) noexcept {
  relink::FindHostOnce();
  return relink::FindAddress(address, info);
}

RELINK_EXPORT int dladdr1(const void* address, Dl_info* info, void** extra,
                          int flags) noexcept {
  relink::FindHostOnce();
  return relink::FindAddressAndMore(address, info, extra, flags);
}

RELINK_EXPORT int dl_iterate_phdr(int (*callback)(dl_phdr_info*, size_t, void*),
                                  void* data) {
  relink::FindHostOnce();
  return relink::IterateProgramHeaders(callback, data);
}
