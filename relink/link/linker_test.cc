// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/link/linker.h"

#include <unistd.h>

#include <algorithm>
#include <any>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/link/dlopened_library.h"
#include "relink/link/link_context.h"
#include "relink/reloc/synthetic_module.h"
#include "testdata/testdata_path.h"

namespace {

std::vector<std::string>& Events() {
  static auto& events = *new std::vector<std::string>();
  return events;
}

std::vector<std::string> TakeEvents() {
  std::vector<std::string> taken;
  taken.swap(Events());
  return taken;
}

std::function<void(std::string)>& OnEvent() {
  static auto& on_event = *new std::function<void(std::string)>();
  return on_event;
}

}  // namespace

// What fixtures call.
extern "C" __attribute__((visibility("default"))) void record(
    const char* event) {
  Events().emplace_back(event);
  if (OnEvent() != nullptr) OnEvent()(event);
}

namespace relink {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;

std::string Dependency(absl::string_view name) {
  return TestdataPath(absl::StrCat("dependencies/", name));
}
std::string Recording(absl::string_view name) {
  return TestdataPath(absl::StrCat("initialization/", name));
}

Library MustLoad(const LinkContext& context, const std::string& path,
                 const LoadOptions& options = {}) {
  auto library = Linker().Load(context, path, options);
  EXPECT_TRUE(library.ok()) << library.status();
  return *std::move(library);
}

int Call(const Library& library, absl::string_view name) {
  auto function = library.Get<int()>(name);
  EXPECT_TRUE(function.ok()) << function.status();
  return (*function)();
}

TEST(Linker, LoadsAModuleOncePerContext) {
  const LinkContext context;
  const Library first = MustLoad(context, Dependency("libbottom.so"));
  const Library second = MustLoad(context, Dependency("libbottom.so"));
  EXPECT_EQ(first.module(), second.module());
  // The same file under another name.
  const std::string link = testing::TempDir() + "/another_name.so";
  std::filesystem::remove(link);
  std::filesystem::create_symlink(
      std::filesystem::canonical(Dependency("libbottom.so")), link);
  EXPECT_EQ(MustLoad(context, link).module(), first.module());
  // As what another one needs, and by its soname.
  const Library left = MustLoad(context, Dependency("libleft.so"));
  EXPECT_EQ(Call(first, "bottom_count"), 1);
  EXPECT_EQ(Call(left, "left_count"), 2);
  EXPECT_EQ(MustLoad(context, "libbottom.so").module(), first.module());
  EXPECT_EQ(context.libraries().size(), 2u);
}

TEST(Linker, KeepsContextsApart) {
  const LinkContext one;
  const LinkContext other;
  const Library in_one = MustLoad(one, Dependency("libleft.so"));
  const Library in_other = MustLoad(other, Dependency("libleft.so"));
  EXPECT_EQ(Call(in_one, "left_count"), 1);
  EXPECT_EQ(Call(in_one, "left_count"), 2);
  EXPECT_EQ(Call(in_other, "left_count"), 1);
  EXPECT_FALSE(other.Find("libnone.so").has_value());
}

// What ld.so unloads and finalizes, Relink does.
TEST(Linker, UnloadsWhatNobodyNeedsAsLdSoDoes) {
  TakeEvents();
  std::vector<std::vector<std::string>> expected;
  {
    auto top = std::make_optional<DlopenedLibrary>(Recording("libtop.so"));
    expected.push_back(TakeEvents());
    auto left = std::make_optional<DlopenedLibrary>(Recording("libleft.so"));
    expected.push_back(TakeEvents());
    top.reset();
    expected.push_back(TakeEvents());
    left.reset();
    expected.push_back(TakeEvents());
  }
  std::vector<std::vector<std::string>> ours;
  const LinkContext context;
  std::optional<Library> top = MustLoad(context, Recording("libtop.so"));
  ours.push_back(TakeEvents());
  std::optional<Library> left = MustLoad(context, Recording("libleft.so"));
  ours.push_back(TakeEvents());
  top.reset();
  ours.push_back(TakeEvents());
  EXPECT_EQ(context.libraries().size(), 2u);
  EXPECT_FALSE(context.Find("libtop.so").has_value());
  EXPECT_TRUE(context.Find("libbottom.so").has_value());
  left.reset();
  ours.push_back(TakeEvents());
  EXPECT_EQ(ours, expected);
  EXPECT_THAT(expected[2], Not(IsEmpty()));
  EXPECT_THAT(context.libraries(), IsEmpty());
}

TEST(Linker, UnloadsACycle) {
  TakeEvents();
  const LinkContext context;
  std::optional<Library> first =
      MustLoad(context, Recording("libcycle_first.so"));
  std::optional<Library> second = MustLoad(context, "libcycle_second.so");
  TakeEvents();
  first.reset();
  EXPECT_THAT(TakeEvents(), IsEmpty());
  EXPECT_EQ(context.libraries().size(), 2u);
  second.reset();
  EXPECT_EQ(TakeEvents().size(), 4u);
  EXPECT_THAT(context.libraries(), IsEmpty());
}

TEST(Linker, LoadsAgainWhatWasUnloadedWhileItsNeedsStayed) {
  TakeEvents();
  const LinkContext context;
  const Library right = MustLoad(context, Recording("libright.so"));
  for (int i = 0; i < 3; ++i) {
    const Library top = MustLoad(context, Recording("libtop.so"));
    EXPECT_THAT(TakeEvents(), IsSupersetOf({"top init", "left init"}));
  }
}

TEST(Linker, LetsConstructorsLoad) {
  const LinkContext context;
  std::optional<Library> inner;
  OnEvent() = [&](const std::string& event) {
    if (event != "left init") return;
    inner = MustLoad(context, Recording("libright.so"));
    // It is there, though not all of its constructors have run.
    EXPECT_EQ(MustLoad(context, Recording("libleft.so")).name(),
              Recording("libleft.so"));
  };
  TakeEvents();
  const Library left = MustLoad(context, Recording("libleft.so"));
  OnEvent() = nullptr;
  ASSERT_TRUE(inner.has_value());
  const std::vector<std::string> events = TakeEvents();
  EXPECT_EQ(std::ranges::count(events, "bottom init"), 1);
  EXPECT_EQ(std::ranges::count(events, "right init"), 1);
  EXPECT_EQ(std::ranges::count(events, "left init"), 1);
}

TEST(Linker, LetsDestructorsUnload) {
  const LinkContext context;
  std::optional<Library> left = MustLoad(context, Recording("libleft.so"));
  std::optional<Library> right = MustLoad(context, Recording("libright.so"));
  OnEvent() = [&](const std::string& event) {
    if (event == "left fini") right.reset();
  };
  TakeEvents();
  left.reset();
  OnEvent() = nullptr;
  EXPECT_THAT(context.libraries(), IsEmpty());
  EXPECT_THAT(TakeEvents(),
              IsSupersetOf({"left fini", "right fini", "bottom fini"}));
}

TEST(Linker, BindsToWhatIsGlobalOnly) {
  const LinkContext context;
  Linker linker;
  const std::string needy = Dependency("libmissing_symbols.so");
  EXPECT_EQ(linker.Load(context, needy).status().code(),
            absl::StatusCode::kNotFound);
  static int variable = 3;
  static int* pointer = &variable;
  auto builder = SyntheticModule::Builder("libsupply.so");
  builder
      .Add(
          "absent_function", +[](int value) { return 10 * value; })
      .Add("absent_variable", &variable)
      .Add("absent_pointer", &pointer);
  auto supply = std::move(builder).Build();
  ASSERT_TRUE(supply.ok()) << supply.status();
  ASSERT_TRUE(context.Find("libsupply.so") == std::nullopt);
  LinkContext supplied;
  ASSERT_TRUE(supplied.Add(*supply, LinkContext::Reach::kGlobal).ok());
  EXPECT_EQ(supplied.Add(*supply).code(), absl::StatusCode::kAlreadyExists);
  const Library library = MustLoad(supplied, needy);
  EXPECT_EQ(Call(library, "call_all"), 36);
  EXPECT_NE(supplied.FindSymbol("absent_function"), nullptr);
}

TEST(Linker, FindsSyntheticModulesByTheirSoname) {
  auto builder = SyntheticModule::Builder("libabsent_at_run_time.so");
  builder.Add(
      "middle_value", +[] { return 7; });
  auto made = std::move(builder).Build();
  ASSERT_TRUE(made.ok()) << made.status();
  LinkContext context;
  ASSERT_TRUE(context.Add(*made).ok());
  const Library library =
      MustLoad(context, Dependency("libmissing_library.so"));
  EXPECT_EQ(Call(library, "top_value"), 107);
  EXPECT_EQ(context.FindSymbol("middle_value"), nullptr);
}

TEST(Linker, LetsTheEmbedderComeFirst) {
  auto builder = SyntheticModule::Builder("libmine.so");
  builder.Add(
      "middle_value", +[] { return 5; });
  auto mine = std::move(builder).Build();
  ASSERT_TRUE(mine.ok()) << mine.status();
  LinkContext context;
  ASSERT_TRUE(context.Add(*mine, LinkContext::Reach::kFirst).ok());
  EXPECT_EQ(Call(MustLoad(context, Dependency("libtop.so")), "top_value"), 105);
}

TEST(Linker, MakesALibraryGlobalWithWhatItNeeds) {
  LinkContext context;
  const Library middle = MustLoad(context, Dependency("libmiddle.so"));
  EXPECT_EQ(context.FindSymbol("bottom_value"), nullptr);
  context.MakeGlobal(middle);
  EXPECT_EQ(context.FindSymbol("bottom_value"), middle.Find("bottom_value"));
  EXPECT_NE(context.FindSymbol("middle_value"), nullptr);
  EXPECT_NE(context.FindSymbol("malloc"), nullptr);
  const LinkContext closed({.process_scope = false});
  EXPECT_EQ(closed.FindSymbol("malloc"), nullptr);
}

TEST(Linker, KeepsWhatIsBoundToAGlobalLibrary) {
  const LinkContext context;
  std::optional<Library> global =
      MustLoad(context, Dependency("libmiddle.so"), {.global = true});
  // It needs libmiddle.so by another name, of which nothing is to be had.
  auto builder = SyntheticModule::Builder("libabsent_at_run_time.so");
  auto empty = std::move(builder).Build();
  ASSERT_TRUE(empty.ok()) << empty.status();
  LinkContext same = context;
  ASSERT_TRUE(same.Add(*empty).ok());
  std::optional<Library> user =
      MustLoad(context, Dependency("libmissing_library.so"));
  global.reset();
  EXPECT_EQ(Call(*user, "top_value"), 111);
  EXPECT_TRUE(context.Find("libmiddle.so").has_value());
  user.reset();
  EXPECT_FALSE(context.Find("libmiddle.so").has_value());
}

TEST(Linker, ExtendsAScope) {
  const LinkContext context;
  const LinkContext other;
  const Library bottom = MustLoad(context, Dependency("libbottom.so"));
  EXPECT_EQ(bottom.Find("left_count"), nullptr);
  {
    const Library left = MustLoad(other, Dependency("libleft.so"));
    bottom.ExtendScope(left);
    EXPECT_EQ(bottom.Find("left_count"), left.Find("left_count"));
  }
  EXPECT_EQ(Call(bottom, "left_count"), 1);
  EXPECT_THAT(bottom.scope().back(), HasSubstr("lib"));
}

TEST(Linker, SharesAModuleWithAnotherContext) {
  const LinkContext owner;
  LinkContext user;
  std::optional<Library> bottom = MustLoad(owner, Dependency("libbottom.so"));
  user.Share(*bottom);
  const Library left = MustLoad(user, Dependency("libleft.so"));
  EXPECT_EQ(Call(*bottom, "bottom_count"), 1);
  EXPECT_EQ(Call(left, "left_count"), 2);
  bottom.reset();
  EXPECT_EQ(Call(left, "left_count"), 3);
}

TEST(Linker, AnswersForAModuleThatIsThere) {
  const LinkContext context;
  Linker linker;
  EXPECT_EQ(
      linker.Load(context, Dependency("libbottom.so"), {.only_if_loaded = true})
          .status()
          .code(),
      absl::StatusCode::kNotFound);
  const Library bottom = MustLoad(context, Dependency("libbottom.so"));
  EXPECT_TRUE(
      linker.Load(context, Dependency("libbottom.so"), {.only_if_loaded = true})
          .ok());
  const auto found = context.FindByAddress(bottom.Find("bottom_value"));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->module(), bottom.module());
  EXPECT_FALSE(context.FindByAddress(&context).has_value());
}

