// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_EXAMPLES_EXAMPLE_PATH_H_
#define RELINK_EXAMPLES_EXAMPLE_PATH_H_

#include <unistd.h>

#include <string>

// Where a library is that was built for an example: beside the program.
inline std::string ExamplePath(const std::string& name) {
  char program[4096];
  const ssize_t size = readlink("/proc/self/exe", program, sizeof(program));
  const std::string path(program, size > 0 ? static_cast<size_t>(size) : 0);
  return path.substr(0, path.rfind('/') + 1) + name;
}

#endif  // RELINK_EXAMPLES_EXAMPLE_PATH_H_
