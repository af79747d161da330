// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/ordering/symbol_order_file.h"

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace relink {
namespace {

using Names = std::vector<std::string>;

TEST(SymbolOrder, HasANameOnEachLine) {
  EXPECT_EQ(ParseSymbolOrder("f\ng\n"), (Names{"f", "g"}));
  EXPECT_EQ(ParseSymbolOrder(""), Names{});
}

TEST(SymbolOrder, LeavesOutBlanksCommentsAndWhatCameBefore) {
  EXPECT_EQ(ParseSymbolOrder("# hot\n  f \r\n\n\tg\nf\n#h\nlast"),
            (Names{"f", "g", "last"}));
}

TEST(SymbolOrder, IsReadFromAFile) {
  const std::string path =
      std::string(std::getenv("TEST_TMPDIR")) + "/order.txt";
  std::ofstream(path) << "f\n";
  const auto names = ReadSymbolOrderFile(path);
  ASSERT_TRUE(names.ok()) << names.status();
  EXPECT_EQ(*names, Names{"f"});
}

TEST(SymbolOrder, SaysWhichFileThereIsNot) {
  const auto names = ReadSymbolOrderFile("/no/such/file");
  EXPECT_TRUE(absl::IsNotFound(names.status()));
  EXPECT_EQ(names.status().message(), "/no/such/file: cannot be opened");
}

}  // namespace
}  // namespace relink
