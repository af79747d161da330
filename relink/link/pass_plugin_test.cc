// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/link/pass_plugin.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passes/registry.h"
#include "relink/link/library.h"
#include "relink/link/loader.h"
#include "relink/link/make_pipeline.h"
#include "relink/link/pipeline.h"
#include "relink/pass/pass_context.h"
#include "relink/pass/pass_registry.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

std::string Plugin(absl::string_view name) {
  return TestdataPath(absl::StrCat("plugins/lib", name, ".so"));
}

PassRegistry Shipped() {
  PassRegistry registry;
  RegisterShippedPasses(registry);
  return registry;
}

// Loads a library whose variable is 1, with the passes that `text` names. The
// registry is gone by then.
absl::StatusOr<Library> LoadWith(absl::string_view plugin,
                                 absl::string_view text,
                                 PassContext* context = nullptr) {
  absl::StatusOr<Pipeline> pipeline = absl::UnknownError("");
  {
    PassRegistry registry = Shipped();
    const auto loaded = PassPlugin::Load(Plugin(plugin), registry);
    if (!loaded.ok()) return loaded.status();
    pipeline = MakePipeline(text, registry);
  }
  if (!pipeline.ok()) return pipeline.status();
  pipeline->context = context;
  Loader loader({.pipeline = &*pipeline});
  return loader.LoadDylib(TestdataPath("symbols/libinterposed.so"));
}

std::string ErrorOf(absl::string_view text) {
  return std::string(LoadWith("plugin", text).status().message());
}

TEST(PassPlugin, SaysWhatItIs) {
  PassRegistry registry = Shipped();
  const size_t shipped = registry.passes().size();
  const auto plugin = PassPlugin::Load(Plugin("plugin"), registry);
  ASSERT_TRUE(plugin.ok()) << plugin.status();
  EXPECT_EQ(plugin->path, Plugin("plugin"));
  EXPECT_EQ(plugin->name, "test plugin");
  EXPECT_EQ(plugin->version, "1.0");
  EXPECT_EQ(registry.passes().size(), shipped + 5);
  EXPECT_NE(registry.FindPass("set-int"), nullptr);
}

TEST(PassPlugin, ChangesWhatIsLoaded) {
  const auto library = LoadWith(
      "plugin", "open-root,set-int<symbol=interposable_variable,value=42>");
  ASSERT_TRUE(library.ok()) << library.status();
  const auto read = library->Get<int()>("read_interposable");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ((*read)(), 42);
}

TEST(PassPlugin, MayBeWrittenInC) {
  PassContext context;
  ASSERT_TRUE(LoadWith("plain", "count-modules", &context).ok());
  EXPECT_EQ(context.counters().Value("count-modules", "modules"), 1);
}

TEST(PassPlugin, EndsTheLoadIfItFails) {
  EXPECT_THAT(ErrorOf("fails"),
              EndsWith("libinterposed.so: pass fails: plugin test plugin: "
                       "no profile"));
  EXPECT_THAT(ErrorOf("set-int<symbol=absent>"),
              EndsWith("plugin test plugin: absent: not defined"));
}

TEST(PassPlugin, EndsTheLoadIfItThrows) {
  const absl::Status status = LoadWith("plugin", "throws").status();
  EXPECT_TRUE(absl::IsInternal(status));
  EXPECT_THAT(std::string(status.message()),
              EndsWith("libinterposed.so: pass throws: plugin test plugin: "
                       "threw: out of luck"));
}

TEST(PassPlugin, EndsTheLoadIfTheVerifierRefusesWhatItDid) {
  EXPECT_THAT(ErrorOf("breaks"),
              HasSubstr("pass breaks: plugin test plugin: verifier: "));
}

TEST(PassPlugin, IsRefusedIfItIsNone) {
  PassRegistry registry = Shipped();
  const size_t shipped = registry.passes().size();
  const auto error_of = [&](const std::string& path) {
    const auto plugin = PassPlugin::Load(path, registry);
    EXPECT_EQ(registry.passes().size(), shipped);
    return std::string(plugin.status().message());
  };
  EXPECT_THAT(error_of(Plugin("without_export")),
              EndsWith("libwithout_export.so: is no pass plugin: does not "
                       "export relink_pass_plugin_info"));
  EXPECT_THAT(error_of(Plugin("newer")),
              EndsWith("libnewer.so: was made for version 2 of the plugin API; "
                       "this Relink has versions 1 to 1"));
  EXPECT_THAT(error_of("/nonexistent.so"), HasSubstr("/nonexistent.so"));
}

TEST(PassPlugin, IsRefusedTheSecondTime) {
  PassRegistry registry = Shipped();
  ASSERT_TRUE(PassPlugin::Load(Plugin("plugin"), registry).ok());
  const auto again = PassPlugin::Load(Plugin("plugin"), registry);
  EXPECT_TRUE(absl::IsAlreadyExists(again.status())) << again.status();
}

}  // namespace
}  // namespace relink
