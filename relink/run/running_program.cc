// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/run/running_program.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <new>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "relink/link/environment_pipeline.h"
#include "relink/run/planning_heap.h"
#include "relink/run/replaced_functions.h"
#include "relink/scan/scan_module.h"

namespace relink {
namespace {

std::string PathOfProgram() {
  std::array<char, 4096> path;
  const ssize_t size = readlink("/proc/self/exe", path.data(), path.size());
  return size <= 0 ? std::string()
                   : std::string(path.data(), static_cast<size_t>(size));
}

}  // namespace

RunningProgram* RunningProgram::OfEnvironment() {
  const PlanningHeap heap;
  auto pipeline = PipelineOfEnvironment();
  if (!pipeline.ok()) Log(absl::StrCat(pipeline.status().message(), "\n"));
  if (!pipeline.ok() || !pipeline->has_value()) return nullptr;
  return new RunningProgram(**std::move(pipeline));
}

RunningProgram::RunningProgram(Pipeline pipeline)
    : pipeline_(std::move(pipeline)), hooks_([this] { OnInitialize(); }) {
  pipeline_.context = &context_;
}

void RunningProgram::OnOpened(const struct link_map& map) {
  const absl::string_view name = map.l_name;
  // ld.so is in use; the kernel's object has no file.
  if (absl::StartsWith(name, "linux-vdso") ||
      absl::StrContains(name, "/ld-linux")) {
    return;
  }
  const std::string path = name.empty() ? PathOfProgram() : std::string(name);
  modules_.push_back(
      {.path = path, .name = path, .bias = map.l_addr, .handle = &map});
}

void RunningProgram::OnConsistent() {
  if (modules_.empty() && gone_.empty()) return;
  if (!started_) return Start();
  if (!exiting_) {
    for (const RuntimeRange span : gone_) batches_.Remove(span);
  }
  gone_.clear();
  for (const MappedModule& mapped : modules_) {
    hooks_.Add(static_cast<const struct link_map*>(mapped.handle));
  }
}

void RunningProgram::OnClosed(const void* map) {
  const auto later = std::ranges::find(
      later_, map, [](const auto& each) { return each.first; });
  std::erase_if(modules_,
                [&](const MappedModule& each) { return each.handle == map; });
  if (later != later_.end()) {
    gone_.push_back(later->second);
    later_.erase(later);
  } else if (std::ranges::find(from_start_, map) != from_start_.end()) {
    // At the end all are closed, while threads may still run.
    exiting_ = true;
  }
  hooks_.Remove(map);
}

void RunningProgram::Start() {
  started_ = true;
  for (const MappedModule& mapped : modules_) {
    from_start_.push_back(mapped.handle);
  }
  FindReplacements();
  Relink();
  // What the program starts with stays to its end.
  later_.clear();
}

void RunningProgram::OnInitialize() {
  Relink();
  hooks_.RemoveAll([this](uint64_t addr) { return batches_.NewAddress(addr); });
}

void RunningProgram::FindReplacements() {
  for (const MappedModule& mapped : modules_) {
    if (!absl::EndsWith(mapped.path, "/libc.so.6")) continue;
    auto source = ModuleSource::Open(mapped.path);
    if (!source.ok()) return;
    const auto module = ScanModule(*std::move(source));
    if (!module.ok()) return;
    replacements_ = ReplaceFunctions(batches_, [&](absl::string_view name) {
      return FindDefinition(*module, mapped.bias, name);
    });
  }
}

absl::StatusOr<RelinkedProcess> RunningProgram::RelinkModules() {
  // There is no memory for this, but there may be enough for the program.
  try {
    return RelinkProcess(modules_, batches_, replacements_, pipeline_,
                         backend_);
  } catch (const std::bad_alloc&) {
    return absl::ResourceExhaustedError("no memory to relink the program");
  }
}

void RunningProgram::TellProfilers(const RelinkedProcess& relinked) {
  try {
    const absl::Status told = perf_map_.Append(relinked, modules_);
    if (!told.ok()) Log(absl::StrCat(told.message(), "\n"));
  } catch (const std::bad_alloc&) {
    Log("no memory to tell profilers what moved\n");
  }
}

void RunningProgram::Relink() {
  if (modules_.empty()) return;
  const auto begin = std::chrono::steady_clock::now();
  std::ofstream remarks_file;
  std::optional<JsonLinesRemarks> remarks;
  if (const char* path = secure_getenv("RELINK_REMARKS")) {
    remarks_file.open(path, std::ios::app);
    context_.set_remarks(&remarks.emplace(remarks_file));
  }
  const PlanningHeap heap;
  auto relinked = RelinkModules();
  context_.set_remarks(nullptr);
  if (relinked.ok()) {
    const size_t count = relinked->moved.moves().size();
    TellProfilers(*relinked);
    batches_.Add(std::move(relinked->moved), std::move(relinked->memory));
    later_.insert(later_.end(), relinked->spans.begin(), relinked->spans.end());
    const auto time = std::chrono::steady_clock::now() - begin;
    Log(absl::StrCat(
        modules_.empty() ? "" : modules_[0].path, ": ", count, " functions of ",
        modules_.size(), " modules moved in ",
        std::chrono::duration_cast<std::chrono::microseconds>(time).count(),
        " us\n"));
  } else {
    Log(absl::StrCat(relinked.status().ToString(), "\n"));
  }
  modules_.clear();
}

uint64_t RunningProgram::Bound(uint64_t address) const {
  for (const auto& [from, to] : replacements_) {
    if (address == from) return to;
  }
  return batches_.NewAddress(address);
}

void RunningProgram::Log(const std::string& text) {
  const char* path = secure_getenv("RELINK_LOG");
  if (path == nullptr) return;
  // Opened again, a file would be written from its beginning.
  if (absl::string_view(path) == "/dev/stderr") {
    (void)!write(STDERR_FILENO, text.data(), text.size());
    return;
  }
  std::ofstream log(path, std::ios::app);
  log << text;
}

}  // namespace relink
