// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// What a handler sees of relocations, and what comes of what it wants.

#include <elf.h>

#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "relink/arch/relocation_rule.h"
#include "relink/elf/testing/image_builder.h"
#include "relink/elf/testing/image_spec.h"
#include "relink/reloc/relocatable_image.h"
#include "relink/reloc/relocate.h"
#include "relink/reloc/relocation_handler.h"
#include "relink/reloc/staged_modules.h"

namespace relink {
namespace {

using elf::Area;
using elf::ImageSpec;

constexpr uint64_t kUntouched = 0xaaaa'aaaa'aaaa'aaaa;

ImageSpec Library(const std::string& function) {
  ImageSpec spec;
  spec.soname = absl::StrCat("lib", function, ".so");
  spec.text = elf::Bytes(16, std::byte{0xc3});
  spec.data = elf::Bytes(64, std::byte{0xaa});
  spec.symbols = {{.name = function, .offset = 8, .size = 1}};
  return spec;
}

const char* Name(RelocationOutcome outcome) {
  switch (outcome) {
    case RelocationOutcome::kApplied:
      return "applied";
    case RelocationOutcome::kReplaced:
      return "replaced";
    case RelocationOutcome::kSkipped:
      return "skipped";
    case RelocationOutcome::kDone:
      return "done";
    case RelocationOutcome::kUndefined:
      return "undefined";
    case RelocationOutcome::kIndirect:
      return "indirect";
    case RelocationOutcome::kLazy:
      return "lazy";
  }
  return "?";
}

// Writes down what it hears, and does what the test says.
class Recorder final : public RelocationHandler {
 public:
  using Decide = std::function<absl::StatusOr<RelocationAction>(
      const RelocationView&, RelocatableImage&)>;

  absl::StatusOr<RelocationAction> Before(const RelocationView& view,
                                          RelocatableImage& image) override {
    before.push_back(Describe(view));
    if (decide == nullptr) return RelocationAction::Proceed();
    return decide(view, image);
  }
  absl::Status After(const RelocationView& view, const RelocationResult& result,
                     RelocatableImage& image) override {
    after.push_back(
        absl::StrCat(view.table, "[", view.index, "] ", Name(result.outcome)));
    values.push_back(result.value);
    if (verdict == nullptr) return absl::OkStatus();
    return verdict(view, result, image);
  }

  Decide decide;
  std::function<absl::Status(const RelocationView&, const RelocationResult&,
                             RelocatableImage&)>
      verdict;
  std::vector<std::string> before;
  std::vector<std::string> after;
  std::vector<uint64_t> values;

 private:
  static std::string Describe(const RelocationView& view) {
    std::string text = absl::StrCat(view.symbol.module.name, ": ", view.table,
                                    "[", view.index, "] ", view.rule.name);
    if (view.symbol_index != 0) {
      absl::StrAppend(&text, " ", view.symbol.name);
      if (!view.symbol.version.empty()) {
        absl::StrAppend(&text, "@", view.symbol.version);
      }
    }
    if (view.addend != 0) absl::StrAppend(&text, " + ", view.addend);
    return text;
  }
};

class ApplyIntercepted : public testing::Test {
 protected:
  absl::StatusOr<std::vector<PendingIndirect>> Relocate(
      const std::vector<ImageSpec>& specs) {
    std::vector<elf::Image<elf::Elf64Le>> images;
    for (const ImageSpec& spec : specs) {
      images.push_back(elf::BuildImage<elf::Elf64Le>(spec));
    }
    staged_ = std::make_unique<StagedModules>(std::move(images));
    if (!staged_->status().ok()) return staged_->status();
    BindingContext context = staged_->Context();
    context.relocation_handler = &handler_;
    context.find_undefined = find_undefined_;
    context.on_bound = on_bound_;
    std::vector<ModuleId> order;
    for (uint32_t i = 0; i < specs.size(); ++i) order.emplace_back(i);
    return relink::Relocate(staged_->placed(), context, order);
  }
  // A module with one relocation of its first data word.
  absl::Status RelocateOne(const elf::ImageRelocation& relocation) {
    ImageSpec spec = Library("own");
    spec.relocations = {relocation};
    return Relocate({spec}).status();
  }
  void Always(const RelocationAction& action) {
    handler_.decide = [action](const RelocationView&, RelocatableImage&) {
      return action;
    };
  }

