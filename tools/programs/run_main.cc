// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// usage: run_main [--ldso] [--passes=TEXT] [--report=FILE] OBJECT [ARG]...
//
// Loads the shared object OBJECT, by dlopen or by Relink with the passes of
// TEXT, and calls its main() with the ARGs: output and exit code are the
// program's. The report has a line of JSON from before main(), with how much
// code moved, and one from the very end of the process. Exits with 125 if the
// object cannot be loaded.

#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "relink/ir/link_graph.h"
#include "relink/link/library.h"
#include "relink/link/loader.h"
#include "relink/link/make_pipeline.h"
#include "relink/link/moved_code.h"
#include "relink/link/pipeline.h"
#include "relink/map/proc_maps.h"
#include "relink/support/json_string.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

constexpr int kNotLoaded = 125;

using Main = int(int, char**, char**);

struct Options {
  bool ldso = false;
  std::string passes;
  std::string report;
  char** arguments = nullptr;  // Of the program, its object first.
  int argument_count = 0;
};

Options ParseOptions(int argc, char** argv) {
  Options options;
  int next = 1;
  for (; next < argc; ++next) {
    absl::string_view argument = argv[next];
    if (argument == "--ldso") {
      options.ldso = true;
    } else if (absl::ConsumePrefix(&argument, "--passes=")) {
      options.passes = std::string(argument);
    } else if (absl::ConsumePrefix(&argument, "--report=")) {
      options.report = std::string(argument);
    } else {
      break;
    }
  }
  options.arguments = argv + next;
  options.argument_count = argc - next;
  return options;
}

std::string Json(const MovedCode& moved) {
  return absl::StrCat(
      "{\"module\":", JsonString(moved.module),
      ",\"capability\":", JsonString(Name(moved.capability)),
      ",\"materialization\":", JsonString(Name(moved.materialization)),
      ",\"functions\":", moved.functions,
      ",\"moved_functions\":", moved.moved_functions,
      ",\"bytes\":", moved.bytes, ",\"moved_bytes\":", moved.moved_bytes,
      ",\"new_neighbours\":", moved.new_neighbours, "}");
}

void Report(const Options& options, const std::string& facts) {
  if (options.report.empty()) return;
  std::ofstream file(options.report, std::ios::app);
  file << "{" << facts << ",\"writable_and_executable\":"
       << (AnythingWritableAndExecutable() ? "true" : "false") << "}\n";
}

absl::StatusOr<Main*> LoadByLdso(const Options& options) {
  void* handle = dlopen(options.arguments[0], RTLD_NOW | RTLD_LOCAL);
  void* address = handle == nullptr ? nullptr : dlsym(handle, "main");
  if (address == nullptr) return absl::NotFoundError(dlerror());
  Report(options, "\"at\":\"main\",\"modules\":[]");
  return reinterpret_cast<Main*>(address);
}

absl::StatusOr<Main*> LoadByRelink(const Options& options) {
  ASSIGN_OR_RETURN(Pipeline pipeline, MakePipeline(options.passes));
  Loader loader({.pipeline = options.passes.empty() ? nullptr : &pipeline});
  ASSIGN_OR_RETURN(Library loaded, loader.LoadDylib(options.arguments[0]));
  // Stays loaded to the end of the process, whose exit handlers it may have.
  const Library& library = *new Library(std::move(loaded));
  ASSIGN_OR_RETURN(Handle<Main> program, library.Get<Main>("main"));
  std::vector<std::string> modules;
  for (const MovedCode& moved : CountMovedCode(library)) {
    modules.push_back(Json(moved));
  }
  Report(options, absl::StrCat("\"at\":\"main\",\"modules\":[",
                               absl::StrJoin(modules, ","), "]"));
  return program.get();
}

// For the exit handler, which gets no argument.
const Options*& TheOptions() {
  static const Options* options = nullptr;
  return options;
}

int Run(int argc, char** argv, char** envp) {
  const Options& options = *new Options(ParseOptions(argc, argv));
  if (options.argument_count < 1) {
    std::fputs(
        "usage: run_main [--ldso] [--passes=TEXT] [--report=FILE] OBJECT "
        "[ARG]...\n",
        stderr);
    return kNotLoaded;
  }
  // Registered before anything of the object, so that it runs after all of it.
  TheOptions() = &options;
  std::atexit([] { Report(*TheOptions(), "\"at\":\"exit\""); });
  const absl::StatusOr<Main*> program =
      options.ldso ? LoadByLdso(options) : LoadByRelink(options);
  if (!program.ok()) {
    std::fprintf(stderr, "run_main: %s\n",
                 std::string(program.status().message()).c_str());
    return kNotLoaded;
  }
  return (*program)(options.argument_count, options.arguments, envp);
}

}  // namespace
}  // namespace relink

int main(int argc, char** argv, char** envp) {
  return relink::Run(argc, argv, envp);
}
