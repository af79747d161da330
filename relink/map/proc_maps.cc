// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/map/proc_maps.h"

#include <fcntl.h>
#include <unistd.h>

#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>

namespace relink {
namespace {

// Calls `visit(range, permissions)` for each mapping until it returns true.
template <typename Visit>
bool AnyMapping(Visit visit) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    uint64_t begin = 0;
    uint64_t end = 0;
    char permissions[5] = {};
    if (std::sscanf(line.c_str(), "%" SCNx64 "-%" SCNx64 " %4s", &begin, &end,
                    permissions) != 3) {
      continue;
    }
    if (visit(RuntimeRange{RuntimeAddr(begin), end - begin},
              std::string(permissions))) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::string PermissionsAt(RuntimeAddr address) {
  std::string found;
  AnyMapping([&](RuntimeRange range, const std::string& permissions) {
    if (range.Contains(address)) found = permissions;
    return range.Contains(address);
  });
  return found;
}

bool AnythingWritableAndExecutable() {
  return AnyMapping([](RuntimeRange, const std::string& permissions) {
    return permissions[1] == 'w' && permissions[2] == 'x';
  });
}

MapsSnapshot::MapsSnapshot() {
  int file = ::open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  while (size_ < kCapacity) {
    ssize_t count = ::read(file, text_ + size_, kCapacity - size_);
    if (count <= 0) break;
    size_ += static_cast<size_t>(count);
  }
  ::close(file);

  text_[size_] = '\0';
  for (const char* name : {"[stack]", "[heap]"}) Blank(name);
}

void MapsSnapshot::Blank(const char* name) {
  char* line_end = std::strstr(text_, name);
  if (line_end == nullptr) return;
  char* line = line_end;
  while (line != text_ && line[-1] != '\n') --line;
  std::memset(line, ' ', static_cast<size_t>(line_end - line));
}

bool operator==(const MapsSnapshot& a, const MapsSnapshot& b) {
  return a.size_ == b.size_ && std::memcmp(a.text_, b.text_, a.size_) == 0;
}

}  // namespace relink