  Recorder handler_;
  UndefinedSymbolHandler find_undefined_;
  SymbolObserver on_bound_;
  std::unique_ptr<StagedModules> staged_;
};

TEST_F(ApplyIntercepted, OffersEveryRelocationOfEveryTable) {
  ImageSpec spec = Library("own");
  spec.symbols.push_back(
      {.name = "other", .area = Area::kUndefined, .version = "V1"});
  spec.needs = {{"libother.so", {"V1"}}};
  spec.relro = elf::Bytes(16);
  spec.relocations = {
      {.type = R_X86_64_RELATIVE, .addend = 0x10},
      {.offset = 8, .type = R_X86_64_64, .symbol = "other", .addend = 2}};
  spec.plt_relocations = {
      {.offset = 16, .type = R_X86_64_JUMP_SLOT, .symbol = "own"}};
  spec.relative_words = {{Area::kRelro, 8}};
  ImageSpec other = Library("other");
  other.versions = {"V1"};
  other.symbols[0].version = "V1";
  auto indirects = Relocate({spec, other});
  ASSERT_TRUE(indirects.ok()) << indirects.status();
  EXPECT_EQ(handler_.before,
            (std::vector<std::string>{
                "image0: DT_RELR[0] R_X86_64_RELATIVE",
                "image0: DT_RELA[0] R_X86_64_RELATIVE + 16",
                "image0: DT_RELA[1] R_X86_64_64 other@V1 + 2",
                "image0: DT_JMPREL[0] R_X86_64_JUMP_SLOT own"}));
  EXPECT_EQ(handler_.after, (std::vector<std::string>{
                                "DT_RELR[0] applied", "DT_RELA[0] applied",
                                "DT_RELA[1] applied", "DT_JMPREL[0] applied"}));
  // What they hold is what they hold without a handler.
  const uint64_t bias = staged_->modules()[0].member.addresses.bias();
  const std::vector<uint64_t> expected = {
      bias, bias + 0x10, staged_->SymbolAddress(1, "other@V1") + 2,
      staged_->SymbolAddress(0, "own")};
  EXPECT_EQ(handler_.values, expected);
  EXPECT_EQ(staged_->Word(0, ".got", 8), expected[0]);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(staged_->Word(0, ".data", 8 * i), expected[i + 1]);
  }
}

TEST_F(ApplyIntercepted, SaysWhereAPlaceIs) {
  handler_.decide = [this](const RelocationView& view, RelocatableImage&) {
    EXPECT_EQ(view.runtime_place.value(), staged_->Address(0, ".data") + 8);
    EXPECT_EQ(view.runtime_place.value() - view.place.value(),
              staged_->modules()[0].member.addresses.bias());
    EXPECT_EQ(view.r_type, R_X86_64_64);
    return RelocationAction::Proceed();
  };
  EXPECT_TRUE(
      RelocateOne({.offset = 8, .type = R_X86_64_64, .symbol = "own"}).ok());
}

TEST_F(ApplyIntercepted, ReadsAddendsInPlace) {
  ImageSpec spec = Library("own");
  spec.rela = false;
  spec.relocations = {{.type = R_X86_64_RELATIVE}};
  spec.data = elf::BytesOf({0x10, 0, 0, 0, 0, 0, 0, 0});
  ASSERT_TRUE(Relocate({spec}).ok());
  EXPECT_EQ(handler_.before, std::vector<std::string>{
                                 "image0: DT_REL[0] R_X86_64_RELATIVE + 16"});
}

TEST_F(ApplyIntercepted, SkipsWhatItIsToldToSkip) {
  Always(RelocationAction::Skip());
  // Not even a symbol that nobody defines is looked up.
  ImageSpec spec = Library("own");
  spec.symbols.push_back({.name = "missing", .area = Area::kUndefined});
  spec.relocations = {{.type = R_X86_64_64, .symbol = "missing"}};
  ASSERT_TRUE(Relocate({spec}).ok());
  EXPECT_EQ(staged_->Word(0, ".data", 0), kUntouched);
  EXPECT_EQ(handler_.after, std::vector<std::string>{"DT_RELA[0] skipped"});
}

TEST_F(ApplyIntercepted, StoresTheValueOfTheHandler) {
  Always(RelocationAction::UseValue(0x1234));
  ASSERT_TRUE(RelocateOne({.type = R_X86_64_64, .symbol = "own"}).ok());
  EXPECT_EQ(staged_->Word(0, ".data", 0), 0x1234u);
  EXPECT_EQ(handler_.after, std::vector<std::string>{"DT_RELA[0] replaced"});
  EXPECT_EQ(handler_.values, std::vector<uint64_t>{0x1234});
}

TEST_F(ApplyIntercepted, StoresItIntoPackedRelocationsAndIfuncsToo) {
  Always(RelocationAction::UseValue(0x1234));
  ImageSpec spec = Library("own");
  spec.relro = elf::Bytes(16);
  spec.relative_words = {{Area::kRelro, 8}};
  spec.relocations = {
      {.type = R_X86_64_IRELATIVE, .addend = 8, .addend_area = Area::kText}};
  auto indirects = Relocate({spec});
  ASSERT_TRUE(indirects.ok()) << indirects.status();
  EXPECT_TRUE(indirects->empty());
  EXPECT_EQ(staged_->Word(0, ".got", 8), 0x1234u);
  EXPECT_EQ(staged_->Word(0, ".data", 0), 0x1234u);
}

TEST_F(ApplyIntercepted, RefusesAValueThatDoesNotFit) {
  Always(RelocationAction::UseValue(0x1'0000'0000));
  const absl::Status status =
      RelocateOne({.type = R_X86_64_32, .symbol = "own"});
  EXPECT_EQ(status.code(), absl::StatusCode::kOutOfRange);
  EXPECT_TRUE(absl::StartsWith(status.message(),
                               "image0: DT_RELA[0]: R_X86_64_32 against own"))
      << status;
  EXPECT_TRUE(absl::EndsWith(
      status.message(),
      ": value of the handler does not fit in its field (0x100000000)"))
      << status;
  EXPECT_EQ(staged_->Word(0, ".data", 0), kUntouched);
}

TEST_F(ApplyIntercepted, RefusesAValueForWhatIsMoreThanAField) {
  Always(RelocationAction::UseValue(1));
  for (const uint32_t type :
       {R_X86_64_COPY, R_X86_64_TLSDESC, R_X86_64_NONE, 200}) {
    const absl::Status status = RelocateOne({.type = type, .symbol = "own"});
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_TRUE(absl::EndsWith(status.message(),
                               ": takes no value from a relocation handler"))
        << status;
  }
}

TEST_F(ApplyIntercepted, WritesNoValueOutsideOfTheModule) {
  Always(RelocationAction::UseValue(1));
  const absl::Status status =
      RelocateOne({.area = Area::kText, .type = R_X86_64_64, .symbol = "own"});
  EXPECT_EQ(status.code(), absl::StatusCode::kOutOfRange);
  EXPECT_TRUE(absl::EndsWith(status.message(),
                             ": place is not inside a writable segment"))
      << status;
}

TEST_F(ApplyIntercepted, LetsTheHandlerWriteInsideOfTheModule) {
  handler_.decide = [](const RelocationView& view, RelocatableImage& image) {
    EXPECT_EQ(image.Place(view.place + 0x100000, 1), nullptr);
    EXPECT_EQ(image.Place(LinkAddr(0), 1), nullptr);
    std::byte* place = image.Place(view.place, 2);
    EXPECT_NE(place, nullptr);
    std::memset(place, 0x55, 2);
    return RelocationAction::Done();
  };
  ASSERT_TRUE(RelocateOne({.type = R_X86_64_64, .symbol = "own"}).ok());
  EXPECT_EQ(staged_->Word(0, ".data", 0), 0xaaaa'aaaa'aaaa'5555u);
  EXPECT_EQ(handler_.after, std::vector<std::string>{"DT_RELA[0] done"});
}

TEST_F(ApplyIntercepted, AppliesTypesThatOnlyTheHandlerKnows) {
  handler_.decide = [](const RelocationView& view, RelocatableImage&) {
    EXPECT_EQ(view.rule.formula, Formula::kUnknown);
    EXPECT_EQ(view.r_type, 200u);
    return RelocationAction::Done();
  };
  EXPECT_TRUE(RelocateOne({.type = 200}).ok());
  handler_.decide = nullptr;
  EXPECT_EQ(RelocateOne({.type = 200}).code(),
            absl::StatusCode::kUnimplemented);
}

TEST_F(ApplyIntercepted, StopsAtAnErrorOfTheHandler) {
  handler_.decide = [](const RelocationView&,
                       RelocatableImage&) -> absl::StatusOr<RelocationAction> {
    return absl::PermissionDeniedError("not this one");
  };
  absl::Status status = RelocateOne({.type = R_X86_64_64, .symbol = "own"});
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_TRUE(absl::EndsWith(status.message(), ": not this one")) << status;
  EXPECT_TRUE(absl::StartsWith(status.message(),
                               "image0: DT_RELA[0]: R_X86_64_64 against own"))
      << status;

  handler_.decide = nullptr;
  handler_.verdict = [](const RelocationView&, const RelocationResult&,
                        RelocatableImage&) {
    return absl::PermissionDeniedError("too late");
  };
  status = RelocateOne({.type = R_X86_64_64, .symbol = "own"});
  EXPECT_TRUE(absl::EndsWith(status.message(), ": too late")) << status;

  ImageSpec packed = Library("own");
  packed.relro = elf::Bytes(16);
  packed.relative_words = {{Area::kRelro, 8}};
  EXPECT_EQ(Relocate({packed}).status(),
            absl::PermissionDeniedError("image0: DT_RELR: word 0: too late"));
}

TEST_F(ApplyIntercepted, LetsTheHandlerWrapWhatWasBound) {
  handler_.verdict = [](const RelocationView& view,
                        const RelocationResult& result,
                        RelocatableImage& image) {
    StoreInteger<uint64_t, std::endian::little>(image.Place(view.place, 8),
                                                result.value + 1);
    return absl::OkStatus();
  };
  ASSERT_TRUE(RelocateOne({.type = R_X86_64_64, .symbol = "own"}).ok());
  EXPECT_EQ(staged_->Word(0, ".data", 0), staged_->SymbolAddress(0, "own") + 1);
}

TEST_F(ApplyIntercepted, TellsOfIfuncsAndOfUndefinedSymbols) {
  ImageSpec spec = Library("own");
  spec.symbols[0].type = STT_GNU_IFUNC;
  spec.symbols.push_back(
      {.name = "weak", .area = Area::kUndefined, .bind = STB_WEAK});
  spec.relocations = {
      {.type = R_X86_64_64, .symbol = "own"},
      {.offset = 8, .type = R_X86_64_GLOB_DAT, .symbol = "weak"}};
  auto indirects = Relocate({spec});
  ASSERT_TRUE(indirects.ok()) << indirects.status();
  EXPECT_EQ(handler_.after, (std::vector<std::string>{"DT_RELA[0] indirect",
                                                      "DT_RELA[1] undefined"}));
  EXPECT_EQ(handler_.values[0], staged_->SymbolAddress(0, "own"));
}

TEST_F(ApplyIntercepted, ReportsUndefinedSymbolsOfWhatProceeds) {
  ImageSpec spec = Library("own");
  spec.symbols.push_back({.name = "missing", .area = Area::kUndefined});
  spec.relocations = {{.type = R_X86_64_64, .symbol = "missing"}};
  EXPECT_EQ(Relocate({spec}).status(),
            absl::NotFoundError("image0: undefined symbol: missing"));
  EXPECT_EQ(handler_.after, std::vector<std::string>{"DT_RELA[0] undefined"});
}

TEST_F(ApplyIntercepted, RefusesWhatTheFastLoopsRefuse) {
  for (const elf::ImageRelocation& relocation :
       {elf::ImageRelocation{.type = 200},
        elf::ImageRelocation{.area = Area::kText, .type = R_X86_64_RELATIVE},
        elf::ImageRelocation{
            .type = R_X86_64_PC32, .symbol = "own", .addend = 0x100000000}}) {
    ImageSpec spec = Library("own");
    spec.relocations = {relocation};
    StagedModules plain({elf::BuildImage<elf::Elf64Le>(spec)});
    EXPECT_EQ(Relocate({spec}).status(), plain.RelocateAll().status());
  }
}

}  // namespace
}  // namespace relink
