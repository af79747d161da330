// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/reloc/scope_index.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "relink/elf/symbol_name.h"
#include "relink/reloc/synthetic_module.h"

namespace relink {
namespace {

int variable = 0;

// Module m defines names m/0 to m/9, and "both" if its number is even.
class Modules {
 public:
  explicit Modules(int count) {
    for (int m = 0; m < count; ++m) {
      auto builder = SyntheticModule::Builder(absl::StrCat("lib", m, ".so"));
      for (int i = 0; i < 10; ++i) {
        builder.Add(absl::StrCat(m, "/", i), &variable);
      }
      if (m % 2 == 0) builder.Add("both", &variable);
      auto made = std::move(builder).Build();
      EXPECT_TRUE(made.ok()) << made.status();
      scope_.push_back(&(*made)->member());
      modules_.push_back(*std::move(made));
    }
  }
  Scope scope() const { return scope_; }

 private:
  std::vector<std::shared_ptr<const SyntheticModule>> modules_;
  std::vector<const ScopeMember*> scope_;
};

elf::SymbolName NameOf(const std::string& text) {
  return elf::SymbolName(StringRef(text.data(), text.size()));
}

TEST(ScopeIndex, FindsWhatASearchFinds) {
  const Modules modules(50);
  const ScopeIndex index(modules.scope());
  for (int m = 0; m < 60; ++m) {
    for (int i = 0; i < 12; ++i) {
      const std::string text = absl::StrCat(m, "/", i);
      const Definition plain = FindInScope(modules.scope(), NameOf(text), {});
      const Definition fast =
          FindInScope(modules.scope(), index, NameOf(text), {});
      EXPECT_EQ(fast.owner, plain.owner) << text;
      EXPECT_EQ(fast.index, plain.index) << text;
    }
  }
}

TEST(ScopeIndex, KnowsTheFirstThatMayDefineAName) {
  const Modules modules(50);
  const ScopeIndex index(modules.scope().subspan(1));
  EXPECT_EQ(index.First(NameOf("both").gnu_hash()).module, 1u);
  EXPECT_EQ(index.First(NameOf("41/3").gnu_hash()).module, 40u);
  EXPECT_EQ(index.First(NameOf("nowhere").gnu_hash()).module, 49u);
}

TEST(ScopeIndex, SkipsTheModuleThatMustNotAnswer) {
  const Modules modules(20);
  const ScopeIndex index(modules.scope());
  const Definition found = FindInScope(modules.scope(), index, NameOf("both"),
                                       {}, modules.scope()[0]);
  EXPECT_EQ(found.owner, modules.scope()[2]);
}

TEST(ScopeIndex, OfNothingSaysNothing) {
  const Modules modules(3);
  EXPECT_EQ(ScopeIndex().First(NameOf("2/1").gnu_hash()).module, 0u);
  EXPECT_EQ(ScopeIndex(Scope()).First(NameOf("2/1").gnu_hash()).module, 0u);
}

TEST(ScopeIndex, PaysForManyLookupsInManyModules) {
  const Modules many(50);
  EXPECT_TRUE(ScopeIndex::Pays(many.scope(), 1000));
  EXPECT_FALSE(ScopeIndex::Pays(many.scope(), 2));
  EXPECT_FALSE(ScopeIndex::Pays(many.scope().first(5), 1000));
}

}  // namespace
}  // namespace relink