TEST(Linker, KeepsWhatIsNeverToBeUnloaded) {
  TakeEvents();
  const LinkContext context;
  MustLoad(context, Recording("libbottom.so"), {.keep = true});
  EXPECT_TRUE(context.Find("libbottom.so").has_value());
  LinkContext(context).FinalizeAll();
  EXPECT_EQ(TakeEvents().back(), "bottom fini");
}

TEST(Linker, GivesTheHostsOwnLibraries) {
  const LinkContext context;
  const Library libc = MustLoad(context, "libc.so.6");
  EXPECT_FALSE(libc.has_image());
  EXPECT_EQ(libc.Find("getppid"), reinterpret_cast<void*>(&getppid));
  EXPECT_NE(libc.FindVersion("getppid", "GLIBC_2.2.5"), nullptr);
  EXPECT_EQ(libc.FindVersion("getppid", "GLIBC_9"), nullptr);
  EXPECT_EQ(MustLoad(context, "libc.so.6").module(), libc.module());
}

TEST(Linker, FindsVersions) {
  const LinkContext context;
  const std::string path = TestdataPath("versions/libversioned.so");
  const Library library = MustLoad(context, path);
  const DlopenedLibrary theirs(path);
  for (const char* version : {"V1", "V2"}) {
    auto* const ours =
        reinterpret_cast<int (*)()>(library.FindVersion("answer", version));
    auto* const expected = theirs.Get<int()>("answer", version);
    ASSERT_EQ(ours == nullptr, expected == nullptr) << version;
    if (ours != nullptr) {
      EXPECT_EQ(ours(), expected()) << version;
    }
  }
  EXPECT_EQ(library.FindVersion("answer", "V9"), nullptr);
}

