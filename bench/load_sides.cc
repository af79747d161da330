// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "bench/load_sides.h"

#include <dlfcn.h>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <ios>
#include <iterator>
#include <span>
#include <system_error>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "relink/ir/module_source.h"
#include "relink/link/make_pipeline.h"
#include "relink/support/status_macros.h"

namespace relink::bench {
namespace {

ModuleSource SourceOf(const ChainInMemory::File& file) {
  return ModuleSource::FromMemory(file.bytes, file.name);
}

// Hands out the files of a chain; the host has the rest.
class MemoryResolver final : public Resolver {
 public:
  explicit MemoryResolver(const ChainInMemory& chain) : chain_(chain) {}

  absl::StatusOr<Resolution> Resolve(
      const DependencyRequest& request) override {
    const absl::string_view name = request.name;
    for (const ChainInMemory::File& file : chain_.files) {
      if (file.name == name) return SourceOf(file);
    }
    const HostModuleId found = request.host.Find(name);
    if (found.has_value()) return found;
    return absl::NotFoundError(absl::StrCat(name, ": not in memory"));
  }

 private:
  const ChainInMemory& chain_;
};

absl::StatusOr<std::vector<std::byte>> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) return absl::NotFoundError(absl::StrCat(path, ": cannot read"));
  const auto bytes = std::as_bytes(std::span(text));
  return std::vector<std::byte>(bytes.begin(), bytes.end());
}

absl::Status SystemError(absl::string_view call) {
  return absl::ErrnoToStatus(errno, call);
}

absl::Status WriteAll(int descriptor, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor, bytes.data(), bytes.size());
    if (written < 0) return SystemError("write");
    bytes = bytes.subspan(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

// All stay open until the last is loaded: ld.so takes a library of the same
// path for the same library.
absl::StatusOr<DlopenHandles> LoadAsMemoryFiles(const ChainInMemory& chain) {
  DlopenHandles handles;
  std::vector<int> open;
  const auto close_all = absl::MakeCleanup([&] {
    for (const int descriptor : open) close(descriptor);
  });
  for (const ChainInMemory::File& file : chain.files) {
    const int descriptor = memfd_create("library", MFD_CLOEXEC);
    if (descriptor < 0) return SystemError("memfd_create");
    open.push_back(descriptor);
    RETURN_IF_ERROR(WriteAll(descriptor, file.bytes));
    const std::string path = absl::StrCat("/proc/self/fd/", descriptor);
    RETURN_IF_ERROR(handles.Open(path.c_str()));
  }
  return handles;
}

}  // namespace

absl::StatusOr<ChainInMemory> ChainInMemory::Read(absl::string_view leaf) {
  const absl::string_view folder = leaf.substr(0, leaf.rfind('/') + 1);
  ChainInMemory chain;
  for (const absl::string_view name :
       {"libbase.so", "libmiddle.so", "libleaf.so"}) {
    ASSIGN_OR_RETURN(std::vector<std::byte> bytes,
                     ReadFile(absl::StrCat(folder, name)));
    chain.files.push_back({.name = name, .bytes = std::move(bytes)});
  }
  return chain;
}

absl::StatusOr<std::shared_ptr<RelinkSide>> RelinkSide::Create(
    const LoadCase& load, std::string path, Observer* observer) {
  auto side = std::shared_ptr<RelinkSide>(new RelinkSide(std::move(path)));
  if (load.from != LoadFrom::kFile) {
    ASSIGN_OR_RETURN(side->memory_, ChainInMemory::Read(side->path_));
    side->resolver_ = std::make_unique<MemoryResolver>(*side->memory_);
  }
  if (load.passes.has_value()) {
    ASSIGN_OR_RETURN(side->pipeline_, MakePipeline(*load.passes));
  }
  side->loader_.emplace(Loader::Options{
      .backend = load.backend == nullptr ? nullptr : load.backend(),
      .resolver = side->resolver_.get(),
      .observer = observer,
      .pipeline = side->pipeline_.has_value() ? &*side->pipeline_ : nullptr});
  return side;
}

absl::StatusOr<Library> RelinkSide::Load() {
  if (memory_.has_value()) {
    return loader_->LoadDylib(SourceOf(memory_->leaf()));
  }
  return loader_->LoadDylib(path_);
}

absl::Status DlopenHandles::Open(const char* path) {
  void* handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) return absl::NotFoundError(dlerror());
  handles_.push_back(handle);
  return absl::OkStatus();
}

DlopenHandles::~DlopenHandles() {
  for (; !handles_.empty(); handles_.pop_back()) dlclose(handles_.back());
}

absl::StatusOr<std::shared_ptr<DlopenSide>> DlopenSide::Create(
    const LoadCase& load, std::string path) {
  auto side = std::shared_ptr<DlopenSide>(new DlopenSide(std::move(path)));
  if (load.from == LoadFrom::kMemoryAndMemoryFile) {
    ASSIGN_OR_RETURN(side->memory_, ChainInMemory::Read(side->path_));
  }
  return side;
}

absl::StatusOr<DlopenHandles> DlopenSide::Load() const {
  if (memory_.has_value()) return LoadAsMemoryFiles(*memory_);
  DlopenHandles handles;
  RETURN_IF_ERROR(handles.Open(path_.c_str()));
  return handles;
}

std::string PathOf(absl::string_view library) {
  if (absl::StartsWith(library, "/")) return std::string(library);
  // The fixtures are beside the program. Absolute, or dlopen would ask where it
  // is.
  std::error_code error;
  const std::filesystem::path program =
      std::filesystem::absolute(program_invocation_name, error);
  return program.parent_path() / "fixtures" / std::string(library);
}

size_t CountHostModules() {
  size_t count = 0;
  dl_iterate_phdr(
      [](dl_phdr_info*, size_t, void* counted) {
        ++*static_cast<size_t*>(counted);
        return 0;
      },
      &count);
  return count;
}

absl::Status CheckNotLoaded(const std::string& path) {
  void* handle = dlopen(path.c_str(), RTLD_LAZY | RTLD_NOLOAD);
  if (handle == nullptr) return absl::OkStatus();
  dlclose(handle);
  return absl::FailedPreconditionError(
      absl::StrCat(path, ": the process has it already"));
}

}  // namespace relink::bench
