// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/reloc/synthetic_module.h"

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "relink/elf/hash_filter.h"
#include "relink/elf/symbol_name.h"
#include "relink/reloc/scope.h"
#include "relink/support/status.h"

namespace relink {
namespace {

using Binding = SyntheticModule::Binding;
using Builder = SyntheticModule::Builder;
using Kind = SyntheticModule::Kind;
using Module = std::shared_ptr<const SyntheticModule>;
using Request = elf::Definitions<NativeElf>::Request;

int One() { return 1; }
int Two() { return 2; }
int Three() noexcept { return 3; }
const int table[4] = {1, 2, 3, 4};

uint64_t AddressOf(int (*function)()) {
  return reinterpret_cast<uint64_t>(function);
}

// The address of what lookup finds, or 0.
uint64_t Find(const SyntheticModule& module, absl::string_view name,
              const Request& request = {.newest = true}) {
  const ScopeMember* member = &module.member();
  const Definition found =
      FindInScope({&member, 1}, elf::SymbolName(Ref(name)), request);
  return found.owner == nullptr ? 0 : found.address();
}
uint64_t FindVersion(const SyntheticModule& module, absl::string_view name,
                     absl::string_view version) {
  const ScopeMember* member = &module.member();
  const Definition found = relink::FindVersion(
      {&member, 1}, elf::SymbolName(Ref(name)), Ref(version));
  return found.owner == nullptr ? 0 : found.address();
}

Module Built(Builder builder) {
  auto module = std::move(builder).Build();
  EXPECT_TRUE(module.ok()) << module.status();
  return module.ok() ? *module : nullptr;
}

TEST(SyntheticModule, IsFoundByName) {
  Builder builder("libhost.so");
  builder.Add("one", &One).Add("three", &Three).Add("table", &table);
  const Module module = Built(std::move(builder));
  EXPECT_EQ(Find(*module, "one"), AddressOf(&One));
  EXPECT_EQ(Find(*module, "three"), AddressOf(&Three));
  EXPECT_EQ(Find(*module, "table"), reinterpret_cast<uint64_t>(&table));
  EXPECT_EQ(Find(*module, "on"), 0u);
  EXPECT_EQ(Find(*module, "ones"), 0u);
  EXPECT_EQ(Find(*module, ""), 0u);
  EXPECT_EQ(module->soname(), "libhost.so");
  EXPECT_EQ(module->member().soname, "libhost.so");
  EXPECT_EQ(module->size(), 3u);
}

TEST(SyntheticModule, HasTypesSizesAndBindings) {
  Builder builder("libhost.so");
  builder.Add("one", &One)
      .Add("table", &table)
      .Add({.name = "chosen",
            .address = reinterpret_cast<const void*>(&One),
            .kind = Kind::kIndirectFunction,
            .weak = true});
  const Module module = Built(std::move(builder));
  const auto& definitions = module->member().definitions;
  const auto symbol = [&](absl::string_view name) {
    return definitions
        .symbols[definitions.Find(elf::SymbolName(Ref(name)), {})];
  };
  EXPECT_EQ(symbol("one").type(), elf::kSttFunc);
  EXPECT_EQ(symbol("one").bind(), elf::kStbGlobal);
  EXPECT_EQ(symbol("table").type(), elf::kSttObject);
  EXPECT_EQ(symbol("table").st_size, sizeof(table));
  EXPECT_EQ(symbol("chosen").type(), elf::kSttGnuIfunc);
  EXPECT_EQ(symbol("chosen").bind(), elf::kStbWeak);
}

TEST(SyntheticModule, ShowsTheBytesOfObjectsAndOfNothingElse) {
  uint64_t first = 17;
  uint64_t last = 19;
  Builder builder("libhost.so");
  builder.Add("first", &first).Add("last", &last).Add("one", &One);
  const Module module = Built(std::move(builder));
  const auto bytes = [&](const void* at, uint64_t size) {
    return module->member().memory.Slice(
        LinkAddr(reinterpret_cast<uint64_t>(at)), size);
  };
  for (const uint64_t* object : {&first, &last}) {
    const auto seen = bytes(object, sizeof(*object));
    ASSERT_TRUE(seen.ok());
    EXPECT_EQ(std::memcmp(seen->data(), object, sizeof(*object)), 0);
    EXPECT_FALSE(bytes(object, sizeof(*object) + 1).ok());
  }
  EXPECT_FALSE(bytes(reinterpret_cast<const void*>(&One), 1).ok());
}

TEST(SyntheticModule, WithoutSymbolsFindsNothing) {
  const Module module = Built(Builder("libempty.so"));
  EXPECT_EQ(Find(*module, "one"), 0u);
  EXPECT_EQ(module->size(), 0u);
  EXPECT_TRUE(module->member().definitions.symbols.gnu_hash().hashes().empty());
}

// f@@V2, f@V1, old@V1, plain.
Module Versioned() {
  Builder builder("libhost.so");
  builder.AddVersion("f", "V1", &One, Binding::kHidden)
      .AddVersion("f", "V2", &Two)
      .AddVersion("old", "V1", &One, Binding::kHidden)
      .Add("plain", &Three);
  return Built(std::move(builder));
}

TEST(SyntheticModule, IsFoundByVersion) {
  const Module module = Versioned();
  EXPECT_EQ(FindVersion(*module, "f", "V1"), AddressOf(&One));
  EXPECT_EQ(FindVersion(*module, "f", "V2"), AddressOf(&Two));
  EXPECT_EQ(FindVersion(*module, "f", "V3"), 0u);
  EXPECT_EQ(FindVersion(*module, "old", "V2"), 0u);
}

TEST(SyntheticModule, ChoosesAVersionForReferencesWithoutOne) {
  const Module module = Versioned();
  // dlsym takes the default, a relocation what was there first.
  EXPECT_EQ(Find(*module, "f", {.newest = true}), AddressOf(&Two));
  EXPECT_EQ(Find(*module, "f", {}), AddressOf(&One));
  EXPECT_EQ(Find(*module, "plain", {}), AddressOf(&Three));
}

TEST(SyntheticModule, HidesHiddenVersionsFromNames) {
  EXPECT_EQ(Find(*Versioned(), "old", {.newest = true}), 0u);
}

TEST(SyntheticModule, WithoutVersionsSatisfiesAnyReference) {
  Builder builder("libhost.so");
  builder.Add("one", &One);
  EXPECT_EQ(FindVersion(*Built(std::move(builder)), "one", "V1"),
            AddressOf(&One));
}

TEST(SyntheticModule, SaysWhichVersionsItDefines) {
  const Module module = Versioned();
  std::vector<std::string> names;
  for (const elf::Version& version : module->member().definitions.versions) {
    if (version.hash == 0) continue;
    EXPECT_TRUE(version.file.empty());
    EXPECT_EQ(version.hash, elf::SysvHash(version.name));
    names.emplace_back(View(version.name));
  }
  EXPECT_EQ(names, (std::vector<std::string>{"V1", "V2"}));
}

TEST(SyntheticModule, KeepsNamesWithOneHashApart) {
  // Bernstein's hash: "Ab" and "BA" collide, as do all strings of them.
  ASSERT_EQ(elf::GnuHash("Ab"), elf::GnuHash("BA"));
  std::vector<std::string> names = {""};
  for (int i = 0; i < 8; ++i) {
    std::vector<std::string> longer;
    for (const std::string& name : names) {
      longer.push_back(name + "Ab");
      longer.push_back(name + "BA");
    }
    names = std::move(longer);
  }
  static int objects[256];
  Builder builder("libhost.so");
  for (size_t i = 0; i < names.size(); ++i) builder.Add(names[i], &objects[i]);
  const Module module = Built(std::move(builder));
  for (size_t i = 0; i < names.size(); ++i) {
    EXPECT_EQ(Find(*module, names[i]), reinterpret_cast<uint64_t>(&objects[i]));
  }
  EXPECT_EQ(Find(*module, "AbAbAbAbAbAbAbBb"), 0u);
}

TEST(SyntheticModule, HoldsManySymbols) {
  constexpr size_t kCount = 50'000;
  static char objects[kCount];
  Builder builder("libhost.so");
  for (size_t i = 0; i < kCount; ++i) {
    builder.Add(absl::StrCat("symbol_", i), &objects[i]);
  }
  const Module module = Built(std::move(builder));
  EXPECT_EQ(module->size(), kCount);
  for (size_t i = 0; i < kCount; ++i) {
    ASSERT_EQ(Find(*module, absl::StrCat("symbol_", i)),
              reinterpret_cast<uint64_t>(&objects[i]));
    ASSERT_EQ(Find(*module, absl::StrCat("other_", i)), 0u);
  }
  // What filters over several modules are built from.
  const auto hashes = module->member().definitions.symbols.gnu_hash().hashes();
  ASSERT_EQ(hashes.size(), kCount);
  std::vector<uint64_t> words(1024);
  elf::HashFilter filter(words);
  for (const uint32_t hash : hashes) filter.Add(hash);
  EXPECT_TRUE(filter.MayContain(elf::GnuHash("symbol_77")));
}

TEST(SyntheticModule, IsReadByManyThreads) {
  const Module module = Versioned();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([module] {
      for (int n = 0; n < 1000; ++n) {
        EXPECT_EQ(FindVersion(*module, "f", "V2"), AddressOf(&Two));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(SyntheticModule, LooksForOverlongNamesWithoutHarm) {
  const Module module = Versioned();
  const std::string name(1 << 21, 'f');
  EXPECT_EQ(Find(*module, name), 0u);
  EXPECT_EQ(FindVersion(*module, "f", name), 0u);
}

TEST(SyntheticModule, TakesNamesUpToTheLimit) {
  const std::string name(Builder::kMaxNameSize, 'n');
  Builder builder("libhost.so");
  builder.Add(name, &One);
  EXPECT_EQ(Find(*Built(std::move(builder)), name), AddressOf(&One));
}

absl::Status Refusal(const std::vector<SyntheticModule::Symbol>& symbols) {
  Builder builder("libhost.so");
  for (const SyntheticModule::Symbol& symbol : symbols) builder.Add(symbol);
  return std::move(builder).Build().status();
}

TEST(SyntheticModule, RefusesSymbolsThatCannotBe) {
  const std::string too_long(Builder::kMaxNameSize + 1, 'n');
  EXPECT_EQ(Refusal({{.name = "", .address = &table}}),
            absl::InvalidArgumentError("libhost.so: symbol without a name"));
  EXPECT_EQ(Refusal({{.name = "t", .address = nullptr}}),
            absl::InvalidArgumentError("libhost.so: t: address is null"));
  EXPECT_EQ(
      Refusal({{.name = absl::string_view("a\0b", 3), .address = &table}}),
      absl::InvalidArgumentError("libhost.so: a: NUL in a name"));
  EXPECT_EQ(Refusal({{.name = too_long, .address = &table}}),
            absl::InvalidArgumentError(absl::StrCat(
                "libhost.so: ", std::string(32, 'n'),
                "...: name of 1048577 bytes is longer than 1048576")));
  EXPECT_EQ(
      Refusal({{.name = "t", .address = &table, .version = too_long}}).code(),
      absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(
      Refusal({{.name = "t", .address = &table, .size = UINT64_MAX}}),
      absl::InvalidArgumentError("libhost.so: t: runs past the end of memory"));
  EXPECT_EQ(
      Refusal({{.name = "t", .address = &table, .binding = Binding::kHidden}}),
      absl::InvalidArgumentError(
          "libhost.so: t: is hidden, but has no version"));
}

TEST(SyntheticModule, RefusesADefinitionTwice) {
  EXPECT_EQ(Refusal({{.name = "t", .address = &table},
                     {.name = "t", .address = &table + 1}}),
            absl::AlreadyExistsError("libhost.so: t: is defined twice"));
  EXPECT_EQ(Refusal({{.name = "t",
                      .address = &table,
                      .version = "V1",
                      .binding = Binding::kHidden},
                     {.name = "t", .address = &table, .version = "V1"}}),
            absl::AlreadyExistsError("libhost.so: t@V1: is defined twice"));
  EXPECT_EQ(
      Refusal({{.name = "t", .address = &table, .version = "V1"},
               {.name = "t", .address = &table, .version = "V2"}}),
      absl::AlreadyExistsError("libhost.so: t: has two default versions"));
}

TEST(SyntheticModule, RefusesMoreVersionsThanThereAreNumbers) {
  Builder builder("libhost.so");
  for (int i = 0; i < 0x7f00; ++i) {
    builder.AddVersion("f", absl::StrCat("V", i), &One, Binding::kHidden);
  }
  EXPECT_EQ(std::move(builder).Build().status(),
            absl::OutOfRangeError("libhost.so: more than 32510 versions"));
}

}  // namespace
}  // namespace relink
