// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUN_PLANNING_HEAP_H_
#define RELINK_RUN_PLANNING_HEAP_H_

namespace relink {

// While one of these exists, what malloc hands out is on huge pages: planning
// takes memory in many pieces, once, and a fault for each base page costs more
// than what is done with it. At the end what is free goes back to the system.
//
// It is the malloc of the C library that this code is linked with. The audit
// library has one of its own (rtld-audit(7)), so this is not the program's. One
// at a time, by one thread. Without huge pages, or without room for the region,
// malloc is as ever.
class PlanningHeap {
 public:
  PlanningHeap();
  PlanningHeap(const PlanningHeap&) = delete;
  PlanningHeap& operator=(const PlanningHeap&) = delete;
  ~PlanningHeap();
};

}  // namespace relink

#endif  // RELINK_RUN_PLANNING_HEAP_H_