TEST(Linker, HasOneInstanceOfAUniqueSymbolInAContext) {
  const LinkContext context;
  const Library first =
      MustLoad(context, TestdataPath("symbols/libunique_first.so"));
  const Library second =
      MustLoad(context, TestdataPath("symbols/libunique_second.so"));
  const auto address = [](const Library& library) {
    return (*library.Get<int*()>("unique_address"))();
  };
  EXPECT_EQ(address(first), address(second));
  const LinkContext other;
  const Library third =
      MustLoad(other, TestdataPath("symbols/libunique_first.so"));
  EXPECT_NE(address(third), address(first));
}

// What an embedder can see and change of the lives of modules.
class Supervisor final : public Observer {
 public:
  void OnScanned(Module& module) override {
    module.user_data = std::string("seen ") + module.soname;
  }
  void OnMapped(const Module&, const Segment&, RuntimeRange memory) override {
    mapped += memory.size;
  }
  void OnSearch(const SearchStep& step) override {
    searched.push_back(absl::StrCat(step.name, " ", Name(step.outcome)));
  }
  void CallInit(const LoadedModule& module, const InitFunctions& functions,
                const ProcessArguments& arguments) override {
    if (module.soname() == "libleft.so") return;
    Observer::CallInit(module, functions, arguments);
  }
  void CallFini(const LoadedModule& module, const InitFunctions&) override {
    Events().push_back(absl::StrCat("no fini of ", module.soname()));
  }
  void OnUnload(const LoadedModule& module) override {
    Events().push_back(absl::StrCat("unloaded ", module.soname()));
  }
  uint64_t mapped = 0;
  std::vector<std::string> searched;
};

