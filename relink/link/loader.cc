// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/link/loader.h"

#include "relink/link/link_context.h"

namespace relink {

absl::StatusOr<Library> Loader::LoadAs(absl::StatusOr<ModuleSource> source,
                                       const LoadOptions& options) {
  if (!source.ok()) return source.status();
  return linker_.Load(LinkContext(), *std::move(source), options);
}

absl::StatusOr<Library> Loader::LoadDylib(absl::string_view path) {
  return LoadAs(ModuleSource::Open(path), {.kind = RootKind::kDylib});
}
absl::StatusOr<Library> Loader::LoadDylib(ModuleSource source) {
  return LoadAs(std::move(source), {.kind = RootKind::kDylib});
}
absl::StatusOr<Library> Loader::LoadExec(absl::string_view path) {
  return LoadAs(ModuleSource::Open(path), {.kind = RootKind::kExecutable});
}
absl::StatusOr<Library> Loader::LoadExec(ModuleSource source) {
  return LoadAs(std::move(source), {.kind = RootKind::kExecutable});
}
absl::StatusOr<Library> Loader::LoadObject(absl::string_view path) {
  return LoadAs(ModuleSource::Open(path), {.kind = RootKind::kObject});
}
absl::StatusOr<Library> Loader::LoadObject(ModuleSource source) {
  return LoadAs(std::move(source), {.kind = RootKind::kObject});
}
absl::StatusOr<Library> Loader::LoadObjects(std::vector<ModuleSource> sources) {
  return linker_.LoadObjects(LinkContext(), std::move(sources));
}
absl::StatusOr<Library> Loader::Load(absl::string_view path) {
  return LoadAs(ModuleSource::Open(path), {});
}
absl::StatusOr<Library> Loader::Load(ModuleSource source) {
  return LoadAs(std::move(source), {});
}
absl::StatusOr<Library> Loader::LoadScanFirst(absl::string_view path,
                                              const Pipeline& pipeline) {
  return LoadAs(ModuleSource::Open(path), {.pipeline = &pipeline});
}
absl::StatusOr<Library> Loader::LoadScanFirst(ModuleSource source,
                                              const Pipeline& pipeline) {
  return LoadAs(std::move(source), {.pipeline = &pipeline});
}

}  // namespace relink
