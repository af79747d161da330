// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// `relink exec`, as a person runs it.

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/relink/run_relink.h"

namespace relink::tools {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;

// Prints what a program knows of itself, and the same whoever started it.
constexpr char kProgram[] = R"(
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/wait.h>
#include <unistd.h>
extern char** environ;
static _Thread_local int local = 3;
static void* other(void* sum) {
  *(int*)sum = ++local;
  return NULL;
}
static void said(void) { printf("exit handler\n"); }
int main(int argc, char** argv) {
  for (int i = 0; i < argc; ++i) printf("argument %s\n", argv[i]);
  for (char** e = environ; *e != NULL; ++e) printf("environment %s\n", *e);
  static const int same[] = {AT_PHENT, AT_PHNUM, AT_FLAGS, AT_UID, AT_EUID,
    AT_GID, AT_EGID, AT_HWCAP, AT_HWCAP2, AT_PAGESZ, AT_CLKTCK, AT_SECURE,
    AT_MINSIGSTKSZ};
  for (size_t i = 0; i < sizeof(same) / sizeof(*same); ++i)
    printf("%d %lu\n", same[i], getauxval(same[i]));
  printf("%s %s %d %d\n", (char*)getauxval(AT_EXECFN),
         (char*)getauxval(AT_PLATFORM), getauxval(AT_RANDOM) != 0,
         getauxval(AT_SYSINFO_EHDR) != 0);
  int sum = 0;
  pthread_t thread;
  pthread_create(&thread, NULL, other, &sum);
  pthread_join(thread, NULL);
  char deep[1 << 20];
  snprintf(deep, sizeof(deep), "thread %d", sum);
  puts(deep);
  pthread_attr_t attributes;
  pthread_getattr_np(pthread_self(), &attributes);
  void* stack;
  size_t size;
  pthread_attr_getstack(&attributes, &stack, &size);
  printf("stack %d\n", (char*)stack <= deep && deep < (char*)stack + size);
  fflush(stdout);
  if (fork() == 0) {
    execl("/bin/sh", "sh", "-c", "echo of a child; exit 5", NULL);
    _exit(1);
  }
  int status;
  wait(&status);
  printf("child %d\n", WEXITSTATUS(status));
  int character, sum_of_input = 0;
  while ((character = getchar()) != EOF) sum_of_input += character;
  printf("input %d\n", sum_of_input);
  atexit(said);
  return 9;
}
)";

class Exec : public testing::TestWithParam<const char*> {};

TEST_P(Exec, StartsAProgramAsTheKernelWould) {
  const std::string program = Quoted(
      CompileC("program", kProgram, absl::StrCat("-pthread ", GetParam())));
  const std::string rest =
      program + " one '' 'two words' --verbose < /proc/version";
  const std::string clean = "env -i A=1 B= ";
  const Outcome kernel = Shell(clean + rest);
  const Outcome ours =
      Shell(absl::StrCat(clean, Quoted(RelinkPath()), " exec ", rest));
  EXPECT_EQ(ours.exit_code, 9);
  EXPECT_EQ(kernel.exit_code, 9);
  EXPECT_EQ(ours.out, kernel.out);
  EXPECT_EQ(ours.err, "");
  EXPECT_THAT(ours.out, HasSubstr("argument two words\n"));
}

INSTANTIATE_TEST_SUITE_P(, Exec,
                         testing::Values("-pie -fPIE", "-no-pie -fno-pie",
                                         "-static-pie -fPIE",
                                         "-static -fno-pie"));

TEST(ExecSystem, StartsProgramsOfTheSystem) {
  for (const char* line :
       {"ls -l /etc/passwd", "/bin/ls /usr/bin",
        "bash -c 'for i in 1 2; do echo $i$1; done | tr 1 x' b c",
        "/usr/bin/python3 -c 'import sys, json, threading; "
        "print(json.dumps(sys.argv)); "
        "threading.Thread(target=print, args=(1,)).start()' a b",
        "perl -e 'print \"@ARGV\\n\"; system(\"echo\", \"sub\"); exit 3' a b",
        "awk 'BEGIN { printf \"%.3f\\n\", exp(1) }'",
        "/lib64/ld-linux-x86-64.so.2 /bin/echo through ld.so"}) {
    const Outcome kernel = Shell(line);
    const Outcome ours = RunRelink(absl::StrCat("exec ", line));
    EXPECT_EQ(ours.out, kernel.out) << line;
    EXPECT_EQ(ours.err, kernel.err) << line;
    EXPECT_EQ(ours.exit_code, kernel.exit_code) << line;
    EXPECT_NE(ours.out, "") << line;
  }
}

TEST(ExecSystem, StartsItself) {
  const std::string again = Quoted(RelinkPath()) + " exec ";
  EXPECT_EQ(RunRelink("exec " + again + again + "echo three times").out,
            "three times\n");
}

TEST(ExecSystem, LeavesAProgramItsSignalsAndItsEnd) {
  EXPECT_EQ(Shell("trap '' USR1; " + Quoted(RelinkPath()) +
                  " exec sh -c 'kill -USR1 $$; echo alive; kill -TERM $$'")
                .out,
            "alive\n");
}

TEST(ExecSystem, IsSeenAsTheProgram) {
  EXPECT_EQ(RunRelink("exec cat /proc/self/comm").out, "cat\n");
}

TEST(ExecOptions, SaysWhatIsWhere) {
  const Outcome outcome = RunRelink("exec --verbose /bin/true");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.err,
              AllOf(ContainsRegex("/bin/true: at 0x[0-9a-f]+, entry point 0x"),
                    HasSubstr("/lib64/ld-linux-x86-64.so.2: at 0x")));
}

TEST(ExecOptions, NamesTheProgram) {
  EXPECT_EQ(RunRelink("exec --argv0=-name sh -c 'echo $0'").out, "-name\n");
}

TEST(ExecOptions, StartsNothingOnAMistake) {
  const Outcome missing = RunRelink("exec no-such-program");
  EXPECT_EQ(missing.exit_code, 1);
  EXPECT_THAT(missing.err, HasSubstr("no such command"));
  const Outcome script = Shell(
      "printf '#!/bin/sh\\necho no' > script; "
      "chmod +x script; " +
      Quoted(RelinkPath()) + " exec ./script");
  EXPECT_EQ(script.exit_code, 1);
  EXPECT_EQ(script.out, "");
  EXPECT_THAT(script.err, HasSubstr("start its interpreter: /bin/sh"));
  EXPECT_EQ(RunRelink("exec").exit_code, 2);
  EXPECT_THAT(RunRelink("exec --help").out, HasSubstr("--argv0=NAME"));
}

}  // namespace
}  // namespace relink::tools
