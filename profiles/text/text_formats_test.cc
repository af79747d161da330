// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Readers of text, each found by the contents, and writers.

#include <fstream>
#include <sstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "profiles/formats.h"
#include "profiles/testing/read_text.h"

namespace relink::profiles {
namespace {

using testing::HasSubstr;

std::string Written(const char* format, const std::string& input) {
  std::ostringstream out;
  EXPECT_TRUE((*FindFormat(format))->write(*ReadBytes(input), {}, out).ok());
  return out.str();
}

TEST(Fdata, HasBranchesBetweenSymbolsAndFiles) {
  EXPECT_EQ(ReadAsText("1 main 3f 1 two\\ words 0 1 5\n"
                       "1 main 3f 0 /lib/c.so 12 0 4\n"
                       "4 main 3f 4 x 0 1 5\n"),
            "source fdata  samples=9 weight=9\n"
            "module unknown module\n"
            "  main+0x3f samples=9 weight=9\n"
            "module /lib/c.so\n"
            "branch unknown module main+0x3f -> unknown module two words+0x0 "
            "samples=5 weight=5\n"
            "branch unknown module main+0x3f -> /lib/c.so link+0x12 samples=4 "
            "weight=4\n"
            "mispredicted unknown module main+0x3f -> unknown module two "
            "words+0x0 samples=1 weight=1\n");
}

TEST(Fdata, HasSamplesIfItSaysSo) {
  EXPECT_EQ(ReadAsText("no_lbr cycles:\n1 f a 3\n1 g 0 2\n"),
            "source fdata cycles: samples=5 weight=5\n"
            "module unknown module\n"
            "  f+0xa samples=3 weight=3\n"
            "  g+0x0 samples=2 weight=2\n");
}

TEST(Fdata, SaysWhichLineCannotBe) {
  EXPECT_EQ(ReadAsText("boltedcollection\n1 f a 1 g x 0 1\n"),
            "r: no offset: x (line 2)");
  EXPECT_EQ(ReadAsText("1 f a 1 g 0 0 1\n1 f a\n"),
            "r: expected two places and two counts (line 2)");
}

TEST(Preaggregated, HasLocationsInSeveralModules) {
  EXPECT_EQ(ReadAsText("E cycles\n"
                       "B aabb:10 ccdd:20 7 2\n"
                       "F ccdd:20 ccdd:28 5\n"
                       "S 30 1\n"
                       "T aabb:10 aabb:40 aabb:48 3\n"
                       "B X:1 aabb:10 4 0\n"),
            "source preaggregated cycles samples=15 weight=15\n"
            "module unknown module\n"
            "  link+0x30 samples=1 weight=1\n"
            "module build-id aabb build-id=aabb\n"
            "  link+0x10 samples=10 weight=10\n"
            "module build-id ccdd build-id=ccdd\n"
            "branch build-id aabb link+0x10 -> build-id aabb link+0x40 "
            "samples=3 weight=3\n"
            "branch build-id aabb link+0x10 -> build-id ccdd link+0x20 "
            "samples=7 weight=7\n"
            "mispredicted build-id aabb link+0x10 -> build-id ccdd link+0x20 "
            "samples=2 weight=2\n"
            "run build-id aabb link+0x40 -> build-id aabb link+0x48 samples=3 "
            "weight=3\n"
            "run build-id ccdd link+0x20 -> build-id ccdd link+0x28 samples=5 "
            "weight=5\n"
            "not attributed: unknown samples=4 weight=4\n");
}

TEST(Preaggregated, SaysWhichLineCannotBe) {
  EXPECT_EQ(ReadAsText("S 10 1\nB 10 20 1\n"),
            "r: B takes 2 locations and 2 counts (line 2)");
  EXPECT_EQ(ReadAsText("S 10 1\nS xyz:10 1\n"), "r: no build-id: xyz (line 2)");
}

TEST(SymbolOrdering, WeighsTheFirstMost) {
  const std::string text = "# hot\nmain\n\nleaf\nmain\nlast\n";
  EXPECT_EQ(ReadAsText(text),
            "source symbol-ordering  samples=0 weight=0\n"
            "module unknown module\n"
            "  last+0x0 samples=0 weight=1\n"
            "  leaf+0x0 samples=0 weight=2\n"
            "  main+0x0 samples=0 weight=3\n");
  EXPECT_EQ(Written("symbol-ordering", text), "main\nleaf\nlast\n");
}

TEST(CallGraphOrdering, HasWeightedCalls) {
  EXPECT_EQ(ReadAsText("main f 10\nf g 20\n"),
            "source call-graph-ordering  samples=30 weight=30\n"
            "module unknown module\n"
            "  f+0x0 samples=10 weight=10\n"
            "  g+0x0 samples=20 weight=20\n"
            "call unknown module f+0x0 -> unknown module g+0x0 samples=20 "
            "weight=20\n"
            "call unknown module main+0x0 -> unknown module f+0x0 samples=10 "
            "weight=10\n");
  EXPECT_EQ(ReadAsText("main f 10\nf g\n"),
            "r: expected a caller, a callee and a weight (line 2)");
}

TEST(Folded, HasStacks) {
  const std::string text = "a;b b;c 3\na 2\na;do_it_[k] 4\n[vdso] 1\n";
  EXPECT_EQ(ReadAsText(text),
            "source folded  samples=10 weight=10\n"
            "module unknown module\n"
            "  a+0x0 samples=2 weight=2\n"
            "  c+0x0 samples=3 weight=3\n"
            "call unknown module b b+0x0 -> unknown module c+0x0 samples=3 "
            "weight=3\n"
            "outer-call unknown module a+0x0 -> unknown module b b+0x0 "
            "samples=3 weight=3\n"
            "not attributed: kernel samples=4 weight=4\n"
            "not attributed: vdso samples=1 weight=1\n");
  EXPECT_EQ(Written("folded", text), "[kernel] 4\n[vdso] 1\na 2\nb b;c 3\n");
}

constexpr char kScript[] =
    "a b 7/8 10.5: PERF_RECORD_MMAP2 7/8: [0x5000(0x1000) @ 0x2000 fe:00 1 "
    "2]: r-xp /bin/a\n"
    "a b     7 10.6:     250 cycles:u: \n"
    "\t            5004 f+0x4 (/bin/a)\n"
    "\t            2104 g+0x104 (/bin/a)\n"
    "\n"
    "a b     7 10.7:     250 cycles:u:   5008 f+0x8 (/bin/a)\n"
    "a b     7 10.7:     250 cycles:u:  ffffffff81000000 k+0x8 "
    "([kernel.kallsyms])\n"
    "a b     9 10.7:     250 cycles:u:  7f0000001000 h+0x8 (/lib/h.so)\n"
    "a b     9 10.7:     250 cycles:u:  7f0000001000 [unknown] ([unknown])\n"
    "a b     9 10.7:       1 other:  7f0000001000 h+0x8 (/lib/h.so)\n";

TEST(PerfScript, UsesMappingsAndElseSymbols) {
  EXPECT_EQ(ReadAsText(kScript),
            "source perf-script cycles:u samples=5 weight=1250\n"
            "module /bin/a\n"
            "  file+0x2004 samples=1 weight=250\n"
            "  file+0x2008 samples=1 weight=250\n"
            "module /lib/h.so\n"
            "  h+0x8 samples=1 weight=250\n"
            "call /bin/a file+0x2104 -> /bin/a file+0x2004 samples=1 "
            "weight=250\n"
            "not attributed: kernel samples=1 weight=250\n"
            "not attributed: unknown samples=1 weight=250\n"
            "not attributed: other events samples=1 weight=1\n");
}

TEST(PerfScript, CountsWhatMovedWhereItCameFrom) {
  const std::string folder = testing::TempDir();
  std::ofstream(folder + "/relink-5.map") << "50000 100 400 6161 /bin/a\n";
  const std::string text =
      "a 5 1.0: 7 cycles: \n"
      "\t50010 f+0x10 (/tmp/perf-5.map)\n"
      "\t50020 g+0x20 (//anon)\n"
      "\n"
      "a 5 1.1: 7 cycles: \n"
      "\t60000 [unknown] (//anon)\n";
  EXPECT_EQ(ReadAsText(text, {.moved = folder}),
            "source perf-script cycles samples=2 weight=14\n"
            "module /bin/a build-id=6161\n"
            "  file+0x410 samples=1 weight=7\n"
            "call /bin/a file+0x420 -> /bin/a file+0x410 samples=1 weight=7\n"
            "not attributed: anonymous memory samples=1 weight=7\n");
}

TEST(PerfScript, SaysWhichLineCannotBe) {
  EXPECT_THAT(ReadAsText(std::string(kScript) + "what is this\n"),
              HasSubstr("r: no line of a sample (line 11)"));
}

TEST(LineReader, RefusesALineWithoutEnd) {
  std::string text = "S 10 1\n";
  text.append(size_t{2} << 20, 'x');
  EXPECT_EQ(ReadAsText(text), "r: more than 1048576 bytes (line 2)");
}

TEST(LineReader, TakesLineEndsOfOtherSystemsAndNoneAtTheEnd) {
  EXPECT_THAT(ReadAsText("S 10 1\r\nS 20 2"),
              HasSubstr("link+0x20 samples=2 weight=2\n"));
}

}  // namespace
}  // namespace relink::profiles
