// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Sees a load, stage by stage, gives each module data of the program's own, and
// decides when constructors and destructors run.

#include <any>
#include <chrono>
#include <cstdio>
#include <string>

#include "examples/example_path.h"
#include "relink/link/link_context.h"
#include "relink/link/linker.h"
#include "relink/link/observer.h"

namespace {

using Clock = std::chrono::steady_clock;

class Supervisor final : public relink::Observer {
 public:
  void OnSearch(const relink::SearchStep& step) override {
    std::printf("%s: %s: %s\n", std::string(step.name).c_str(),
                step.place.c_str(), std::string(Name(step.outcome)).c_str());
  }
  void OnScanned(relink::Module& module) override {
    module.user_data = Clock::now();
  }
  void OnMapped(const relink::Module& module, const relink::Segment& segment,
                relink::RuntimeRange memory) override {
    std::printf("%s: %s segment at 0x%llx\n", module.name().c_str(),
                segment.executable ? "a code" : "a data",
                static_cast<unsigned long long>(memory.begin.value()));
  }
  void CallInit(const relink::LoadedModule& module,
                const relink::InitFunctions& functions,
                const relink::ProcessArguments& arguments) override {
    ++initialized;
    std::printf("%s: %zu initialization functions\n", module.name().c_str(),
                functions.init.size());
    Observer::CallInit(module, functions, arguments);
  }
  void CallFini(const relink::LoadedModule& module,
                const relink::InitFunctions& functions) override {
    Observer::CallFini(module, functions);
    std::printf("%s: finalized\n", module.name().c_str());
  }
  void OnUnload(const relink::LoadedModule& module) override {
    ++unloaded;
    const auto since = std::any_cast<Clock::time_point>(module.user_data());
    std::printf("%s: unloaded after %lld us\n", module.name().c_str(),
                static_cast<long long>(
                    std::chrono::duration_cast<std::chrono::microseconds>(
                        Clock::now() - since)
                        .count()));
  }

  int initialized = 0;
  int unloaded = 0;
};

}  // namespace

int main() {
  Supervisor supervisor;
  relink::Linker linker({.observer = &supervisor});
  const relink::LinkContext context;
  {
    const auto library = linker.Load(context, ExamplePath("libcounter.so"));
    if (!library.ok()) {
      std::fprintf(stderr, "%s\n", library.status().ToString().c_str());
      return 1;
    }
  }
  return supervisor.initialized == 1 && supervisor.unloaded == 1 ? 0 : 1;
}
