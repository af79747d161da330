// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Loads libraries of the distribution as they are, none of which this program
// is linked with, and calls into them: zlib, SQLite, OpenSSL's libcrypto, and
// LLVM, which is C++ and needs a dozen others.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "relink/link/loader.h"
#include "relink/support/status_macros.h"

namespace {

using relink::Library;
using relink::Loader;

constexpr absl::string_view kDirectory = "/usr/lib/x86_64-linux-gnu/";

// Compresses a text and gets it back.
absl::StatusOr<std::string> UseZlib(const Library& zlib) {
  // zlib's uLong is unsigned long, 64 bits here.
  using Convert = int(uint8_t*, uint64_t*, const uint8_t*, uint64_t);
  ASSIGN_OR_RETURN(const auto compress, zlib.Get<Convert>("compress"));
  ASSIGN_OR_RETURN(const auto uncompress, zlib.Get<Convert>("uncompress"));
  const std::vector<uint8_t> text(100'000, 'x');
  std::vector<uint8_t> packed(1000);
  std::vector<uint8_t> unpacked(text.size());
  uint64_t packed_size = packed.size();
  uint64_t unpacked_size = unpacked.size();
  if (compress(packed.data(), &packed_size, text.data(), text.size()) != 0 ||
      uncompress(unpacked.data(), &unpacked_size, packed.data(), packed_size) !=
          0 ||
      unpacked != text) {
    return absl::InternalError("the text did not come back");
  }
  return absl::StrCat(text.size(), " bytes compressed to ", packed_size,
                      " and back");
}

// Asks a database in memory.
absl::StatusOr<std::string> UseSqlite(const Library& sqlite) {
  using Row = int(void*, int, char**, char**);
  ASSIGN_OR_RETURN(const auto open,
                   sqlite.Get<int(const char*, void**)>("sqlite3_open"));
  ASSIGN_OR_RETURN(const auto close, sqlite.Get<int(void*)>("sqlite3_close"));
  ASSIGN_OR_RETURN(
      const auto exec,
      sqlite.Get<int(void*, const char*, Row*, void*, char**)>("sqlite3_exec"));
  void* database = nullptr;
  if (open(":memory:", &database) != 0) return absl::InternalError("open");
  std::string answer;
  const auto keep = [](void* into, int, char** columns, char**) {
    *static_cast<std::string*>(into) = columns[0];
    return 0;
  };
  constexpr const char* kQuery =
      "create table t(n); insert into t values (2), (3), (37);"
      "select sum(n) from t";
  const int failed = exec(database, kQuery, keep, &answer, nullptr);
  close(database);
  if (failed != 0 || answer != "42") return absl::InternalError(answer);
  return absl::StrCat("select sum(n) gave ", answer);
}

// The digest of "abc" (FIPS 180-2, appendix B.1).
absl::StatusOr<std::string> UseLibcrypto(const Library& crypto) {
  ASSIGN_OR_RETURN(
      const auto sha256,
      crypto.Get<uint8_t*(const char*, size_t, uint8_t*)>("SHA256"));
  uint8_t digest[32];
  sha256("abc", 3, digest);
  const std::string text = absl::BytesToHexString(
      {reinterpret_cast<const char*>(digest), sizeof(digest)});
  if (text !=
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad") {
    return absl::InternalError(text);
  }
  return absl::StrCat("SHA256(abc) is ", text.substr(0, 16), "...");
}

// Parses a program in LLVM's language and asks for its target.
absl::StatusOr<std::string> UseLlvm(const Library& llvm) {
  ASSIGN_OR_RETURN(const auto make_context,
                   llvm.Get<void*()>("LLVMContextCreate"));
  ASSIGN_OR_RETURN(const auto dispose_context,
                   llvm.Get<void(void*)>("LLVMContextDispose"));
  ASSIGN_OR_RETURN(const auto make_buffer,
                   llvm.Get<void*(const char*, size_t, const char*)>(
                       "LLVMCreateMemoryBufferWithMemoryRangeCopy"));
  ASSIGN_OR_RETURN(
      const auto parse,
      llvm.Get<int(void*, void*, void**, char**)>("LLVMParseIRInContext"));
  ASSIGN_OR_RETURN(const auto print,
                   llvm.Get<char*(void*)>("LLVMPrintModuleToString"));
  ASSIGN_OR_RETURN(const auto free_text,
                   llvm.Get<void(char*)>("LLVMDisposeMessage"));
  ASSIGN_OR_RETURN(const auto dispose_module,
                   llvm.Get<void(void*)>("LLVMDisposeModule"));
  constexpr absl::string_view kProgram =
      "define i32 @answer() { ret i32 42 }\n";
  void* context = make_context();
  void* module = nullptr;
  char* error = nullptr;
  void* buffer = make_buffer(kProgram.data(), kProgram.size(), "program");
  if (parse(context, buffer, &module, &error) != 0) {
    return absl::InternalError(error);
  }
  char* text = print(module);
  const bool whole = std::strstr(text, "ret i32 42") != nullptr;
  free_text(text);
  dispose_module(module);
  dispose_context(context);
  if (!whole) return absl::InternalError("the program was not understood");
  return std::string("parsed and printed a function");
}

struct Example {
  absl::string_view file;
  absl::StatusOr<std::string> (*use)(const Library& library);
};

constexpr Example kExamples[] = {
    {"libz.so.1", UseZlib},
    {"libsqlite3.so.0", UseSqlite},
    {"libcrypto.so.3", UseLibcrypto},
    {"libLLVM-14.so.1", UseLlvm},
};

absl::Status Run(Loader& loader, const Example& example) {
  const auto begin = std::chrono::steady_clock::now();
  ASSIGN_OR_RETURN(const Library library,
                   loader.LoadDylib(absl::StrCat(kDirectory, example.file)));
  const std::chrono::duration<double, std::milli> took =
      std::chrono::steady_clock::now() - begin;
  ASSIGN_OR_RETURN(const std::string result, example.use(library));
  const size_t modules = library.loaded().size();
  std::printf("%-16s %2zu %-8s %5zu symbols, loaded in %6.2f ms: %s\n",
              std::string(example.file).c_str(), modules,
              modules == 1 ? "module," : "modules,", library.symbols().size(),
              took.count(), result.c_str());
  return absl::OkStatus();
}

}  // namespace

int main() {
  Loader loader;
  bool failed = false;
  for (const Example& example : kExamples) {
    const absl::Status status = Run(loader, example);
    if (status.ok()) continue;
    failed = true;
    std::fprintf(stderr, "%s: %s\n", std::string(example.file).c_str(),
                 status.ToString().c_str());
  }
  return failed ? 1 : 0;
}
