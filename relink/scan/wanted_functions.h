// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_WANTED_FUNCTIONS_H_
#define RELINK_SCAN_WANTED_FUNCTIONS_H_

#include <vector>

#include "relink/support/address.h"

namespace relink {

// Functions of a module by where it ran: those that have any of `places`, and
// of their weight `least` or more.
struct WantedFunctions {
  struct Place {
    LinkAddr address;
    double weight = 1;
  };
  std::vector<Place> places;  // Ascending.
  double least = 0;
};

}  // namespace relink

#endif  // RELINK_SCAN_WANTED_FUNCTIONS_H_
