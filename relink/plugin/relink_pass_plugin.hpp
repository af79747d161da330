// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PLUGIN_RELINK_PASS_PLUGIN_HPP_
#define RELINK_PLUGIN_RELINK_PASS_PLUGIN_HPP_

// Pass plugins in C++20, on top of the C header, with nothing but the standard
// library. A pass is a struct:
//
//   namespace rp = relink::plugin;
//
//   struct HotFirst {
//     static constexpr rp::Text kName = "hot-first";
//     static constexpr rp::Text kHelp = "put what runs often first";
//     static constexpr rp::Capability kLeastCapability =
//         rp::Capability::kOverlayable;
//     static constexpr rp::Option kOptions[] = {
//         {"least", rp::OptionType::kReal, "1", "the least weight to move"}};
//     double least;
//     explicit HotFirst(const rp::Options& options)
//         : least(options.Real("least")) {}
//
//     void Run(rp::Graph& graph) const { ... }
//   };
//
//   RELINK_PASS_PLUGIN("example", "1.0", rp::Add<HotFirst>);
//
// kOptions with the constructor, and kLeastCapability, may be left out. A pass
// runs over a Graph&, a ModuleGraph& or a Placed&. Run returns nothing, a
// Status, or the analyses that are still true: rp::Preserved::All().
//
// An analysis has a type Result, and `Result Run(const rp::Graph&)` or
// `(const rp::Placed&)`; if it has `static std::string Print(const Result&)`,
// others can have it as text.
//
// Errors. Calls that fail return something empty, and the pass fails when it
// returns, with the first such error; an exception fails it, too.

#include <cstddef>
#include <cstdint>
#include <exception>
#include <string>
#include <type_traits>
#include <vector>

#include "relink_pass_plugin.h"
#include "relink_pass_units.hpp"

namespace relink::plugin {

enum class OptionType : uint32_t {
  kFlag,
  kInteger,
  kSize,
  kReal,
  kChoice,
  kText,
  kList
};

// The declaration of an option.
struct Option {
  Text name;
  OptionType type = OptionType::kFlag;
  Text default_value = {};  // As it is written in a pipeline.
  Text help = {};
  Text choices = {};  // "a|b"
};

// The options of a pass, in its constructor.
class Options {
 public:
  Options(const relink_host* host, relink_options* handle)
      : host_(host), handle_(handle) {}

  bool Flag(Text name) const { return Value(name).flag != 0; }
  int64_t Integer(Text name) const { return Value(name).integer; }
  uint64_t Size(Text name) const { return Value(name).bytes; }
  double Real(Text name) const { return Value(name).real; }
  std::string Choice(Text name) const {
    return std::string(View(Value(name).text));
  }
  std::string String(Text name) const { return Choice(name); }
  std::vector<std::string> List(Text name) const {
    const relink_option_value value = Value(name);
    std::vector<std::string> list;
    for (size_t i = 0; i < value.list_size; ++i) {
      list.emplace_back(View(value.list[i]));
    }
    return list;
  }
  bool Given(Text name) const { return Value(name).is_given != 0; }

  // The pass is not made, because of the value of `name`.
  void Refuse(Text name, Text message) const {
    code_ = host_->refuse_option(handle_, plugin::String(name),
                                 plugin::String(message));
  }
  // Or because of something else.
  void Fail(relink_code code, Text message) const {
    code_ = host_->fail_options(handle_, code, plugin::String(message));
  }

  relink_code code() const { return code_; }

 private:
  relink_option_value Value(Text name) const {
    auto value = Sized<relink_option_value>();
    const relink_code code =
        host_->option_value(handle_, plugin::String(name), &value);
    if (code != RELINK_OK) code_ = code;
    return value;
  }

