// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/link/pipeline.h"

#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "relink/elf/symbol_name.h"
#include "relink/elf/symbol_table.h"
#include "relink/link/loader.h"
#include "relink/link/observer.h"
#include "relink/map/failing_backend.h"
#include "relink/map/posix_backend.h"
#include "relink/map/proc_maps.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

using Preserved = absl::StatusOr<PreservedAnalyses>;

struct CountModules {
  static constexpr absl::string_view kName = "count-modules";
  size_t* count;
  Preserved Run(LinkGraph& graph, AnalysisManager<LinkGraph>&) const {
    *count = graph.modules.size();
    return PreservedAnalyses::All();
  }
};

struct ExpectClosed {
  static constexpr absl::string_view kName = "expect-closed";
  Preserved Run(LinkGraph& graph, AnalysisManager<LinkGraph>&) const {
    for (const Module& module : graph.modules) {
      EXPECT_EQ(module.capability, Capability::kOpaque);
      EXPECT_EQ(module.materialization, Materialization::kWhole);
      EXPECT_FALSE(module.segments.empty());
    }
    return PreservedAnalyses::All();
  }
};

// Where a variable of the root is.
absl::StatusOr<LinkRange> FindVariable(const PlacedGraph& placed,
                                       absl::string_view name) {
  const ModuleId root_id = placed.graph().root_id;
  const auto symbols = elf::SymbolTable<elf::Elf64Le>::Parse(
      placed.View<elf::Elf64Le>(root_id), placed.module(root_id).dynamic);
  if (!symbols.ok()) return ToStatus(symbols.error(), "symbols");
  const uint32_t index =
      symbols->Find(elf::SymbolName(Ref(name)), [](uint32_t) { return true; });
  if (index == 0) return absl::NotFoundError(name);
  const auto& symbol = (*symbols)[index];
  return LinkRange{LinkAddr(symbol.st_value), symbol.st_size};
}

// Gives an int variable of the root a value.
struct SetInt {
  static constexpr absl::string_view kName = "set-int";
  absl::string_view variable;
  int value;
  Preserved Run(PlacedGraph& placed, AnalysisManager<PlacedGraph>&) const {
    ASSIGN_OR_RETURN(const LinkRange range, FindVariable(placed, variable));
    ASSIGN_OR_RETURN(const std::span<std::byte> bytes,
                     placed.WritableBytes(placed.graph().root_id, range));
    EXPECT_EQ(bytes.size(), sizeof(value));
    std::memcpy(bytes.data(), &value, sizeof(value));
    return PreservedAnalyses::None();
  }
};

// Asks for `size` bytes of the root's first segment, which holds its headers.
struct TakeHeaders {
  static constexpr absl::string_view kName = "take-headers";
  uint64_t size;
  Preserved Run(PlacedGraph& placed, AnalysisManager<PlacedGraph>&) const {
    const ModuleId root_id = placed.graph().root_id;
    const LinkRange headers = placed.module(root_id).segments.front().memory;
    RETURN_IF_ERROR(
        placed.WritableBytes(root_id, {headers.begin, size}).status());
    return PreservedAnalyses::All();
  }
};

template <typename Unit>
struct Fail {
  static constexpr absl::string_view kName = "fail";
  Preserved Run(Unit&, AnalysisManager<Unit>&) const {
    return absl::FailedPreconditionError("as it must");
  }
};

static_assert(PassFor<CountModules, LinkGraph>);
static_assert(!PassFor<CountModules, PlacedGraph>);
static_assert(!PassFor<SetInt, LinkGraph>);

std::string Top() { return TestdataPath("dependencies/libtop.so"); }
std::string Interposed() { return TestdataPath("symbols/libinterposed.so"); }

int Call(const absl::StatusOr<Library>& library, absl::string_view name) {
  EXPECT_TRUE(library.ok()) << library.status();
  if (!library.ok()) return -1;
  const auto function = library->Get<int()>(name);
  EXPECT_TRUE(function.ok()) << function.status();
  return function.ok() ? (*function)() : -1;
}

// Loads what must fail and leave nothing.
absl::Status FailToLoad(const Pipeline& pipeline, const std::string& path) {
  PosixBackend posix;
  FailingBackend backend(posix);  // Counts.
  Loader loader({.backend = &backend, .pipeline = &pipeline});
  // The first load allocates whatever is kept for later.
  absl::Status status = loader.Load(path).status();
  const MapsSnapshot before;
  (void)loader.Load(path);
  const MapsSnapshot after;
  EXPECT_EQ(backend.live_reservations(), 0u);
  if (kMapsAreOurs) {
    EXPECT_TRUE(before == after);
  }
  return status;
}

