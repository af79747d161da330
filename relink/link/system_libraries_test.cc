// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Libraries of the distribution as they are; none is linked with this test.

#include <dlfcn.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/link/library.h"
#include "relink/link/loader.h"

// LeakSanitizer asks. These libraries keep memory until the process ends, which
// looks lost once they are unloaded.
extern "C" int __lsan_is_turned_off() { return 1; }

namespace relink {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class SystemLibraries : public testing::Test {
 protected:
  // One that the process does not have, and has not after it was loaded.
  Library Load(const std::string& name) {
    auto library = loader_.LoadDylib("/usr/lib/x86_64-linux-gnu/" + name);
    EXPECT_TRUE(library.ok()) << library.status();
    EXPECT_EQ(dlopen(name.c_str(), RTLD_LAZY | RTLD_NOLOAD), nullptr);
    return *std::move(library);
  }
  template <typename T>
  static Handle<T> Function(const Library& library, const std::string& name) {
    auto function = library.Get<T>(name);
    EXPECT_TRUE(function.ok()) << function.status();
    return *std::move(function);
  }

  Loader loader_;
};

using ZlibConvert = int(uint8_t*, size_t*, const uint8_t*, size_t);

TEST_F(SystemLibraries, ZlibCompressesAndBack) {
  const Library zlib = Load("libz.so.1");
  const auto compress = Function<ZlibConvert>(zlib, "compress");
  const auto uncompress = Function<ZlibConvert>(zlib, "uncompress");
  std::vector<uint8_t> text(50'000);
  for (size_t i = 0; i < text.size(); ++i) {
    text[i] = static_cast<uint8_t>(i * i >> 5);
  }
  std::vector<uint8_t> packed(2 * text.size());
  std::vector<uint8_t> unpacked(text.size());
  size_t packed_size = packed.size();
  size_t unpacked_size = unpacked.size();
  ASSERT_EQ(compress(packed.data(), &packed_size, text.data(), text.size()), 0);
  EXPECT_LT(packed_size, text.size());
  ASSERT_EQ(
      uncompress(unpacked.data(), &unpacked_size, packed.data(), packed_size),
      0);
  EXPECT_EQ(unpacked, text);
  // Z_DATA_ERROR.
  EXPECT_EQ(uncompress(unpacked.data(), &unpacked_size, text.data(), 100), -3);
}

TEST_F(SystemLibraries, ZlibHasItsKnownChecksums) {
  const Library zlib = Load("libz.so.1");
  using Checksum = size_t(size_t, const char*, unsigned);
  EXPECT_EQ(Function<Checksum>(zlib, "crc32")(0, "123456789", 9), 0xcbf43926u);
  EXPECT_EQ(Function<Checksum>(zlib, "adler32")(1, "Wikipedia", 9),
            0x11e60398u);
  EXPECT_EQ(
      std::string(Function<const char*()>(zlib, "zlibVersion")()).substr(0, 2),
      "1.");
}

TEST_F(SystemLibraries, SqliteAnswersQueries) {
  const Library sqlite = Load("libsqlite3.so.0");
  using Row = int(void*, int, char**, char**);
  const auto open = Function<int(const char*, void**)>(sqlite, "sqlite3_open");
  const auto exec = Function<int(void*, const char*, Row*, void*, char**)>(
      sqlite, "sqlite3_exec");
  const auto message = Function<const char*(void*)>(sqlite, "sqlite3_errmsg");
  const auto close = Function<int(void*)>(sqlite, "sqlite3_close");
  void* database = nullptr;
  ASSERT_EQ(open(":memory:", &database), 0);
  std::vector<std::string> rows;
  // A function of the library's calls one of ours.
  const auto keep = [](void* into, int count, char** values, char** names) {
    auto& kept = *static_cast<std::vector<std::string>*>(into);
    for (int i = 0; i < count; ++i) {
      kept.push_back(std::string(names[i]) + "=" + values[i]);
    }
    return 0;
  };
  // Real numbers need libm, which is another module.
  constexpr const char* kQuery =
      "create table t(n, s); insert into t values (2, 'b'), (3, 'a'), (4, 'b');"
      "select s, sum(n) as n from t group by s order by s;"
      "select round(sqrt(16.0), 1) as r";
  EXPECT_EQ(exec(database, kQuery, keep, &rows, nullptr), 0)
      << message(database);
  EXPECT_THAT(rows, ElementsAre("s=a", "n=3", "s=b", "n=6", "r=4.0"));
  EXPECT_NE(exec(database, "select * from nowhere", keep, &rows, nullptr), 0);
  EXPECT_THAT(message(database), HasSubstr("no such table: nowhere"));
  EXPECT_EQ(close(database), 0);
}

// FIPS 180-2, appendices B.1 and C.1.
TEST_F(SystemLibraries, LibcryptoHasTheStandardsDigests) {
  const Library crypto = Load("libcrypto.so.3");
  using Digest = uint8_t*(const char*, size_t, uint8_t*);
  const auto digest = [&](const std::string& name, size_t size) {
    std::string bytes(size, '\0');
    Function<Digest>(crypto, name)("abc", 3,
                                   reinterpret_cast<uint8_t*>(bytes.data()));
    return absl::BytesToHexString(bytes);
  };
  EXPECT_EQ(digest("SHA256", 32),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(digest("SHA512", 64),
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
  // Its error queue is a thread's own.
  const auto put_error =
      Function<void(int, int, const char*)>(crypto, "ERR_set_error");
  const auto peek_error = Function<size_t()>(crypto, "ERR_peek_error");
  Function<void()>(crypto, "ERR_new")();
  put_error(6, 100, nullptr);
  EXPECT_NE(peek_error(), 0u);
  std::thread([&] { EXPECT_EQ(peek_error(), 0u); }).join();
}

// 100 MB of C++ with a dozen dependencies, whose initialization functions
// register hundreds of objects.
TEST_F(SystemLibraries, LlvmReadsAndWritesItsLanguage) {
  const Library llvm = Load("libLLVM-14.so.1");
  EXPECT_GT(llvm.loaded().size(), 1u);
  const auto parse =
      Function<int(void*, void*, void**, char**)>(llvm, "LLVMParseIRInContext");
  const auto make_buffer = Function<void*(const char*, size_t, const char*)>(
      llvm, "LLVMCreateMemoryBufferWithMemoryRangeCopy");
  const auto print = Function<char*(void*)>(llvm, "LLVMPrintModuleToString");
  const auto dispose_text = Function<void(char*)>(llvm, "LLVMDisposeMessage");
  const auto dispose_module = Function<void(void*)>(llvm, "LLVMDisposeModule");
  void* const context = Function<void*()>(llvm, "LLVMContextCreate")();

  // The program as LLVM understood it, or its complaint.
  const auto round_trip = [&](absl::string_view program) {
    void* module = nullptr;
    char* text = nullptr;
    if (parse(context, make_buffer(program.data(), program.size(), "program"),
              &module, &text) == 0) {
      text = print(module);
      dispose_module(module);
    }
    std::string result = text;
    dispose_text(text);
    return result;
  };
  EXPECT_THAT(round_trip("define i32 @answer() { ret i32 42 }\n"),
              HasSubstr("define i32 @answer() {\n  ret i32 42\n}"));
  EXPECT_THAT(round_trip("define i32 @answer() { ret i64 42 }\n"),
              HasSubstr("value doesn't match function result type 'i32'"));
  Function<void(void*)>(llvm, "LLVMContextDispose")(context);
}

TEST_F(SystemLibraries, LoadManyTimesAndAllAtOnce) {
  for (int round = 0; round < 3; ++round) {
    std::vector<Library> libraries;
    for (const char* name : {"libz.so.1", "libsqlite3.so.0", "libcrypto.so.3",
                             "libz.so.1", "libcrypto.so.3"}) {
      libraries.push_back(Load(name));
    }
    EXPECT_NE(libraries[0].base(), libraries[3].base());
    EXPECT_NE(libraries[2].Find("SHA256"), libraries[4].Find("SHA256"));
  }
}

}  // namespace
}  // namespace relink
