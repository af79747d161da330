// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASS_PASS_CONTEXT_H_
#define RELINK_PASS_PASS_CONTEXT_H_

#include <utility>
#include <vector>

#include "relink/pass/counters.h"
#include "relink/pass/pass_observer.h"
#include "relink/pass/remark.h"

namespace relink {

// Tells types of units apart, by its address.
struct UnitKey {};
template <typename Unit>
inline constexpr UnitKey kUnitKey = {};

// What the passes of one run share, over whatever units: where their remarks
// go, their counters, and who watches. By default nobody reads and nobody
// watches. For one run at a time; not thread-safe.
class PassContext {
 public:
  PassContext() = default;
  PassContext(const PassContext&) = delete;
  PassContext& operator=(const PassContext&) = delete;

  RemarkSink& remarks() {
    return remarks_ == nullptr ? no_remarks_ : *remarks_;
  }
  // `remarks` must outlive the context; null for none.
  void set_remarks(RemarkSink* remarks) { remarks_ = remarks; }

  Counters& counters() { return counters_; }

  // Of passes over `Unit`; null if none.
  template <typename Unit>
  PassObserver<Unit>* observer() const {
    for (const auto& [key, observer] : observers_) {
      if (key == &kUnitKey<Unit>) {
        return static_cast<PassObserver<Unit>*>(observer);
      }
    }
    return nullptr;
  }
  // Instead of the one there was. `observer` must outlive the context.
  template <typename Unit>
  void set_observer(PassObserver<Unit>* observer) {
    std::erase_if(observers_, [](const auto& entry) {
      return entry.first == &kUnitKey<Unit>;
    });
    observers_.emplace_back(&kUnitKey<Unit>, observer);
  }

 private:
  NoRemarks no_remarks_;
  RemarkSink* remarks_ = nullptr;
  Counters counters_;
  // Each a PassObserver of its key's unit.
  std::vector<std::pair<const UnitKey*, void*>> observers_;
};

}  // namespace relink

#endif  // RELINK_PASS_PASS_CONTEXT_H_
