// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// A plugin that is edited, rebuilt and reloaded while the program runs: each
// version is loaded into a context of its own, is given the state that the host
// keeps, and the one before it goes when its last call has returned.

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <utility>

#include "relink/link/link_context.h"
#include "relink/link/linker.h"
#include "relink/reloc/synthetic_module.h"

namespace {

struct State {
  int ticks = 0;
};

State state;

// The host's side of the state, for every version of the plugin.
void* HostState() { return &state; }

class Plugin {
 public:
  explicit Plugin(std::string folder) : folder_(std::move(folder)) {}

  // Writes the source, which adds `step`, as somebody with an editor would, and
  // has it compiled.
  bool Rebuild(int step) {
    const std::string source = folder_ + "/plugin.c";
    std::ofstream(source) << "void* host_state(void);\n"
                          << "void tick(void) { *(int*)host_state() += " << step
                          << "; }\n";
    // Under a new name, and only when it is whole: the file of a version that
    // still runs does not change.
    built_ = folder_ + "/plugin" + std::to_string(++version_) + ".so";
    const std::string command =
        "cc -shared -fPIC -o '" + built_ + "' '" + source + "'";
    return std::system(command.c_str()) == 0;
  }

  bool Reload() {
    relink::SyntheticModule::Builder builder("libhost.so");
    builder.Add("host_state", &HostState);
    auto host = std::move(builder).Build();
    relink::LinkContext context;
    if (!host.ok() ||
        !context.Add(*host, relink::LinkContext::Reach::kGlobal).ok()) {
      return false;
    }
    auto next = linker_.Load(context, built_);
    if (!next.ok()) {
      // The old version goes on.
      std::fprintf(stderr, "%s\n", next.status().ToString().c_str());
      return false;
    }
    library_ = *std::move(next);
    return true;
  }

  void Tick() const { (*library_->Get<void()>("tick"))(); }

 private:
  std::string folder_;
  std::string built_;
  int version_ = 0;
  relink::Linker linker_;
  std::optional<relink::Library> library_;
};

}  // namespace

int main() {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() /
      ("relink_hot_reload_" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  Plugin plugin(folder);
  bool ok = plugin.Rebuild(1) && plugin.Reload();
  for (int i = 0; ok && i < 3; ++i) plugin.Tick();
  ok = ok && plugin.Rebuild(10) && plugin.Reload();
  for (int i = 0; ok && i < 2; ++i) plugin.Tick();
  std::printf("%d ticks\n", state.ticks);
  std::filesystem::remove_all(folder);
  return ok && state.ticks == 23 ? 0 : 1;
}
