// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/link/program.h"

#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "relink/ir/module_source.h"
#include "relink/map/failing_backend.h"
#include "relink/map/posix_backend.h"
#include "relink/map/proc_maps.h"
#include "relink/runtime/initial_stack.h"
#include "relink/support/address.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

constexpr absl::StatusCode kInvalid = absl::StatusCode::kInvalidArgument;
constexpr absl::StatusCode kPrecondition =
    absl::StatusCode::kFailedPrecondition;

std::string Path(absl::string_view name) {
  return TestdataPath(absl::StrCat("programs/", name));
}

std::string ContentsOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Outcome {
  int exit_code;
  std::string out;
};

// What the program does that `load` gives in a child process.
Outcome Start(absl::FunctionRef<absl::StatusOr<Program>()> load) {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    close(ends[0]);
    close(ends[1]);
    absl::StatusOr<Program> program = load();
    if (program.ok()) (*std::move(program)).Start();
    fprintf(stderr, "%s\n", program.status().ToString().c_str());
    _exit(126);
  }
  close(ends[1]);
  Outcome outcome = {};
  char buffer[4096];
  for (ssize_t size; (size = read(ends[0], buffer, sizeof(buffer))) > 0;) {
    outcome.out.append(buffer, static_cast<size_t>(size));
  }
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  outcome.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return outcome;
}
Outcome StartCommand(std::vector<std::string> arguments) {
  return Start([&] {
    const std::string path = arguments[0];
    return Program::Load(path, {.arguments = arguments});
  });
}

uint64_t Auxiliary(const Program& program, uint64_t type) {
  const InitialStack& stack = program.stack();
  const std::byte* at =
      stack.bytes.data() + (stack.auxiliary.begin - stack.pointer);
  for (uint64_t i = 0; i < stack.auxiliary.size; i += sizeof(AuxiliaryEntry)) {
    AuxiliaryEntry entry;
    std::memcpy(&entry, at + i, sizeof(entry));
    if (entry.type == type) return entry.value;
  }
  ADD_FAILURE() << "no entry " << type;
  return 0;
}

TEST(Program, SaysWhereEverythingIs) {
  auto program = Program::Load(Path("movable.elf"), {});
  ASSERT_TRUE(program.ok()) << program.status();
  EXPECT_EQ(program->interpreter(), "/lib64/ld-linux-x86-64.so.2");
  EXPECT_NE(program->base(), 0u);
  EXPECT_NE(program->interpreter_base(), program->base());
  EXPECT_NE(program->start(), program->entry());
  EXPECT_EQ(PermissionsAt(program->entry()), "r-xp");
  EXPECT_EQ(PermissionsAt(program->start()), "r-xp");
  const RuntimeRange headers = program->program_headers();
  EXPECT_EQ(Auxiliary(*program, AT_PHDR), headers.begin.value());
  EXPECT_EQ(Auxiliary(*program, AT_PHNUM) * Auxiliary(*program, AT_PHENT),
            headers.size);
  EXPECT_EQ(Auxiliary(*program, AT_ENTRY), program->entry().value());
  EXPECT_EQ(Auxiliary(*program, AT_BASE), program->interpreter_base());
  Elf64_Phdr first;
  std::memcpy(&first, reinterpret_cast<void*>(headers.begin.value()),
              sizeof(first));
  EXPECT_EQ(first.p_type, uint32_t{PT_PHDR});
  EXPECT_EQ(first.p_vaddr + program->base(), headers.begin.value());
}

TEST(Program, StartsAProgramThatCanMove) {
  EXPECT_EQ(StartCommand({Path("movable.elf")}).exit_code, 42);
}

TEST(Program, StartsAProgramWhereItWasLinked) {
  EXPECT_EQ(StartCommand({Path("fixed.elf")}).exit_code, 42);
}

TEST(Program, StartsAProgramInMemory) {
  const std::string bytes = ContentsOf("/bin/echo");
  const Outcome outcome = Start([&] {
    return Program::Load(
        ModuleSource::FromMemory(std::as_bytes(std::span(bytes)), "echo"),
        {.arguments = {"echo", "hello"}});
  });
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.out, "hello\n");
}

