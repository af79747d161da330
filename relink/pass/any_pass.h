// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASS_ANY_PASS_H_
#define RELINK_PASS_ANY_PASS_H_

#include <concepts>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/pass/analysis_manager.h"
#include "relink/pass/capability_level.h"
#include "relink/pass/preserved_analyses.h"

namespace relink {

// Changes a unit and says which analyses of it are still true. There is no
// interface to inherit from; any value of this shape is a pass:
//
//   struct GcSections {
//     static constexpr absl::string_view kName = "gc-sections";
//     absl::StatusOr<PreservedAnalyses> Run(
//         LinkGraph& graph, AnalysisManager<LinkGraph>& analyses) const;
//   };
//
// Its members are its options. Run is const: what it finds out goes into the
// unit or into an analysis, so that one pass serves any number of units.
//
// A pass whose name is known only at run time has a member `name()` instead.
template <typename P, typename Unit>
concept PassFor = std::move_constructible<P> &&(
                      requires {
                        { P::kName } -> std::convertible_to<absl::string_view>;
                      } ||
                      requires(const P& pass) {
                        { pass.name() } -> std::same_as<absl::string_view>;
                      }) &&
                  requires(const P& pass, Unit& unit,
                           AnalysisManager<Unit>& analyses) {
  {
    pass.Run(unit, analyses)
    } -> std::same_as<absl::StatusOr<PreservedAnalyses>>;
};

// Of a pass that declares `static constexpr Capability kLeastCapability`, for
// an enumeration with a function `Name`; or has a member `least_capability()`.
template <typename P>
CapabilityLevel LeastCapabilityOfType() {
  if constexpr (requires { P::kLeastCapability; }) {
    return {static_cast<uint8_t>(P::kLeastCapability),
            Name(P::kLeastCapability)};
  } else {
    return {};
  }
}
template <typename P>
CapabilityLevel LeastCapability(const P& pass) {
  if constexpr (requires { pass.least_capability(); }) {
    return pass.least_capability();
  } else {
    return LeastCapabilityOfType<P>();
  }
}

// In this order: whether `Other` is a pass may depend on who asks for this.
template <typename P, typename Other, typename Unit>
concept PassButNot = !std::same_as<P, Other> && PassFor<P, Unit>;

// A pass of any type over one kind of unit.
template <typename Unit>
class AnyPass {
 public:
  template <PassButNot<AnyPass, Unit> P>
  explicit AnyPass(P pass)
      : pass_(std::make_unique<Model<P>>(std::move(pass))) {}

  absl::string_view name() const { return pass_->name(); }
  CapabilityLevel least_capability() const { return pass_->least_capability(); }
  // Only runs other passes, over the parts of a unit: see ForEach.
  bool is_adaptor() const { return pass_->is_adaptor(); }

  absl::StatusOr<PreservedAnalyses> Run(Unit& unit,
                                        AnalysisManager<Unit>& analyses) const {
    return pass_->Run(unit, analyses);
  }

 private:
  class Pass {
   public:
    virtual ~Pass() = default;
    virtual absl::string_view name() const = 0;
    virtual CapabilityLevel least_capability() const = 0;
    virtual bool is_adaptor() const = 0;
    virtual absl::StatusOr<PreservedAnalyses> Run(
        Unit& unit, AnalysisManager<Unit>& analyses) const = 0;
  };

  template <typename P>
  class Model final : public Pass {
   public:
    explicit Model(P pass) : pass_(std::move(pass)) {}
    absl::string_view name() const override {
      if constexpr (requires { pass_.name(); }) {
        return pass_.name();
      } else {
        return P::kName;
      }
    }
    CapabilityLevel least_capability() const override {
      return LeastCapability(pass_);
    }
    bool is_adaptor() const override {
      return requires { P::kIsAdaptor; };
    }
    absl::StatusOr<PreservedAnalyses> Run(
        Unit& unit, AnalysisManager<Unit>& analyses) const override {
      return pass_.Run(unit, analyses);
    }

   private:
    P pass_;
  };

  std::unique_ptr<Pass> pass_;
};

}  // namespace relink

#endif  // RELINK_PASS_ANY_PASS_H_
