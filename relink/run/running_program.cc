// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/run/running_program.h"

#include <dlfcn.h>
#include <malloc.h>
#include <sys/auxv.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "relink/link/make_pipeline.h"
#include "relink/run/relink_process.h"

namespace relink {
namespace {

RunningProgram* the_program = nullptr;

// Instead of ld.so's, which unwinders ask for the unwind table of an address.
int FindObject(void* address, struct dl_find_object* result) {
  const auto addr = reinterpret_cast<uint64_t>(address);
  const MovedFunctions& moved = the_program->moved();
  const MovedFunctions::Unwind* unwind = moved.FindUnwind(addr);
  if (unwind == nullptr) return _dl_find_object(address, result);
  const uint64_t old = moved.OldAddress(addr);
  if (_dl_find_object(reinterpret_cast<void*>(old), result) != 0) return -1;
  const RuntimeRange code = unwind->code;
  result->dlfo_map_start = reinterpret_cast<void*>(code.begin.value());
  result->dlfo_map_end = reinterpret_cast<void*>(code.end().value());
  result->dlfo_eh_frame = reinterpret_cast<void*>(unwind->header.value());
  return 0;
}

std::string PathOfProgram() {
  std::array<char, 4096> path;
  const ssize_t size = readlink("/proc/self/exe", path.data(), path.size());
  return size <= 0 ? std::string()
                   : std::string(path.data(), static_cast<size_t>(size));
}

}  // namespace

RunningProgram* RunningProgram::OfEnvironment() {
  auto pipeline = PipelineOfEnvironment();
  if (!pipeline.ok()) {
    return nullptr;
  }
  if (!pipeline->has_value()) return nullptr;
  the_program = new RunningProgram(**std::move(pipeline));
  return the_program;
}

RunningProgram::RunningProgram(Pipeline pipeline)
    : pipeline_(std::move(pipeline)), moved_(new MovedFunctions()) {
  pipeline_.context = &context_;
  if (const char* path = secure_getenv("RELINK_REMARKS")) {
    remarks_file_.open(path, std::ios::app);
    if (remarks_file_) {
      remarks_.emplace(remarks_file_);
      context_.set_remarks(&*remarks_);
    }
  }
  replacements_.emplace_back(reinterpret_cast<uint64_t>(&_dl_find_object),
                             reinterpret_cast<uint64_t>(&FindObject));
}

void RunningProgram::OnOpened(const struct link_map& map) {
  const absl::string_view name = map.l_name;
  // ld.so is in use; the kernel's object has no file.
  if (absl::StartsWith(name, "linux-vdso") ||
      absl::StrContains(name, "/ld-linux")) {
    return;
  }
  const std::string path = name.empty() ? PathOfProgram() : std::string(name);
  modules_.push_back({.path = path, .name = path, .bias = map.l_addr});
}

void RunningProgram::OnStart() {
  const auto begin = std::chrono::steady_clock::now();
  auto relinked = RelinkProcess(modules_, getauxval(AT_ENTRY), moved(),
                                replacements_, pipeline_, backend_);
  if (relinked.ok()) {
    const size_t count = relinked->moved.moves().size();
    memory_ = std::move(relinked->memory);
    moved_.store(new MovedFunctions(std::move(relinked->moved)),
                 std::memory_order_release);
    const auto time = std::chrono::steady_clock::now() - begin;
    Log(absl::StrCat(
        count, " functions of ", modules_.size(), " modules moved in ",
        std::chrono::duration_cast<std::chrono::microseconds>(time).count(),
        " us\n"));
  } else {
    Log(absl::StrCat(relinked.status().ToString(), "\n"));
  }
  remarks_file_.close();
  context_.set_remarks(nullptr);
  malloc_trim(0);
}

uint64_t RunningProgram::Bound(uint64_t address) const {
  for (const auto& [from, to] : replacements_) {
    if (address == from) return to;
  }
  return moved().NewAddress(address);
}

void RunningProgram::Log(const std::string& text) {
  const char* path = secure_getenv("RELINK_LOG");
  if (path == nullptr) return;
  std::ofstream log(path, std::ios::app);
  log << text;
}

}  // namespace relink
