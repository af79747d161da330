// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUNTIME_REAL_PATH_H_
#define RELINK_RUNTIME_REAL_PATH_H_

#include <cstdlib>
#include <memory>
#include <string>

namespace relink {

// `path` as other processes can open it from anywhere and as the kernel shows
// it to them; unchanged if there is no such file.
inline std::string RealPath(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(
      realpath(path.c_str(), nullptr), &std::free);
  return real == nullptr ? path : real.get();
}

}  // namespace relink

#endif  // RELINK_RUNTIME_REAL_PATH_H_
