// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PROFILES_READ_OPTIONS_H_
#define RELINK_PROFILES_READ_OPTIONS_H_

#include <string>

namespace relink::profiles {

// What readers may be asked for.
struct ReadOptions {
  // Of a recording of several events, the one whose samples are counted: its
  // name, or its number from 0; if empty, the first that has samples.
  std::string event = {};
  // The folder in which relinked programs said what they moved (MovedCode):
  // what ran there counts where it came from. Empty: it is anonymous memory.
  std::string moved = {};
};

}  // namespace relink::profiles

#endif  // RELINK_PROFILES_READ_OPTIONS_H_
