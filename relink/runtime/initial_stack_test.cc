// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/initial_stack.h"

#include <elf.h>

#include <cstring>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace relink {
namespace {

using testing::ElementsAre;

constexpr RuntimeAddr kEnd(0x7000'0000'1008);

// A stack as its program would read it.
class Reader {
 public:
  explicit Reader(const InitialStack& stack)
      : stack_(stack), at_(stack.pointer) {}

  uint64_t Word() {
    uint64_t word = 0;
    std::memcpy(&word, At(at_), sizeof(word));
    at_ = at_ + sizeof(word);
    return word;
  }
  std::vector<std::string> Strings() {
    std::vector<std::string> strings;
    while (const uint64_t pointer = Word()) strings.push_back(String(pointer));
    return strings;
  }
  std::string String(uint64_t pointer) const {
    return reinterpret_cast<const char*>(At(RuntimeAddr(pointer)));
  }
  RuntimeAddr at() const { return at_; }

 private:
  const std::byte* At(RuntimeAddr addr) const {
    const RuntimeRange memory{stack_.pointer, stack_.bytes.size()};
    EXPECT_TRUE(memory.Contains(addr));
    return stack_.bytes.data() + (addr - memory.begin);
  }

  const InitialStack& stack_;
  RuntimeAddr at_;
};

InitialStackContents Contents() {
  InitialStackContents contents;
  contents.auxiliary = {
      {AT_PAGESZ, 4096}, {AT_RANDOM, 0}, {AT_EXECFN, 0}, {AT_PLATFORM, 0}};
  contents.file = "/bin/echo";
  contents.platform = "x86_64";
  for (size_t i = 0; i < contents.random.size(); ++i) {
    contents.random[i] = static_cast<std::byte>('a' + i);
  }
  return contents;
}

TEST(InitialStack, HasWhatThePsAbiSays) {
  const std::vector<std::string> arguments = {"echo", "", "two words"};
  const std::vector<std::string> environment = {"A=1", "B="};
  InitialStackContents contents = Contents();
  contents.arguments = arguments;
  contents.environment = environment;
  const InitialStack stack = MakeInitialStack(contents, kEnd);
  Reader reader(stack);
  EXPECT_EQ(reader.Word(), 3u);
  EXPECT_EQ(reader.Strings(), arguments);
  EXPECT_EQ(reader.Strings(), environment);
  EXPECT_EQ(reader.at(), stack.auxiliary.begin);
  EXPECT_EQ(reader.Word(), uint64_t{AT_PAGESZ});
  EXPECT_EQ(reader.Word(), 4096u);
  EXPECT_EQ(reader.Word(), uint64_t{AT_RANDOM});
  EXPECT_EQ(reader.String(reader.Word()).substr(0, 16), "abcdefghijklmnop");
  EXPECT_EQ(reader.Word(), uint64_t{AT_EXECFN});
  EXPECT_EQ(reader.String(reader.Word()), "/bin/echo");
  EXPECT_EQ(reader.Word(), uint64_t{AT_PLATFORM});
  EXPECT_EQ(reader.String(reader.Word()), "x86_64");
  EXPECT_EQ(reader.Word(), uint64_t{AT_NULL});
  EXPECT_EQ(reader.Word(), 0u);
  EXPECT_EQ(reader.at(), stack.auxiliary.end());
}

TEST(InitialStack, IsAlignedAndEndsWhereItShould) {
  std::vector<std::string> arguments;
  for (int i = 0; i < 40; ++i) {
    InitialStackContents contents = Contents();
    contents.arguments = arguments;
    const InitialStack stack = MakeInitialStack(contents, kEnd);
    EXPECT_EQ(stack.pointer.value() % 16, 0u);
    EXPECT_EQ(stack.bytes.size() % 8, 0u);
    const RuntimeAddr end = stack.pointer + stack.bytes.size();
    EXPECT_LE(end, kEnd);
    EXPECT_GT(end + 32, kEnd);
    arguments.emplace_back(static_cast<size_t>(i), 'x');
  }
}

TEST(InitialStack, KeepsStringsTogether) {
  const std::vector<std::string> arguments = {"ls", "-l"};
  const std::vector<std::string> environment = {"A=1"};
  InitialStackContents contents = Contents();
  contents.arguments = arguments;
  contents.environment = environment;
  const InitialStack stack = MakeInitialStack(contents, kEnd);
  EXPECT_EQ(stack.arguments.size, sizeof("ls\0-l"));
  EXPECT_EQ(stack.environment.begin, stack.arguments.end());
  EXPECT_EQ(stack.environment.size, sizeof("A=1"));
  EXPECT_EQ(Reader(stack).String(stack.arguments.begin.value()), "ls");
}

TEST(InitialStack, KeepsOtherStringsToo) {
  InitialStackContents contents = Contents();
  contents.others = {"one", "other"};
  const InitialStack stack = MakeInitialStack(contents, kEnd);
  ASSERT_EQ(stack.others.size(), 2u);
  EXPECT_EQ(Reader(stack).String(stack.others[0].value()), "one");
  EXPECT_EQ(Reader(stack).String(stack.others[1].value()), "other");
}

TEST(InitialStack, CutsStringsAtTheirFirstNul) {
  const std::vector<std::string> arguments = {std::string("a\0b", 3), "c"};
  InitialStackContents contents = Contents();
  contents.arguments = arguments;
  const InitialStack stack = MakeInitialStack(contents, kEnd);
  Reader reader(stack);
  EXPECT_EQ(reader.Word(), 2u);
  EXPECT_THAT(reader.Strings(), ElementsAre("a", "c"));
}

TEST(InitialStack, HasNoArgumentsIfThereAreNone) {
  const InitialStack stack = MakeInitialStack(Contents(), kEnd);
  Reader reader(stack);
  EXPECT_EQ(reader.Word(), 0u);
  EXPECT_EQ(reader.Word(), 0u);
  EXPECT_EQ(reader.Word(), 0u);
  EXPECT_EQ(stack.arguments.size, 0u);
}

}  // namespace
}  // namespace relink
