// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/plugin/register_plugin.h"

#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "relink/pass/pass_registry.h"
#include "relink/plugin/plugin_fixture.h"
#include "relink/plugin/relink_pass_plugin.hpp"

namespace relink {
namespace {

struct Nothing {
  static constexpr plugin::Text kName = "nothing";
  static constexpr plugin::Text kHelp = "do nothing";
  static constexpr plugin::Capability kLeastCapability =
      plugin::Capability::kSectioned;
  static constexpr plugin::Option kOptions[] = {
      {"size", plugin::OptionType::kSize, "2M", "of nothing"}};
  plugin::Preserved Run(plugin::Graph& /*graph*/) const {
    return plugin::Preserved::All();
  }
};
struct OtherNothing : Nothing {
  static constexpr plugin::Text kName = "other-nothing";
  void Run(plugin::Placed& /*placed*/) const {}
};
struct Zero {
  static constexpr plugin::Text kName = "zero";
  static constexpr plugin::Text kHelp = "none";
  using Result = int;
  int Run(const plugin::Graph& /*graph*/) const { return 0; }
};

// The error of registering it, after which nothing is there.
std::string ErrorOf(const relink_pass_plugin& info) {
  PassRegistry registry = UnitsOnly();
  const auto registered = RegisterPlugin(&info, nullptr, registry);
  EXPECT_TRUE(registered.ok() ||
              (registry.passes().empty() && registry.analyses().empty()));
  return std::string(registered.status().message());
}

using Register = decltype(relink_pass_plugin::register_passes);

std::string ErrorOf(Register register_passes) {
  relink_pass_plugin info = InProcessPlugin<Nothing>();
  info.register_passes = register_passes;
  return ErrorOf(info);
}

relink_code RunNothing(const relink_host*, relink_run*, void*, void*) {
  return RELINK_OK;
}

relink_pass PassNamed(absl::string_view name) {
  auto pass = plugin::Sized<relink_pass>();
  pass.name = plugin::String({name.data(), name.size()});
  pass.run = RunNothing;
  return pass;
}

TEST(RegisterPlugin, AddsWhatThePluginHas) {
  PassRegistry registry = UnitsOnly();
  const relink_pass_plugin info =
      InProcessPlugin<Nothing, OtherNothing, Zero>();
  const auto registered = RegisterPlugin(&info, nullptr, registry);
  ASSERT_TRUE(registered.ok()) << registered.status();
  EXPECT_EQ(registered->name, "test");
  EXPECT_EQ(registered->version, "1.0");
  ASSERT_EQ(registry.passes().size(), 2);
  const PassRow& pass = registry.passes()[0];
  EXPECT_EQ(pass.name, "nothing");
  EXPECT_EQ(pass.help, "do nothing");
  EXPECT_EQ(pass.least_capability.name, "Sectioned");
  ASSERT_EQ(pass.options.size(), 1);
  EXPECT_EQ(pass.options[0].default_value, "2M");
  EXPECT_EQ(registry.FindUnit(registry.passes()[1].unit)->name, "placed");
  EXPECT_EQ(registry.analyses()[0].name, "zero");
}

TEST(RegisterPlugin, RefusesAnotherVersionOfTheInterface) {
  relink_pass_plugin info = InProcessPlugin<Nothing>();
  info.api_version = RELINK_PASS_PLUGIN_API_VERSION + 1;
  EXPECT_EQ(ErrorOf(info),
            "was made for version 2 of the plugin API; this Relink has "
            "versions 1 to 1");
  info.size = 1000;  // The version comes before everything else.
  EXPECT_EQ(ErrorOf(info),
            "was made for version 2 of the plugin API; this Relink has "
            "versions 1 to 1");
  info.api_version = 0;
  EXPECT_EQ(ErrorOf(info),
            "was made for version 0 of the plugin API; this Relink has "
            "versions 1 to 1");
}

TEST(RegisterPlugin, RefusesWhatSaysTooLittleOfItself) {
  PassRegistry registry = UnitsOnly();
  EXPECT_EQ(
      RegisterPlugin(nullptr, nullptr, registry).status(),
      absl::InvalidArgumentError("relink_pass_plugin_info returned null"));
  relink_pass_plugin info = InProcessPlugin<Nothing>();
  info.size = 8;
  EXPECT_EQ(ErrorOf(info), "relink_pass_plugin: has no more than 8 bytes");
  info.size = sizeof(info) - 8;
  EXPECT_EQ(ErrorOf(info), "relink_pass_plugin: has 48 bytes, must have 56");
  info.size = sizeof(info) + 8;
  EXPECT_EQ(ErrorOf(info), "relink_pass_plugin: has 64 bytes, must have 56");
  info = InProcessPlugin<Nothing>();
  info.name = {};
  EXPECT_EQ(ErrorOf(info), "relink_pass_plugin: has no name");
  info = InProcessPlugin<Nothing>();
  info.register_passes = nullptr;
  EXPECT_EQ(ErrorOf(info), "relink_pass_plugin: register_passes is null");
}

TEST(RegisterPlugin, TakesStructsOfAnOlderPlugin) {
  relink_pass_plugin info = InProcessPlugin<Nothing>();
  info.register_passes = [](const relink_host* host,
                            relink_registry* registry) {
    // Everything from `data` on came later; what lies there is not read.
    struct {
      alignas(relink_pass) std::byte bytes[offsetof(relink_pass, data)];
      std::byte garbage[sizeof(relink_pass)];
    } older;
    std::memset(&older, 0xa5, sizeof(older));
    relink_pass pass = PassNamed("older");
    pass.size = sizeof(older.bytes);
    std::memcpy(older.bytes, &pass, sizeof(older.bytes));
    return host->add_pass(registry,
                          reinterpret_cast<const relink_pass*>(older.bytes));
  };
  PassRegistry registry = UnitsOnly();
  const auto registered = RegisterPlugin(&info, nullptr, registry);
  ASSERT_TRUE(registered.ok()) << registered.status();
  EXPECT_EQ(registry.passes()[0].name, "older");
  EXPECT_EQ(registry.passes()[0].help, "");
  EXPECT_TRUE(registry.passes()[0].options.empty());
}

TEST(RegisterPlugin, RefusesStructsOfANewerOne) {
  EXPECT_EQ(ErrorOf([](const relink_host* host, relink_registry* registry) {
              relink_pass pass = PassNamed("newer");
              pass.size = sizeof(pass) + 1;
              return host->add_pass(registry, &pass);
            }),
            "plugin test: pass : relink_pass: has 113 bytes, must have 40 to "
            "112");
}

TEST(RegisterPlugin, RefusesWhatIsHalfThere) {
  EXPECT_EQ(ErrorOf([](const relink_host* host, relink_registry* registry) {
              relink_pass pass = PassNamed("p");
              pass.run = nullptr;
              return host->add_pass(registry, &pass);
            }),
            "plugin test: pass p: run is null");
  EXPECT_EQ(ErrorOf([](const relink_host* host, relink_registry* registry) {
              relink_pass pass = PassNamed("p");
              pass.unit = 9;
              return host->add_pass(registry, &pass);
            }),
            "plugin test: pass p: no unit has the number 9");
  EXPECT_EQ(ErrorOf([](const relink_host* host, relink_registry* registry) {
              relink_pass pass = PassNamed("p");
              pass.least_capability = 4;
              return host->add_pass(registry, &pass);
            }),
            "plugin test: pass p: no capability has the number 4");
  EXPECT_EQ(ErrorOf([](const relink_host* host, relink_registry* registry) {
              relink_pass pass = PassNamed("p");
              pass.option_count = 1;
              return host->add_pass(registry, &pass);
            }),
            "plugin test: pass p: options are null, or option_bytes is not "
            "sizeof(relink_option)");
  EXPECT_EQ(ErrorOf([](const relink_host* host, relink_registry* registry) {
              relink_option option = {};
              option.name = plugin::String("o");
              option.type = 7;
              relink_pass pass = PassNamed("p");
              pass.options = &option;
              pass.option_count = 1;
              pass.option_bytes = sizeof(option);
              return host->add_pass(registry, &pass);
            }),
            "plugin test: pass p: option o: no type has the number 7");
  EXPECT_EQ(ErrorOf([](const relink_host* host, relink_registry* registry) {
              auto analysis = plugin::Sized<relink_analysis>();
              analysis.name = plugin::String("a");
              return host->add_analysis(registry, &analysis);
            }),
            "plugin test: analysis a: run or destroy is null");
}

TEST(RegisterPlugin, RefusesNamesAndOptionsThatNobodyCanWrite) {
  EXPECT_EQ(ErrorOf([](const relink_host* host, relink_registry* registry) {
              const relink_pass pass = PassNamed("a b");
              return host->add_pass(registry, &pass);
            }),
            "plugin test: 'a b': not a name");
  EXPECT_EQ(ErrorOf(InProcessPlugin<Nothing, Nothing>()),
            "plugin test: nothing: is there already");
}

TEST(RegisterPlugin, AddsNothingIfAnythingFails) {
  EXPECT_EQ(ErrorOf([](const relink_host* host, relink_registry* registry) {
              const relink_pass pass = PassNamed("fine");
              host->add_pass(registry, &pass);
              return host->fail_registration(registry, RELINK_NOT_FOUND,
                                             plugin::String("no licence"));
            }),
            "plugin test: no licence");
  // A plugin that does not look at what add_pass returns.
  EXPECT_EQ(ErrorOf([](const relink_host* host, relink_registry* registry) {
              host->add_pass(registry, nullptr);
              const relink_pass pass = PassNamed("fine");
              host->add_pass(registry, &pass);
              return relink_code{RELINK_OK};
            }),
            "plugin test: pass : relink_pass: is null");
  EXPECT_EQ(ErrorOf([](const relink_host*, relink_registry*) {
              return relink_code{RELINK_UNIMPLEMENTED};
            }),
            "plugin test: error 12");
}

TEST(RegisterPlugin, KeepsItsLibraryForAsLongAsAnythingOfItIsLeft) {
  auto library = std::make_shared<int>(0);
  const std::weak_ptr<int> alive = library;
  const relink_pass_plugin info = InProcessPlugin<Nothing, Zero>();
  PassManager<LinkGraph> passes;
  {
    PassRegistry registry = UnitsOnly();
    ASSERT_TRUE(RegisterPlugin(&info, std::move(library), registry).ok());
    EXPECT_FALSE(alive.expired());
    ASSERT_TRUE(ParsePipeline("nothing,require<zero>", registry, passes).ok());
  }
  EXPECT_FALSE(alive.expired()) << "the pipeline has a pass of it";
  LinkGraph graph = *ParseGraph(kTwoFunctions);
  {
    AnalysisManager<LinkGraph> analyses;
    ASSERT_TRUE(passes.Run(graph, analyses).ok());
    passes = PassManager<LinkGraph>();
    EXPECT_FALSE(alive.expired()) << "there is a result of its analysis";
  }
  EXPECT_TRUE(alive.expired());
}

TEST(RegisterPlugin, KeepsNothingOfAPluginThatFails) {
  auto library = std::make_shared<int>(0);
  const std::weak_ptr<int> alive = library;
  const relink_pass_plugin info = InProcessPlugin<Nothing, Nothing>();
  PassRegistry registry = UnitsOnly();
  EXPECT_FALSE(RegisterPlugin(&info, std::move(library), registry).ok());
  EXPECT_TRUE(alive.expired());
}

}  // namespace
}  // namespace relink