TEST(Program, GivesItTheEnvironmentThatItIsToHave) {
  const Outcome outcome = Start([] {
    return Program::Load(
        "/usr/bin/env",
        {.arguments = {"env"},
         .environment = std::vector<std::string>{"A=1", "B=two"}});
  });
  EXPECT_EQ(outcome.out, "A=1\nB=two\n");
}

TEST(Program, ResetsHandlersOfSignalsAndKeepsWhatIsIgnored) {
  const Outcome outcome = Start([] {
    signal(SIGUSR1, [](int) {});
    signal(SIGUSR2, SIG_IGN);
    return Program::Load("/bin/cat",
                         {.arguments = {"cat", "/proc/self/status"}});
  });
  const auto mask = [&](absl::string_view name) {
    const size_t at = outcome.out.find(absl::StrCat(name, ":\t"));
    return std::stoull(outcome.out.substr(at + name.size() + 2), nullptr, 16);
  };
  EXPECT_EQ(mask("SigCgt"), 0u);
  EXPECT_NE(mask("SigIgn") & (uint64_t{1} << (SIGUSR2 - 1)), 0u);
  EXPECT_EQ(mask("SigIgn") & (uint64_t{1} << (SIGUSR1 - 1)), 0u);
}

TEST(Program, ClosesDescriptorsThatCloseOnExec) {
  const Outcome outcome = Start([] {
    const int null = open("/dev/null", O_RDONLY);
    fcntl(null, F_DUPFD, 201);
    fcntl(null, F_DUPFD_CLOEXEC, 202);
    return Program::Load("/bin/ls", {.arguments = {"ls", "/proc/self/fd"}});
  });
  EXPECT_TRUE(absl::StrContains(outcome.out, "201\n")) << outcome.out;
  EXPECT_FALSE(absl::StrContains(outcome.out, "202\n")) << outcome.out;
}

TEST(Program, IsCalledByItsNameAndArguments) {
  EXPECT_EQ(StartCommand({"/bin/cat", "/proc/self/comm"}).out, "cat\n");
}

TEST(Program, RefusesToTakeThePlaceOfSeveralThreads) {
  std::thread([] {
    const absl::Status status = Program::Load("/bin/true", {}).status();
    EXPECT_EQ(status.code(), kPrecondition) << status;
  }).join();
}

TEST(Program, SaysThatItsFixedAddressIsTaken) {
  auto first = Program::Load(Path("fixed.elf"), {});
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(Program::Load(Path("fixed.elf"), {}).status().code(),
            kPrecondition);
}

TEST(Program, LeavesNothingBehindIfItFailsOrIsNotStarted) {
  PosixBackend posix;
  uint64_t call = 1;
  for (bool ok = false; !ok; ++call) {
    ASSERT_LT(call, 100u);
    FailingBackend backend(posix, call);
    const MapsSnapshot before;
    {
      auto program = Program::Load("/bin/ls", {.backend = &backend});
      ok = program.ok();
      if (!ok) {
        EXPECT_EQ(program.status().code(),
                  absl::StatusCode::kResourceExhausted);
      }
    }
    EXPECT_EQ(backend.live_reservations(), 0u);
    const MapsSnapshot after;
    // The first ones allocate whatever is kept for later.
    if (kMapsAreOurs && call > 2) {
      EXPECT_TRUE(before == after) << call;
    }
  }
  EXPECT_GT(call, 4u);
}

