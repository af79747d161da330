// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/ir/module_source.h"
#include "relink/link/library.h"
#include "relink/link/loader.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

using testing::HasSubstr;

std::string ObjectPath(absl::string_view name) {
  return TestdataPath(absl::StrCat("objects/", name));
}

absl::StatusOr<Library> LoadAll(const std::vector<std::string>& names) {
  std::vector<ModuleSource> sources;
  for (const std::string& name : names) {
    absl::StatusOr<ModuleSource> source = ModuleSource::Open(ObjectPath(name));
    if (!source.ok()) return source.status();
    sources.push_back(*std::move(source));
  }
  Loader loader;
  return loader.LoadObjects(std::move(sources));
}

int Call(const Library& library, absl::string_view name) {
  const auto function = library.Get<int()>(name);
  EXPECT_TRUE(function.ok()) << function.status();
  return function.ok() ? (*function)() : -100;
}

// By every compiler and in every code model.
class LoadObject : public testing::TestWithParam<const char*> {
 protected:
  static absl::StatusOr<Library> Load(absl::string_view source) {
    return LoadAll({absl::StrCat(source, "_", GetParam(), ".o")});
  }
};

TEST_P(LoadObject, RunsC) {
  const auto library = Load("calls");
  ASSERT_TRUE(library.ok()) << library.status();
  EXPECT_EQ(Call(*library, "run"), 42);
  EXPECT_EQ(Call(*library, "sorted_first"), -9);
}

TEST_P(LoadObject, RunsCpp) {
  const auto library = Load("throws");
  ASSERT_TRUE(library.ok()) << library.status();
  EXPECT_EQ(Call(*library, "throw_and_catch"), 16);
  EXPECT_EQ(Call(*library, "constructed_size"), 11 + 3 * 7);
  EXPECT_EQ(Call(*library, "count_squares"), 12);
}

TEST_P(LoadObject, PassesExceptionsOn) {
  const auto library = Load("throws");
  ASSERT_TRUE(library.ok()) << library.status();
  int destroyed = 0;
  (*library->Get<void(int*)>("count_destroyed"))(&destroyed);
  EXPECT_THROW((*library->Get<int(void (*)())>("throw_through"))(
                   [] { throw std::runtime_error("of the host"); }),
               std::runtime_error);
  EXPECT_EQ(destroyed, 1);
  EXPECT_THROW((*library->Get<void(int)>("throw_out"))(1), std::exception);
  (*library->Get<void(int*)>("count_destroyed"))(nullptr);
}

TEST_P(LoadObject, DestroysWhatItConstructed) {
  int destroyed = 0;
  {
    const auto library = Load("throws");
    ASSERT_TRUE(library.ok()) << library.status();
    (*library->Get<void(int*)>("count_destroyed"))(&destroyed);
  }
  EXPECT_EQ(destroyed, 100);
}

INSTANTIATE_TEST_SUITE_P(
    , LoadObject,
    testing::Values("default", "pic", "pic_unoptimized", "no_plt", "pie",
                    "no_pic", "medium", "medium_pic", "large", "large_pic",
                    "pic_clang", "no_pic_clang", "medium_clang", "large_clang"),
    [](const auto& param) { return std::string(param.param); });

// By every way to thread-local variables.
class LoadThreadLocal : public testing::TestWithParam<const char*> {};

TEST_P(LoadThreadLocal, GivesEachThreadItsOwn) {
  const auto library = LoadAll(
      {absl::StrCat("threads_", GetParam(), ".o"), "thread_variable.o"});
  ASSERT_TRUE(library.ok()) << library.status();
  int destroyed = 0;
  (*library->Get<void(int*)>("count_thread_destroyed"))(&destroyed);
  const auto count = [&] {
    EXPECT_EQ(Call(*library, "next_in_thread"), 40 + 2 + 5 + 1000);
    EXPECT_EQ(Call(*library, "next_in_thread"), 41 + 2 + 10 + 1000);
    EXPECT_EQ(Call(*library, "first_in_thread"), 1);
    EXPECT_EQ(Call(*library, "first_in_thread"), 2);
  };
  count();
  std::thread(count).join();
  EXPECT_EQ(destroyed, 1);
  std::thread(count).join();
  EXPECT_EQ(destroyed, 2);
  (*library->Get<void(int*)>("count_thread_destroyed"))(nullptr);
}

TEST_P(LoadThreadLocal, IsFoundByName) {
  const auto library = LoadAll(
      {absl::StrCat("threads_", GetParam(), ".o"), "thread_variable.o"});
  ASSERT_TRUE(library.ok()) << library.status();
  const auto* variable = static_cast<int*>(library->Find("of_another_object"));
  ASSERT_NE(variable, nullptr);
  EXPECT_EQ(*variable, 1000);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(variable) % 64, 0);
}

INSTANTIATE_TEST_SUITE_P(, LoadThreadLocal,
                         testing::Values("global_dynamic", "local_exec",
                                         "descriptors", "initial_exec", "large",
                                         "pic_clang"),
                         [](const auto& param) {
                           return std::string(param.param);
                         });