  const relink_host* host_;
  relink_options* handle_;
  mutable relink_code code_ = RELINK_OK;
};

// The rest connects structs with the C header.
namespace internal {

// Calls `function`; an exception becomes an error, by way of `fail`.
template <typename Function, typename Fail>
void Guard(Function function, [[maybe_unused]] Fail fail) {
#if defined(__cpp_exceptions)
  try {
    function();
  } catch (const std::exception& thrown) {
    fail(RELINK_INTERNAL, std::string("threw: ") + thrown.what());
  } catch (...) {
    fail(RELINK_INTERNAL, std::string("threw something"));
  }
#else
  function();
#endif
}

// The argument of a pass's or analysis' Run, without const and reference.
template <typename T, typename Result, typename Unit>
std::remove_const_t<Unit> UnitOf(Result (T::*)(Unit&) const);
template <typename T, typename Result, typename Unit>
std::remove_const_t<Unit> UnitOf(Result (T::*)(Unit&));
template <typename T>
using UnitFor = decltype(UnitOf(&T::Run));

template <typename P>
relink_code RunPass(const relink_host* host, relink_run* handle, void*,
                    void* state) {
  UnitFor<P> unit(host, handle);
  Guard(
      [&] {
        const P& pass = *static_cast<const P*>(state);
        if constexpr (std::is_void_v<decltype(pass.Run(unit))>) {
          pass.Run(unit);
        } else {
          unit.Take(pass.Run(unit));
        }
      },
      [&](relink_code code, const std::string& message) {
        unit.Fail(code, message);
      });
  return unit.Finish();
}

template <typename P>
relink_code Create(const relink_host* host, relink_options* handle, void*,
                   void** state) {
  const Options options(host, handle);
  Guard(
      [&] {
        P* pass;
        if constexpr (std::is_constructible_v<P, const Options&>) {
          pass = new P(options);
        } else {
          pass = new P();
        }
        if (options.code() == RELINK_OK) {
          *state = pass;
        } else {
          delete pass;
        }
      },
      [&](relink_code code, const std::string& message) {
        options.Fail(code, message);
      });
  return options.code();
}

template <typename A>
relink_code RunAnalysis(const relink_host* host, relink_run* handle, void*,
                        void** result) {
  const UnitFor<A> unit(host, handle);
  Guard([&] { *result = new typename A::Result(A().Run(unit)); },
        [&](relink_code code, const std::string& message) {
          unit.Fail(code, message);
        });
  const relink_code code = unit.Finish();
  if (code != RELINK_OK) {
    delete static_cast<typename A::Result*>(*result);
    *result = nullptr;
  }
  return code;
}

template <typename T>
Text HelpOf() {
  if constexpr (requires { T::kHelp; }) return T::kHelp;
  return {};
}

}  // namespace internal

// Registers a pass or an analysis.
template <typename T>
relink_code Add(const relink_host* host, relink_registry* registry) {
  if constexpr (requires { typename T::Result; }) {
    auto analysis = Sized<relink_analysis>();
    analysis.name = String(T::kName);
    analysis.help = String(internal::HelpOf<T>());
    analysis.unit = internal::UnitFor<T>::kUnit;
    analysis.run = internal::RunAnalysis<T>;
    analysis.destroy = [](void* result) {
      delete static_cast<typename T::Result*>(result);
    };
    if constexpr (requires(const typename T::Result& r) { T::Print(r); }) {
      analysis.print = [](const void* result, relink_write* write, void* to) {
        const std::string text =
            T::Print(*static_cast<const typename T::Result*>(result));
        write(to, String(text));
      };
    }
    return host->add_analysis(registry, &analysis);
  } else {
    auto pass = Sized<relink_pass>();
    pass.name = String(T::kName);
    pass.help = String(internal::HelpOf<T>());
    pass.unit = internal::UnitFor<T>::kUnit;
    pass.run = internal::RunPass<T>;
    pass.create = internal::Create<T>;
    pass.destroy = [](void* state) { delete static_cast<T*>(state); };
    if constexpr (requires { T::kLeastCapability; }) {
      pass.least_capability = static_cast<uint32_t>(T::kLeastCapability);
    }
    std::vector<relink_option> options;
    if constexpr (requires { T::kOptions; }) {
      for (const Option& option : T::kOptions) {
        options.push_back({String(option.name),
                           static_cast<uint32_t>(option.type),
                           String(option.default_value), String(option.help),
                           String(option.choices)});
      }
    }
    pass.options = options.data();
    pass.option_count = options.size();
    pass.option_bytes = sizeof(relink_option);
    return host->add_pass(registry, &pass);
  }
}

// Registers all of them.
template <typename... T>
relink_code AddAll([[maybe_unused]] const relink_host* host,
                   [[maybe_unused]] relink_registry* registry) {
  relink_code code = RELINK_OK;
  ((code == RELINK_OK ? code = Add<T>(host, registry) : code), ...);
  return code;
}

}  // namespace relink::plugin

// Defines the function that a plugin exports. What follows the name and version
// is a function like relink::plugin::AddAll<HotFirst, Weights>; it may be
// anything with its type.
#define RELINK_PASS_PLUGIN(name, version, ...)                     \
  extern "C" const relink_pass_plugin* relink_pass_plugin_info() { \
    static constexpr relink_pass_plugin kPlugin = {                \
        sizeof(relink_pass_plugin),                                \
        RELINK_PASS_PLUGIN_API_VERSION,                            \
        {name, sizeof(name) - 1},                                  \
        {version, sizeof(version) - 1},                            \
        __VA_ARGS__};                                              \
    return &kPlugin;                                               \
  }                                                                \
  static_assert(true)

#endif  // RELINK_PLUGIN_RELINK_PASS_PLUGIN_HPP_
