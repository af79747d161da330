// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/verify/verify_file.h"

#include <dlfcn.h>
#include <link.h>

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "relink/ir/module_source.h"
#include "relink/link/loader.h"
#include "relink/link/make_pipeline.h"
#include "relink/link/pipeline.h"
#include "relink/runtime/host_modules.h"
#include "relink/runtime/thread_local_storage.h"
#include "relink/support/status_macros.h"
#include "tools/relink/verify/image_comparison.h"

namespace relink::tools {
namespace {

absl::StatusOr<HostCopy> FindHostCopy(void* handle, const HostModules& host) {
  link_map* map = nullptr;
  if (dlinfo(handle, RTLD_DI_LINKMAP, &map) != 0) {
    return absl::InternalError("dlinfo has no link map");
  }
  for (const HostModules::Entry& module : host.modules()) {
    if (module->member.addresses.bias() == map->l_addr &&
        module->path == map->l_name) {
      return HostCopy{.bias = map->l_addr,
                      .tls_module = module->member.tls_module,
                      .in_use = module->from_start,
                      .is_linker = map->l_addr == _r_debug.r_ldbase};
    }
  }
  return absl::InternalError(
      "dl_iterate_phdr does not show what dlopen opened");
}

absl::StatusOr<Verdict> Verify(const std::string& name,
                               const std::string& passes) {
  // A name without a slash makes dlopen search for another file.
  const std::string path =
      absl::StrContains(name, '/') ? name : absl::StrCat("./", name);
  void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    return Verdict{Verdict::Kind::kRefused, dlerror(), {}};
  }
  const auto host = HostModules::Current();
  ASSIGN_OR_RETURN(const HostCopy copy, FindHostCopy(handle, *host));
  ASSIGN_OR_RETURN(const Pipeline pipeline, MakePipeline(passes));
  Loader loader({.pipeline = passes.empty() ? nullptr : &pipeline});
  ASSIGN_OR_RETURN(ModuleSource source, ModuleSource::Open(path));
  ASSIGN_OR_RETURN(const BoundImage image, loader.Link(std::move(source)));
  ASSIGN_OR_RETURN(Comparison comparison,
                   CompareImages(image, copy, ThreadLocalStorage::Process()));
  Verdict verdict;
  verdict.details = std::move(comparison.disagreements);
  if (comparison.disagreement_count != 0) {
    verdict.summary =
        absl::StrCat(comparison.disagreement_count, " disagreement",
                     comparison.disagreement_count == 1 ? "" : "s");
    return verdict;
  }
  verdict.kind = Verdict::Kind::kOk;
  verdict.summary = absl::StrCat(comparison.sites, " relocations, ",
                                 comparison.bytes, " bytes");
  if (!passes.empty()) {
    absl::StrAppend(&verdict.summary, "; moved ", comparison.moved_functions,
                    " functions with ", comparison.references, " references, ",
                    comparison.moved_exports, " exported");
  }
  if (copy.in_use) {
    absl::StrAppend(&verdict.summary,
                    "; lives once in a process: ", comparison.unchecked,
                    " relocations and all data that it changes not compared");
  }
  return verdict;
}

}  // namespace

absl::string_view Name(Verdict::Kind kind) {
  switch (kind) {
    case Verdict::Kind::kOk:
      return "ok";
    case Verdict::Kind::kRefused:
      return "refused by host";
    case Verdict::Kind::kFailed:
      return "FAILED";
  }
  return "";
}

Verdict VerifyFile(const std::string& path, const std::string& passes) {
  absl::StatusOr<Verdict> verdict = Verify(path, passes);
  if (verdict.ok()) return *std::move(verdict);
  return {Verdict::Kind::kFailed, verdict.status().ToString(), {}};
}

std::string FormatVerdict(const Verdict& verdict) {
  const auto line = [](absl::string_view text) {
    return absl::StrReplaceAll(text, {{"\n", " "}});
  };
  std::string text =
      absl::StrCat(Name(verdict.kind), "\n", line(verdict.summary), "\n");
  for (const std::string& detail : verdict.details) {
    absl::StrAppend(&text, line(detail), "\n");
  }
  return text;
}

Verdict ParseVerdict(absl::string_view text) {
  std::vector<std::string> lines = absl::StrSplit(text, '\n');
  Verdict verdict;
  if (lines.size() < 3 || !lines.back().empty()) {
    verdict.summary = "no verdict from the process that verifies it";
    return verdict;
  }
  for (Verdict::Kind kind : {Verdict::Kind::kOk, Verdict::Kind::kRefused}) {
    if (lines[0] == Name(kind)) verdict.kind = kind;
  }
  verdict.summary = std::move(lines[1]);
  verdict.details.assign(lines.begin() + 2, lines.end() - 1);
  return verdict;
}

}  // namespace relink::tools
