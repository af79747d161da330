// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Runs a fuzz target without a fuzzer: on each file that the command line
// names, on a fixed number of seeded mutations of it, and on nothing.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

using Bytes = std::vector<uint8_t>;
constexpr int kMutations = 2000;

Bytes ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(file), {});
}

void RunOnce(const Bytes& bytes) {
  // An exact copy, so that a read past the end is one past an allocation.
  const Bytes exact(bytes.begin(), bytes.end());
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

// One to four of the changes that break binary formats.
Bytes Mutate(Bytes bytes, std::mt19937& random) {
  static constexpr uint64_t kBoundaries[] = {0,           1,
                                             0x7f,        0x80,
                                             0xff,        0x7fff,
                                             0xffff,      0x7fffffff,
                                             0x80000000,  0xffffffff,
                                             0x100000000, uint64_t{1} << 63,
                                             UINT64_MAX,  UINT64_MAX - 7};
  const auto below = [&](size_t limit) {
    return std::uniform_int_distribution<size_t>(0, limit - 1)(random);
  };
  for (size_t changes = 1 + below(4); changes > 0 && !bytes.empty();
       --changes) {
    const size_t at = below(bytes.size());
    switch (below(6)) {
      case 0:
        bytes[at] ^= static_cast<uint8_t>(1u << below(8));
        break;
      case 1:
        bytes[at] = static_cast<uint8_t>(below(256));
        break;
      case 2:
        bytes.resize(at);
        break;
      case 3: {
        const size_t size = std::min<size_t>(1 + below(32), bytes.size() - at);
        std::fill_n(bytes.begin() + static_cast<ptrdiff_t>(at), size,
                    std::vector<uint8_t>{0, 0x7f, 0xff}[below(3)]);
        break;
      }
      case 4: {
        const uint64_t value = kBoundaries[below(std::size(kBoundaries))];
        const size_t size = size_t{1} << below(4);
        const size_t aligned = at - at % size;
        for (size_t i = 0; i < size && aligned + i < bytes.size(); ++i) {
          bytes[aligned + i] = static_cast<uint8_t>(value >> (8 * i));
        }
        break;
      }
      default: {
        const size_t from = below(bytes.size());
        const size_t size =
            std::min({1 + below(64), bytes.size() - at, bytes.size() - from});
        const Bytes piece(bytes.begin() + static_cast<ptrdiff_t>(from),
                          bytes.begin() + static_cast<ptrdiff_t>(from + size));
        std::copy(piece.begin(), piece.end(),
                  bytes.begin() + static_cast<ptrdiff_t>(at));
        break;
      }
    }
  }
  return bytes;
}

class Replay : public testing::Test {
 public:
  explicit Replay(Bytes seed) : seed_(std::move(seed)) {}
  void TestBody() override {
    RunOnce(seed_);
    std::mt19937 random(1);
    for (int i = 0; i < kMutations; ++i) RunOnce(Mutate(seed_, random));
  }

 private:
  Bytes seed_;
};

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  const auto add = [](const std::string& name, const Bytes& seed) {
    testing::RegisterTest(
        "FuzzReplay", name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
        [seed]() -> testing::Test* { return new Replay(seed); });
  };
  add("survives_no_input", {});
  for (int i = 1; i < argc; ++i) {
    const std::string path = argv[i];
    add("survives_mutations_of_" + path.substr(path.rfind('/') + 1),
        ReadFile(path));
  }
  return RUN_ALL_TESTS();
}
