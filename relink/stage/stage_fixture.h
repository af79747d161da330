// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_STAGE_STAGE_FIXTURE_H_
#define RELINK_STAGE_STAGE_FIXTURE_H_

#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "relink/arch/target.h"
#include "relink/ir/link_graph.h"
#include "relink/ir/module_source.h"
#include "relink/layout/layout.h"
#include "relink/map/fake_backend.h"
#include "relink/stage/placed_graph.h"

// For tests only: modules of chosen segments, staged in an address space that
// exists only in the test.
namespace relink {

// The file's byte at an offset; never zero.
inline std::byte FileByte(uint64_t offset) {
  return static_cast<std::byte>(offset * 7 % 251 + 1);
}

// `size` bytes of the file at the same place, read-only.
inline Segment MakeSegment(uint64_t addr, uint64_t offset, uint64_t size) {
  return {.memory = {LinkAddr(addr), size},
          .file = {FileOffset(offset), size},
          .alignment = 0x1000};
}
inline Segment MakeCode(uint64_t addr, uint64_t offset, uint64_t size) {
  Segment segment = MakeSegment(addr, offset, size);
  segment.executable = true;
  return segment;
}
// Followed by `zeros` bytes of zeros.
inline Segment MakeData(uint64_t addr, uint64_t offset, uint64_t size,
                        uint64_t zeros = 0) {
  Segment segment = MakeSegment(addr, offset, size);
  segment.writable = true;
  segment.memory.size += zeros;
  return segment;
}

// Headers, code, constants; a hole of a page; data with 0x900 bytes of zeros
// that begin in its last file page.
inline std::vector<Segment> TypicalSegments() {
  return {MakeSegment(0, 0, 0x2000), MakeCode(0x2000, 0x2000, 0x5800),
          MakeSegment(0x8000, 0x8000, 0x1000),
          MakeData(0xb000, 0x9000, 0x1c00, 0x900)};
}

class StageFixture : public testing::Test {
 protected:
  // A module in a file of its own that holds its segments, and is too large to
  // be copied instead. Valid until the next one.
  Module& AddFile(std::vector<Segment> segments) {
    path_ = absl::StrCat(testing::TempDir(), "/module");
    unlink(path_.c_str());  // Another module may have it open.
    const std::vector<std::byte> bytes = FileFor(segments);
    std::ofstream(path_, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
    auto source = ModuleSource::Open(path_);
    EXPECT_TRUE(source.ok()) << source.status();
    return Add(*std::move(source), std::move(segments));
  }
  // The same in memory.
  Module& AddMemory(std::vector<Segment> segments) {
    memory_.push_back(FileFor(segments));
    return Add(ModuleSource::FromMemory(memory_.back(), "memory"),
               std::move(segments));
  }

  // Stages the modules, of which none are left then.
  absl::StatusOr<PlacedGraph> Run(RuntimeAddr hint = {}) {
    auto layout =
        PlanLayout(graph_, {.page_size = backend_.page_size(), .hint = hint});
    if (!layout.ok()) return layout.status();
    return Stage(std::exchange(graph_, {}), *std::move(layout), backend_);
  }

  // That every byte of the segments is the file's, or zero after those.
  static void ExpectContents(const PlacedGraph& placed, ModuleId id) {
    for (const Segment& segment : placed.module(id).segments) {
      const auto bytes = placed.placed(id).Bytes(segment.memory);
      for (uint64_t i = 0; i < bytes.size(); ++i) {
        const std::byte expected =
            i < segment.file.size ? FileByte(segment.file.begin.value() + i)
                                  : std::byte{0};
        ASSERT_EQ(bytes[i], expected)
            << absl::StrCat("0x", absl::Hex(segment.memory.begin.value() + i));
      }
    }
  }

  // What the backend was asked for since the call before that number.
  std::vector<std::string> CallsSince(size_t count) const {
    return {backend_.calls().begin() + static_cast<ptrdiff_t>(count),
            backend_.calls().end()};
  }

  std::string path_;  // Of the last file.
  FakeBackend backend_;
  LinkGraph graph_;

 private:
  static std::vector<std::byte> FileFor(const std::vector<Segment>& segments) {
    uint64_t size = 0xa000;
    for (const Segment& segment : segments) {
      size = std::max(size, segment.file.end().value());
    }
    std::vector<std::byte> bytes(size);
    for (uint64_t i = 0; i < size; ++i) bytes[i] = FileByte(i);
    return bytes;
  }
  Module& Add(ModuleSource source, std::vector<Segment> segments) {
    Module module(std::move(source), HostTarget());
    module.segments = std::move(segments);
    const ModuleId id = graph_.modules.Add(std::move(module));
    graph_.root_id = ModuleId(0);
    return graph_.modules[id];
  }

  std::vector<std::vector<std::byte>> memory_;
};

}  // namespace relink

#endif  // RELINK_STAGE_STAGE_FIXTURE_H_
