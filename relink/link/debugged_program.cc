// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// usage: debugged_program HOW LIBRARY FUNCTION [wait]
// Loads a library, calls int FUNCTION(3, callback), and prints what it returns;
// then the same once more. HOW is "file", "memory", or "always" for a file that
// debuggers are always told of. With "wait" it says so from within the first
// callback, and goes on at the end of its input. For debugger_test.py.

#include <sys/prctl.h>

#include <fstream>
#include <iostream>
#include <iterator>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "relink/ir/module_source.h"
#include "relink/link/library.h"
#include "relink/link/loader.h"

namespace {

bool waits = false;

}  // namespace

// Where a debugger finds the stack below a loaded library.
extern "C" __attribute__((noinline)) int program_callback(int number) {
  if (waits) {
    std::cout << "waiting" << std::endl;
    std::cin.ignore(std::numeric_limits<std::streamsize>::max());
    waits = false;
  }
  return number;
}

namespace {

std::vector<char> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

int Run(const std::string& how, const std::string& path,
        const std::string& name) {
  relink::Loader::Options options;
  if (how == "always") options.debugger = relink::TellDebugger::kAlways;
  relink::Loader loader(options);
  const std::vector<char> bytes = ReadFile(path);
  auto library = how == "memory"
                     ? loader.LoadDylib(relink::ModuleSource::FromMemory(
                           std::as_bytes(std::span(bytes)), "in memory"))
                     : loader.LoadDylib(path);
  if (!library.ok()) {
    std::cerr << library.status().message() << '\n';
    return 1;
  }
  auto function = library->Get<int(int, int (*)(int))>(name);
  if (!function.ok()) {
    std::cerr << function.status().message() << '\n';
    return 1;
  }
  const int result = (*function)(3, program_callback);
  std::cout << name << ": " << result << std::endl;
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4 && argc != 5) return 2;
  waits = argc == 5;
  // Whoever may trace at all.
  if (waits) prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
  const int first = Run(argv[1], argv[2], argv[3]);
  return first != 0 ? first : Run(argv[1], argv[2], argv[3]);
}
