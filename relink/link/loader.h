// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_LINK_LOADER_H_
#define RELINK_LINK_LOADER_H_

#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/ir/module_source.h"
#include "relink/link/library.h"
#include "relink/link/linker.h"
#include "relink/link/pipeline.h"
#include "relink/runtime/live_image.h"

namespace relink {

// Loads each module, with what it needs, into a context of its own: the
// shortest way to one library. Who wants modules to know each other has a
// Linker and a LinkContext.
//
// Errors, order of lookup and thread-safety are those of Linker.
class Loader {
 public:
  using Options = Linker::Options;

  Loader() = default;
  explicit Loader(Options options) : linker_(std::move(options)) {}

  // Loads a shared object.
  absl::StatusOr<Library> LoadDylib(absl::string_view path);
  absl::StatusOr<Library> LoadDylib(ModuleSource source);

  // Loads an executable, position-independent or not, as a module to call into:
  // its initialization functions run, its entry point does not.
  absl::StatusOr<Library> LoadExec(absl::string_view path);
  absl::StatusOr<Library> LoadExec(ModuleSource source);

  // Loads relocatable objects (ET_REL) as one library, see Linker::LoadObjects.
  absl::StatusOr<Library> LoadObject(absl::string_view path);
  absl::StatusOr<Library> LoadObject(ModuleSource source);
  absl::StatusOr<Library> LoadObjects(std::vector<ModuleSource> sources);

  // Whichever of them the file is.
  absl::StatusOr<Library> Load(absl::string_view path);
  absl::StatusOr<Library> Load(ModuleSource source);

  // As Load, with the passes of `pipeline` instead of the loader's own.
  absl::StatusOr<Library> LoadScanFirst(absl::string_view path,
                                        const Pipeline& pipeline);
  absl::StatusOr<Library> LoadScanFirst(ModuleSource source,
                                        const Pipeline& pipeline);

  // Everything but the last step, see Linker::Link.
  absl::StatusOr<BoundImage> Link(ModuleSource source) {
    return linker_.Link(std::move(source));
  }

 private:
  absl::StatusOr<Library> LoadAs(absl::StatusOr<ModuleSource> source,
                                 const LoadOptions& options);

  Linker linker_;
};

}  // namespace relink

#endif  // RELINK_LINK_LOADER_H_