TEST(Program, RefusesMoreArgumentsThanTheStackHasRoomFor) {
  const std::string large(uint64_t{8} << 20, 'x');
  const absl::Status status =
      Program::Load("/bin/true", {.arguments = {"true", large}}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << status;
}

TEST(Program, TakesAsManyArgumentsAsTheStackHasRoomFor) {
  const std::string large(uint64_t{1} << 20, 'x');
  EXPECT_EQ(StartCommand({"/bin/echo", large}).out, large + "\n");
}

// A program with something wrong.
class Patched : public testing::Test {
 protected:
  Elf64_Ehdr& header() { return *reinterpret_cast<Elf64_Ehdr*>(bytes_.data()); }
  Elf64_Phdr& segment(uint32_t type, size_t which = 0) {
    auto* headers =
        reinterpret_cast<Elf64_Phdr*>(bytes_.data() + header().e_phoff);
    for (size_t i = 0; i < header().e_phnum; ++i) {
      if (headers[i].p_type == type && which-- == 0) return headers[i];
    }
    abort();
  }
  void SetInterpreter(absl::string_view path) {
    const Elf64_Phdr& interpreter = segment(PT_INTERP);
    bytes_.replace(interpreter.p_offset, path.size() + 1,
                   std::string(path) + '\0');
  }
  void ExpectRefused(absl::StatusCode code, absl::string_view what) {
    const absl::Status status =
        Program::Load(
            ModuleSource::FromMemory(std::as_bytes(std::span(bytes_)), "wrong"),
            {})
            .status();
    EXPECT_EQ(status.code(), code) << status;
    EXPECT_TRUE(absl::StartsWith(status.message(), "wrong: ")) << status;
    EXPECT_TRUE(absl::StrContains(status.message(), what)) << status;
  }

  std::string bytes_ = ContentsOf(Path("movable.elf"));
};

TEST_F(Patched, IsTruncated) {
  bytes_.resize(bytes_.size() / 4);
  ExpectRefused(absl::StatusCode::kOutOfRange, "");
}
TEST_F(Patched, IsForAnotherMachine) {
  header().e_machine = EM_AARCH64;
  ExpectRefused(absl::StatusCode::kUnimplemented, "machine 183");
}
TEST_F(Patched, IsAScript) {
  bytes_ = "#! /bin/sh -e\necho\n";
  ExpectRefused(kInvalid, "is a script; start its interpreter: /bin/sh -e");
  bytes_ = "#!";
  ExpectRefused(kInvalid, "is a script");
}
TEST_F(Patched, HasNoInterpreter) {
  SetInterpreter("/lib64/none");
  ExpectRefused(absl::StatusCode::kNotFound, "interpreter: /lib64/none");
}
TEST_F(Patched, HasAnInterpreterThatNeedsOne) {
  SetInterpreter("/bin/sh");
  ExpectRefused(kInvalid, "/bin/sh: needs an interpreter itself");
}
TEST_F(Patched, HasAnInterpreterThatIsNone) {
  SetInterpreter("/proc/self/maps");
  ExpectRefused(kInvalid, "interpreter: /proc/self/maps");
}
TEST_F(Patched, HasSegmentsThatOverlap) {
  segment(PT_LOAD, 1).p_vaddr = segment(PT_LOAD, 0).p_vaddr;
  segment(PT_LOAD, 1).p_align = 1;
  ExpectRefused(kInvalid, "overlaps");
}
TEST_F(Patched, HasCodeThatIsWritable) {
  segment(PT_LOAD, 1).p_flags = PF_R | PF_W | PF_X;
  ExpectRefused(absl::StatusCode::kUnimplemented, "writable and executable");
}
TEST_F(Patched, WantsAnExecutableStack) {
  segment(PT_GNU_STACK).p_flags = PF_R | PF_W | PF_X;
  ExpectRefused(absl::StatusCode::kUnimplemented, "executable stack");
}
TEST_F(Patched, BeginsWhereNoCodeIs) {
  header().e_entry = 0;
  ExpectRefused(kInvalid, "entry point 0x0 is not in an executable segment");
}

// A copy of a program in a file.
std::string Copy(const std::string& path, mode_t mode) {
  std::string copy = absl::StrCat(testing::TempDir(), "/copy");
  unlink(copy.c_str());
  std::ofstream(copy, std::ios::binary) << ContentsOf(path);
  chmod(copy.c_str(), mode);
  return copy;
}

TEST(Program, RefusesWhatMayNotBeExecuted) {
  EXPECT_EQ(Program::Load(Copy("/bin/true", 0644), {}).status().code(),
            absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(Program::Load("/no/such/file", {}).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(Program::Load("/bin", {}).status().code(), kInvalid);
}

TEST(Program, RefusesWhatWouldHaveMoreRights) {
  const std::string copy = Copy("/bin/true", 0755);
  if (chown(copy.c_str(), 12345, 12345) != 0) {
    GTEST_SKIP() << "only the superuser can give files away";
  }
  EXPECT_TRUE(Program::Load(copy, {}).ok());
  ASSERT_EQ(chmod(copy.c_str(), 04755), 0);
  EXPECT_EQ(Program::Load(copy, {}).status().code(), kPrecondition);
}

}  // namespace
}  // namespace relink
