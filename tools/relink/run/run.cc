// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/run/run.h"

#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "relink/ir/module_source.h"
#include "relink/link/make_pipeline.h"
#include "relink/scan/scan_module.h"
#include "relink/support/status_macros.h"
#include "tools/relink/find_program.h"

namespace relink::tools {
namespace {

constexpr Option kOptions[] = {
    {.name = "profile",
     .value = "FILE",
     .help = "pack what ran when FILE was recorded: apply-profile and, unless "
             "--passes says what, pack-hot,plt-bypass"},
    {.name = "passes",
     .value = "TEXT",
     .help = "run these passes; without it, those of RELINK_PASSES"},
    {.name = "remarks",
     .value = "FILE",
     .help = "append there what was done and refused, one JSON object a line"},
    {.name = "perf-map",
     .help = "tell profilers what moved, by files in the folder that "
             "RELINK_PERF_MAP names (default: /tmp)"},
    {.name = "huge-heap",
     .help = "have the programs' malloc take huge pages, too, where they have "
             "glibc 2.35 or newer (GLIBC_TUNABLES)"},
    {.name = "verbose", .help = "say on standard error what was moved"},
};

constexpr absl::string_view kLibrary = "librelink_audit.so";

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// Beside this program, as it is installed or as it is built.
absl::StatusOr<std::string> FindAuditLibrary() {
  std::error_code error;
  const std::filesystem::path self =
      std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return absl::NotFoundError("cannot read /proc/self/exe");
  const std::filesystem::path folder = self.parent_path();
  for (const char* where :
       {"", "../lib", "../lib/relink", "../../relink/run"}) {
    const std::filesystem::path file = folder / where / std::string(kLibrary);
    if (std::filesystem::exists(file, error)) {
      return std::filesystem::canonical(file, error).string();
    }
  }
  return absl::NotFoundError(
      absl::StrCat(kLibrary, ": not found beside ", self.string()));
}

// ld.so takes nothing from the environment then.
absl::Status CheckRights(const std::string& file) {
  struct stat facts = {};
  if (stat(file.c_str(), &facts) != 0) return absl::OkStatus();
  const bool gains_rights =
      ((facts.st_mode & S_ISUID) != 0 && facts.st_uid != geteuid()) ||
      ((facts.st_mode & S_ISGID) != 0 && facts.st_gid != getegid()) ||
      (geteuid() != 0 &&
       getxattr(file.c_str(), "security.capability", nullptr, 0) > 0);
  if (!gains_rights) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      file, ": runs with more rights than its user, so nothing may change it"));
}

// Null if the program can be relinked. Files that are no programs, as scripts,
// are the kernel's business.
const char* WhyUnchanged(const std::string& file) {
  auto source = ModuleSource::Open(file);
  if (!source.ok() || source->prefix().size() < 4 ||
      std::memcmp(source->prefix().bytes().data(), "\177ELF", 4) != 0) {
    return nullptr;
  }
  const auto module = ScanModule(*std::move(source));
  if (!module.ok()) return "cannot be read";
  return module->interpreter.empty() ? "is linked statically" : nullptr;
}

void Set(const char* name, const std::string& value) {
  setenv(name, value.c_str(), /*overwrite=*/1);
}

// As much as the kernel gives for madvise(2).
void AskForHugeHeap() {
  constexpr absl::string_view kTunable = "glibc.malloc.hugetlb=1";
  const std::string others = Environment("GLIBC_TUNABLES");
  Set("GLIBC_TUNABLES", others.empty() ? std::string(kTunable)
                                       : absl::StrCat(others, ":", kTunable));
}

// The program may change its directory before it starts others.
std::string Absolute(const std::string& path) {
  return std::filesystem::absolute(path).string();
}

}  // namespace

constinit const Syntax kRunSyntax = {
    .description =
        "Becomes PROGRAM, dynamically linked, as it is on disk. Passes move\n"
        "functions of it and of its libraries in memory before the first of\n"
        "them runs; nothing is written to disk. What cannot be changed runs "
        "as\n"
        "it is. Programs that it starts are relinked, too. The exit code is\n"
        "PROGRAM's.",
    .options = kOptions,
    .operands = {.usage = "PROGRAM [ARGUMENT]...",
                 .min = 1,
                 .max = Operands::kAny,
                 .end_options = true},
};

absl::StatusOr<int> RunRun(const Arguments& arguments, Console& console) {
  const std::string passes(
      arguments.Value("passes", Environment("RELINK_PASSES")));
  std::string profile(
      arguments.Value("profile", Environment("RELINK_PROFILE")));
  if (passes.empty() && profile.empty()) {
    return UsageError(
        "run: nothing to do; give --profile=FILE or "
        "--passes=TEXT");
  }
  if (!profile.empty()) profile = Absolute(profile);
  const absl::Status parsed =
      MakePipeline(PassesWithProfile(profile, passes)).status();
  if (!parsed.ok()) return UsageError(absl::StrCat("run: ", parsed.message()));
  ASSIGN_OR_RETURN(const std::string library, FindAuditLibrary());
  ASSIGN_OR_RETURN(const std::string file,
                   FindProgram(arguments.operands()[0]));
  RETURN_IF_ERROR(CheckRights(file));
  if (const char* why = WhyUnchanged(file)) {
    console.Report(absl::FailedPreconditionError(
        absl::StrCat(file, ": ", why, "; runs as it is")));
  } else {
    const std::string others = Environment("LD_AUDIT");
    Set("LD_AUDIT",
        others.empty() ? library : absl::StrCat(library, ":", others));
    Set("RELINK_PASSES", passes);
    Set("RELINK_PROFILE", profile);
    if (arguments.Has("remarks")) {
      Set("RELINK_REMARKS", Absolute(std::string(arguments.Value("remarks"))));
    }
    if (arguments.Has("perf-map") && Environment("RELINK_PERF_MAP").empty()) {
      Set("RELINK_PERF_MAP", "1");
    }
    if (arguments.Has("huge-heap")) AskForHugeHeap();
    if (arguments.Has("verbose")) Set("RELINK_LOG", "/dev/stderr");
  }
  std::vector<std::string> words(arguments.operands().begin(),
                                 arguments.operands().end());
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  console.out().flush();
  execv(file.c_str(), pointers.data());
  return absl::FailedPreconditionError(
      absl::StrCat(file, ": ", std::strerror(errno)));
}

}  // namespace relink::tools
