// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/link/program.h"

#include <elf.h>
#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "relink/elf/records.h"
#include "relink/layout/layout.h"
#include "relink/link/program_origin.h"
#include "relink/map/system_backend.h"
#include "relink/reloc/scope.h"
#include "relink/scan/scan_module.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

// What the kernel checks before it reads a file. There is no way to give the
// process the rights that it would give.
absl::Status CheckRights(const std::string& path) {
  if (faccessat(AT_FDCWD, path.c_str(), X_OK, AT_EACCESS) != 0) {
    const absl::StatusCode code = errno == ENOENT || errno == ENOTDIR
                                      ? absl::StatusCode::kNotFound
                                      : absl::StatusCode::kPermissionDenied;
    return {code, absl::StrCat(path, ": ", std::strerror(errno))};
  }
  struct stat facts = {};
  if (stat(path.c_str(), &facts) != 0) return absl::OkStatus();
  const bool gains_rights =
      ((facts.st_mode & S_ISUID) != 0 && facts.st_uid != geteuid()) ||
      ((facts.st_mode & S_ISGID) != 0 && facts.st_gid != getegid()) ||
      (geteuid() != 0 &&
       getxattr(path.c_str(), "security.capability", nullptr, 0) > 0);
  if (!gains_rights) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      path,
      ": runs with more rights than its user, which only the kernel can "
      "give"));
}

absl::Status CheckNoScript(const ModuleSource& source) {
  const absl::string_view text(
      reinterpret_cast<const char*>(source.prefix().bytes().data()),
      source.prefix().size());
  if (!absl::StartsWith(text, "#!")) return absl::OkStatus();
  constexpr size_t kMaxLine = 256;  // As execve(2) has it.
  const absl::string_view line =
      text.substr(2, std::min(text.find('\n'), kMaxLine) - 2);
  return absl::InvalidArgumentError(
      absl::StrCat(source.name(), ": is a script; start its interpreter: ",
                   absl::StripAsciiWhitespace(line)));
}

// A module that runs from its entry point on and relocates itself.
absl::StatusOr<Module> ScanStarted(ModuleSource source) {
  RETURN_IF_ERROR(CheckNoScript(source));
  ASSIGN_OR_RETURN(Module module, ScanModule(std::move(source)));
  const bool is_code =
      std::ranges::any_of(module.segments, [&](const Segment& segment) {
        return segment.executable && segment.memory.Contains(module.entry);
      });
  if (!is_code) {
    return absl::InvalidArgumentError(absl::StrCat(
        module.name(), ": entry point 0x", absl::Hex(module.entry.value()),
        " is not in an executable segment, so there is nothing to start"));
  }
  module.relro = {};  // It is still to be written.
  return module;
}

absl::StatusOr<Module> ScanInterpreter(const std::string& path) {
  ASSIGN_OR_RETURN(ModuleSource source, ModuleSource::Open(path));
  ASSIGN_OR_RETURN(Module module, ScanStarted(std::move(source)));
  if (module.interpreter.empty()) return module;
  return absl::InvalidArgumentError(absl::StrCat(
      path, ": needs an interpreter itself (", module.interpreter, ")"));
}

// Where the program headers are among the link addresses; 0 if nowhere.
LinkRange ProgramHeaders(const Module& module) {
  const auto header = module.source.prefix().Record<elf::Ehdr<NativeElf>>(0);
  if (!header.ok()) return {};
  const FileRange table{FileOffset(uint64_t{(*header)->e_phoff}),
                        module.program_headers.size()};
  for (const Segment& segment : module.segments) {
    if (!segment.file.Contains(table)) continue;
    return {segment.memory.begin +
                static_cast<uint64_t>(table.begin - segment.file.begin),
            table.size};
  }
  return {};
}

std::vector<std::string> OwnEnvironment() {
  std::vector<std::string> environment;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    environment.emplace_back(*entry);
  }
  return environment;
}

}  // namespace

absl::StatusOr<Program> Program::Load(absl::string_view path, Options options) {
  RETURN_IF_ERROR(CheckRights(std::string(path)));
  ASSIGN_OR_RETURN(ModuleSource source, ModuleSource::Open(path));
  return Load(std::move(source), std::move(options));
}

