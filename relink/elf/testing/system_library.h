// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ELF_TESTING_SYSTEM_LIBRARY_H_
#define RELINK_ELF_TESTING_SYSTEM_LIBRARY_H_

#include <link.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "relink/elf/testing/image_spec.h"

// For tests only: the real libraries of this process, and what binutils say of
// them.
namespace relink::elf {

// The file of the loaded library whose path ends in `name`, or "".
inline std::string SystemLibraryPath(const std::string& name) {
  struct Search {
    std::string suffix;
    std::string path;
  } search{"/" + name, ""};
  dl_iterate_phdr(
      [](dl_phdr_info* info, size_t, void* data) {
        auto* s = static_cast<Search*>(data);
        const std::string path = info->dlpi_name;
        if (path.ends_with(s->suffix)) s->path = path;
        return s->path.empty() ? 0 : 1;
      },
      &search);
  return search.path;
}

inline Bytes FileBytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  Bytes bytes;
  for (std::istreambuf_iterator<char> at(file), end; at != end; ++at) {
    bytes.push_back(static_cast<std::byte>(*at));
  }
  return bytes;
}

inline void WriteFile(const std::string& path, const Bytes& bytes) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}

// What a shell command prints, errors too.
inline std::string OutputOf(const std::string& command) {
  std::string output;
  std::FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return output;
  char buffer[4096];
  while (size_t size = std::fread(buffer, 1, sizeof(buffer), pipe)) {
    output.append(buffer, size);
  }
  pclose(pipe);
  return output;
}

}  // namespace relink::elf

#endif  // RELINK_ELF_TESTING_SYSTEM_LIBRARY_H_