TEST(LinkerObserver, SeesAndChangesTheLivesOfModules) {
  TakeEvents();
  Supervisor supervisor;
  Linker linker({.observer = &supervisor});
  const LinkContext context;
  {
    const auto library = linker.Load(context, Recording("libleft.so"));
    ASSERT_TRUE(library.ok()) << library.status();
    EXPECT_THAT(TakeEvents(),
                ElementsAre("bottom init", "bottom first constructor",
                            "bottom second constructor"));
    EXPECT_EQ(std::any_cast<std::string>(library->user_data()),
              "seen libleft.so");
    library->user_data() = 5;
    EXPECT_EQ(std::any_cast<int>(library->user_data()), 5);
  }
  EXPECT_THAT(TakeEvents(),
              ElementsAre("no fini of libleft.so", "no fini of libbottom.so",
                          "unloaded libleft.so", "unloaded libbottom.so"));
  EXPECT_GT(supervisor.mapped, 0u);
  EXPECT_THAT(supervisor.searched, testing::Contains("libbottom.so found"));
}

TEST(ConcurrentLinker, LoadsIntoDifferentContextsAtTheSameTime) {
  Linker linker;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&linker] {
      const LinkContext context;
      for (int round = 0; round < 30; ++round) {
        const auto top = linker.Load(context, Dependency("libtop.so"));
        ASSERT_TRUE(top.ok()) << top.status();
        EXPECT_EQ(Call(*top, "top_value"), 111);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(ConcurrentLinker, LoadsAndUnloadsInOneContext) {
  Linker linker;
  const LinkContext context;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < 50; ++round) {
        const auto library = linker.Load(
            context, Dependency(i % 2 == 0 ? "libdiamond.so" : "libleft.so"));
        ASSERT_TRUE(library.ok()) << library.status();
        EXPECT_NE(library->Find("bottom_count"), nullptr);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(context.libraries(), IsEmpty());
}

}  // namespace
}  // namespace relink