absl::StatusOr<Program> Program::Load(ModuleSource source, Options options) {
  MappingBackend& backend =
      options.backend != nullptr ? *options.backend : SystemBackend();
  if (!backend.runs_here()) {
    return absl::FailedPreconditionError(
        absl::StrCat(source.name(), ": is not mapped where it could run"));
  }
  const std::string name = source.name();
  absl::StatusOr<ExecProcess> process = ExecProcess::Read();
  if (!process.ok()) return Annotate(process.status(), name);

  ASSIGN_OR_RETURN(Module module, ScanStarted(std::move(source)));
  LinkGraph graph;
  const std::string interpreter = module.interpreter;
  graph.root_id = graph.modules.Add(std::move(module));
  if (!interpreter.empty()) {
    absl::StatusOr<Module> scanned = ScanInterpreter(interpreter);
    if (!scanned.ok()) {
      return Annotate(scanned.status(), absl::StrCat(name, ": interpreter"));
    }
    graph.modules.Add(*std::move(scanned));
  }
  ASSIGN_OR_RETURN(Layout layout,
                   PlanLayout(graph, {.page_size = backend.page_size()}));
  ASSIGN_OR_RETURN(PlacedGraph placed,
                   Stage(std::move(graph), std::move(layout), backend));
  ASSIGN_OR_RETURN(LinkedImage image,
                   FinishImage(std::move(placed), /*resolve=*/nullptr));
  Program program(std::move(image), *std::move(process));
  RETURN_IF_ERROR(program.MakeStack(options));
  return program;
}

RuntimeRange Program::program_headers() const {
  const LinkRange range = ProgramHeaders(module());
  if (range.size == 0) return {};
  return image_.placed(kProgram).Bulk(range);
}

uint64_t Program::interpreter_base() const {
  return interpreter().empty() ? 0 : image_.placed(kInterpreter).bias();
}

RuntimeAddr Program::start() const {
  return Entry(interpreter().empty() ? kProgram : kInterpreter);
}

absl::Status Program::MakeStack(const Options& options) {
  std::vector<std::string> arguments = options.arguments;
  if (arguments.empty()) arguments.push_back(name());
  const std::vector<std::string> environment =
      options.environment.has_value() ? *options.environment : OwnEnvironment();

  InitialStackContents contents;
  contents.arguments = arguments;
  contents.environment = environment;
  contents.file = name();
  contents.platform = "x86_64";
  if (getrandom(contents.random.data(), contents.random.size(), 0) !=
      static_cast<ssize_t>(contents.random.size())) {
    return absl::ResourceExhaustedError(
        absl::StrCat(name(), ": getrandom: ", std::strerror(errno)));
  }
  ASSIGN_OR_RETURN(const std::vector<SearchPath> paths,
                   PathsFromOrigin(module()));
  for (const SearchPath& path : paths) contents.others.push_back(path.text);
  // What the kernel says of itself and of the machine stays.
  const AuxiliaryEntry own[] = {{AT_PHDR, program_headers().begin.value()},
                                {AT_PHENT, sizeof(elf::Phdr<NativeElf>)},
                                {AT_PHNUM, module().program_headers.size() /
                                               sizeof(elf::Phdr<NativeElf>)},
                                {AT_BASE, interpreter_base()},
                                {AT_FLAGS, 0},
                                {AT_ENTRY, entry().value()},
                                {AT_RANDOM, 0},
                                {AT_EXECFN, 0},
                                {AT_PLATFORM, 0}};
  contents.auxiliary = process_.auxiliary;
  std::erase_if(contents.auxiliary, [&](const AuxiliaryEntry& entry) {
    return entry.type == AT_EXECFD ||
           std::ranges::find(own, entry.type, &AuxiliaryEntry::type) !=
               std::end(own);
  });
  contents.auxiliary.insert(contents.auxiliary.end(), std::begin(own),
                            std::end(own));

  stack_ = MakeInitialStack(std::move(contents), process_.stack_end);
  for (size_t i = 0; i < paths.size(); ++i) {
    SetSearchPath(module(), image_.placed(kProgram), paths[i].tag,
                  stack_.others[i]);
  }
  if (stack_.bytes.size() <= process_.max_arguments) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrCat(
      name(), ": arguments and environment take ", stack_.bytes.size(),
      " bytes, and the stack's limit allows ", process_.max_arguments));
}

void Program::Start() && {
  const std::string base_name = name().substr(name().rfind('/') + 1);
  ExecEntry(process_, base_name, stack_, start());
}

}  // namespace relink