TEST(Pipeline, ShowsGraphPassesEveryModuleAndAllOfThemClosed) {
  size_t count = 0;
  Pipeline pipeline;
  pipeline.graph_passes.Add(ExpectClosed());
  pipeline.graph_passes.Add(CountModules{&count});
  Loader loader({.pipeline = &pipeline});
  EXPECT_EQ(Call(loader.Load(Top()), "top_value"), 111);
  EXPECT_EQ(count, 3u);
}

TEST(Pipeline, LetsPlacedPassesChangeData) {
  Pipeline pipeline;
  pipeline.placed_passes.Add(SetInt{"interposable_variable", 42});
  Loader changed({.pipeline = &pipeline}), plain;
  EXPECT_EQ(Call(changed.Load(Interposed()), "read_interposable"), 42);
  EXPECT_EQ(Call(plain.Load(Interposed()), "read_interposable"), 1);
}

TEST(Pipeline, WithoutPassesChangesNothing) {
  const Pipeline pipeline;
  Loader loader({.pipeline = &pipeline});
  EXPECT_EQ(Call(loader.Load(Top()), "top_value"), 111);
}

TEST(Pipeline, RunsForToolsThatOnlyLink) {
  size_t count = 0;
  Pipeline pipeline;
  pipeline.graph_passes.Add(CountModules{&count});
  Loader loader({.pipeline = &pipeline});
  auto source = ModuleSource::Open(Top());
  ASSERT_TRUE(source.ok()) << source.status();
  EXPECT_TRUE(loader.Link(*std::move(source)).ok());
  EXPECT_EQ(count, 3u);
}

TEST(Pipeline, StopsTheLoadAtAGraphPassThatFails) {
  Pipeline pipeline;
  pipeline.graph_passes.Add(Fail<LinkGraph>());
  EXPECT_EQ(FailToLoad(pipeline, Top()),
            absl::FailedPreconditionError(
                absl::StrCat(Top(), ": pass fail: as it must")));
}

TEST(Pipeline, StopsTheLoadAtAPlacedPassThatFails) {
  Pipeline pipeline;
  pipeline.placed_passes.Add(Fail<PlacedGraph>());
  EXPECT_EQ(FailToLoad(pipeline, Top()),
            absl::FailedPreconditionError(
                absl::StrCat(Top(), ": pass fail: as it must")));
}

TEST(Pipeline, RefusesToChangeWhatIsInNoSegment) {
  Pipeline pipeline;
  pipeline.placed_passes.Add(TakeHeaders{.size = uint64_t{1} << 40});
  const absl::Status status = FailToLoad(pipeline, Top());
  EXPECT_EQ(status.code(), absl::StatusCode::kOutOfRange);
  EXPECT_TRUE(absl::StrContains(status.message(), "not inside one segment"))
      << status;
}

TEST(Pipeline, RefusesToChangeWhatIsNotWritable) {
  Pipeline pipeline;
  pipeline.placed_passes.Add(TakeHeaders{.size = 4});
  // Mapped from its file; small files are copied, and writable.
  const absl::Status status =
      FailToLoad(pipeline, TestdataPath("cxx/liblarge_catcher.so"));
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(absl::StrContains(status.message(), "not writable now"))
      << status;
  Loader loader({.pipeline = &pipeline});
  EXPECT_TRUE(loader.Load(Top()).ok());
}

class Steps : public Observer {
 public:
  void OnStepEnd(LoadStep step) override {
    absl::StrAppend(&names_, names_.empty() ? "" : ", ", Name(step));
  }
  const std::string& names() const { return names_; }

 private:
  std::string names_;
};

TEST(Pipeline, HasStepsOfItsOwn) {
  Steps with, without;
  const Pipeline pipeline;
  Loader one({.observer = &with, .pipeline = &pipeline});
  Loader other({.observer = &without});
  EXPECT_TRUE(one.Load(Top()).ok());
  EXPECT_TRUE(other.Load(Top()).ok());
  EXPECT_EQ(with.names(),
            "scan, graph passes, layout, stage, relocate, placed passes, "
            "finish, commit");
  EXPECT_EQ(without.names(), "scan, layout, stage, relocate, finish, commit");
}

}  // namespace
}  // namespace relink