TEST(LoadObjects, TakesTheFirstOfEachGroup) {
  const auto library = LoadAll({"first.o", "second.o"});
  ASSERT_TRUE(library.ok()) << library.status();
  EXPECT_EQ(Call(*library, "count_in_first"), 1);
  EXPECT_EQ(Call(*library, "count_in_second"), 2);
  EXPECT_EQ(Call(*library, "count_in_first"), 3);
  EXPECT_EQ((*library->Get<void*()>("counter_of_first"))(),
            (*library->Get<void*()>("counter_of_second"))());
  EXPECT_EQ(Call(*library, "add_in_first"), 43);
  // Through the frames of the copy that was kept.
  EXPECT_EQ(Call(*library, "add_in_second"), -5);
}

TEST(LoadObjects, HaveEachStringOnce) {
  const auto library = LoadAll({"first.o", "second.o"});
  ASSERT_TRUE(library.ok()) << library.status();
  const auto string = [&](absl::string_view name) {
    return (*library->Get<const char*()>(name))();
  };
  EXPECT_STREQ(string("string_of_first"), "the same string");
  EXPECT_EQ(string("string_of_first"), string("string_of_second"));
  EXPECT_STREQ(string("other_string_of_first"), "of the first alone");
  EXPECT_STREQ(string("other_string_of_second"), "of the second alone");
}

TEST(LoadObjects, RefusesTwoDefinitions) {
  const auto library = LoadAll({"other.o", "other.o"});
  EXPECT_EQ(library.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(library.status().message()),
              HasSubstr("of_another_member is defined by"));
}

TEST(LoadObjects, SaysWhatIsMissing) {
  const auto library = LoadAll({"first.o"});
  EXPECT_EQ(library.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(library.status().message()),
              HasSubstr("undefined symbol: _Z17defined_by_secondv"));
}

TEST(LoadObjects, CallsFunctionsInOrder) {
  std::string end(8, '.');
  {
    const auto library = LoadAll({"order.o"});
    ASSERT_TRUE(library.ok()) << library.status();
    EXPECT_STREQ((*library->Get<const char*()>("what_ran"))(), "123456");
    EXPECT_EQ(Call(*library, "sum_of_entries"), 21);
    EXPECT_EQ(Call(*library, "call_chosen"), 41);
    EXPECT_EQ(Call(*library, "call_pointer"), 42);
    EXPECT_EQ(Call(*library, "chosen"), 40);
    (*library->Get<void(char*)>("note_end_in"))(end.data());
  }
  // fini_array backwards, and atexit's from __cxa_finalize.
  EXPECT_EQ(end, "bcz.....");
}

class Archives : public testing::TestWithParam<const char*> {};

TEST_P(Archives, GiveTheMembersThatAreNeeded) {
  const auto library = LoadAll({GetParam(), "wants_member.o"});
  ASSERT_TRUE(library.ok()) << library.status();
  EXPECT_EQ(Call(*library, "ask"), 42);
  EXPECT_EQ(library->Find("not_asked_for"), nullptr);
}

INSTANTIATE_TEST_SUITE_P(, Archives,
                         testing::Values("members.a", "thin.a", "no_index.a"),
                         [](const auto& param) {
                           const std::string name = param.param;
                           return name.substr(0, name.size() - 2);
                         });

TEST(Archive, AloneHasNothingThatIsNeeded) {
  const auto library = LoadAll({"members.a"});
  EXPECT_EQ(library.status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(LoadObjects, BindToSharedObjectsOfTheGroup) {
  std::vector<ModuleSource> sources;
  for (const std::string& path :
       {ObjectPath("wants_member.o"), ObjectPath("members.a"),
        TestdataPath("dependencies/libtop.so")}) {
    auto source = ModuleSource::Open(path);
    ASSERT_TRUE(source.ok()) << source.status();
    sources.push_back(*std::move(source));
  }
  Loader loader;
  const auto library = loader.LoadObjects(std::move(sources));
  ASSERT_TRUE(library.ok()) << library.status();
  EXPECT_EQ(Call(*library, "ask"), 42);
  EXPECT_GT(library->loaded().size(), 1);
}

TEST(LoadObjects, MayBeMovedByPasses) {
  // As any other module that is understood.
  const auto library = LoadAll({"calls_pic.o"});
  ASSERT_TRUE(library.ok()) << library.status();
  EXPECT_EQ(library->image().image().module(ModuleId(0)).materialization,
            Materialization::kArenas);
}

TEST(Load, TellsObjectsFromOthers) {
  Loader loader;
  const auto library = loader.Load(ObjectPath("calls_pic.o"));
  ASSERT_TRUE(library.ok()) << library.status();
  EXPECT_EQ(Call(*library, "run"), 42);
  EXPECT_EQ(loader.LoadDylib(ObjectPath("calls_pic.o")).status().code(),
            absl::StatusCode::kUnimplemented);
}

}  // namespace
}  // namespace relink
