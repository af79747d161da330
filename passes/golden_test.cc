// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// usage: golden_test [--update] FILE...
// Each file is a golden test, see run_golden.h. With --update, writes their
// results into them instead:
//
//   bazel run //passes:golden_test -- --update

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "passes/graph/split_functions.h"
#include "passes/registry.h"
#include "passes/run_golden.h"
#include "relink/ir/link_graph.h"
#include "relink/pass/pass_registry.h"

namespace relink {
namespace {

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

class Golden : public testing::Test {
 public:
  explicit Golden(std::string path) : path_(std::move(path)) {}
  void TestBody() override {
    const std::string text = ReadFile(path_);
    ASSERT_FALSE(text.empty()) << path_;
    EXPECT_EQ(RunGolden(text), text) << path_;
  }

 private:
  std::string path_;
};

// What stands between the last two slashes: tests of a pass are in a folder.
std::string FolderOf(absl::string_view path) {
  path = path.substr(0, path.rfind('/'));
  return std::string(path.substr(path.rfind('/') + 1));
}

class EveryPassHasOne : public testing::Test {
 public:
  explicit EveryPassHasOne(std::vector<std::string> folders)
      : folders_(std::move(folders)) {}
  void TestBody() override {
    PassRegistry registry;
    RegisterShippedPasses(registry);
    const auto has_one = [&](absl::string_view name) {
      for (const std::string& folder : folders_) {
        if (folder == name) return true;
      }
      return false;
    };
    for (const PassRow& pass : registry.passes()) {
      if (pass.unit != &kUnitKey<LinkGraph>) continue;
      // It reads a file, which text has none of: the tests of moved code and of
      // relink verify run it over real ones.
      if (pass.name == SplitFunctions::kName) continue;
      EXPECT_TRUE(has_one(pass.name)) << pass.name;
    }
    for (const AnalysisRow& analysis : registry.analyses()) {
      EXPECT_TRUE(has_one(analysis.name)) << analysis.name;
    }
  }

 private:
  std::vector<std::string> folders_;
};

void Register(const std::vector<std::string>& paths) {
  std::vector<std::string> folders;
  for (const std::string& path : paths) {
    folders.push_back(FolderOf(path));
    const std::string name = path.substr(path.rfind('/') + 1);
    testing::RegisterTest(
        folders.back().c_str(), name.c_str(), nullptr, nullptr, __FILE__,
        __LINE__, [path]() -> testing::Test* { return new Golden(path); });
  }
  testing::RegisterTest(
      "Golden", "EveryPassHasOne", nullptr, nullptr, __FILE__, __LINE__,
      [folders]() -> testing::Test* { return new EveryPassHasOne(folders); });
}

void Update(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    const std::string old_text = ReadFile(path);
    const std::string text = RunGolden(old_text);
    if (text == old_text) continue;
    std::ofstream(path, std::ios::binary) << text;
    std::cout << "updated " << path << "\n";
  }
}

}  // namespace
}  // namespace relink

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  std::vector<std::string> paths;
  bool update = false;
  for (int i = 1; i < argc; ++i) {
    if (absl::string_view(argv[i]) == "--update") {
      update = true;
    } else {
      paths.emplace_back(argv[i]);
    }
  }
  if (update) {
    relink::Update(paths);
    return 0;
  }
  relink::Register(paths);
  return RUN_ALL_TESTS();
}
