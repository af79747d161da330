// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/initial_stack.h"

#include <elf.h>

#include <cstring>
#include <utility>

namespace relink {
namespace {

constexpr uint64_t kStackAlignment = 16;  // psABI, "The Stack Frame".
constexpr uint64_t kWord = sizeof(uint64_t);

// What the pointers on a stack point to: bytes that lie one after the other,
// each known by its offset.
class Heap {
 public:
  uint64_t Add(const void* data, uint64_t size) {
    const uint64_t offset = bytes_.size();
    bytes_.resize(offset + size);
    if (size != 0) std::memcpy(bytes_.data() + offset, data, size);
    return offset;
  }
  uint64_t AddString(const std::string& text) {
    return Add(text.c_str(), std::strlen(text.c_str()) + 1);
  }
  std::vector<uint64_t> AddStrings(std::span<const std::string> strings) {
    std::vector<uint64_t> offsets;
    offsets.reserve(strings.size());
    for (const std::string& text : strings) offsets.push_back(AddString(text));
    return offsets;
  }
  uint64_t size() const { return bytes_.size(); }
  const std::vector<std::byte>& bytes() const { return bytes_; }

 private:
  std::vector<std::byte> bytes_;
};

}  // namespace

InitialStack MakeInitialStack(InitialStackContents contents, RuntimeAddr end) {
  // In the order in which Linux has them: /proc/PID/cmdline and setproctitle
  // rely on arguments and environment being neighbours.
  Heap heap;
  const uint64_t random =
      heap.Add(contents.random.data(), contents.random.size());
  const uint64_t platform = heap.AddString(contents.platform);
  const std::vector<uint64_t> others = heap.AddStrings(contents.others);
  const uint64_t arguments_begin = heap.size();
  const std::vector<uint64_t> arguments = heap.AddStrings(contents.arguments);
  const uint64_t environment_begin = heap.size();
  const std::vector<uint64_t> environment =
      heap.AddStrings(contents.environment);
  const uint64_t environment_end = heap.size();
  const uint64_t file = heap.AddString(contents.file);

  const uint64_t word_count = 1 + arguments.size() + 1 + environment.size() +
                              1 + 2 * (contents.auxiliary.size() + 1);
  const uint64_t heap_at = word_count * kWord;
  InitialStack stack;
  stack.pointer = RuntimeAddr(
      AlignDown(end.value() - heap_at - heap.size(), kStackAlignment));
  const RuntimeAddr heap_start = stack.pointer + heap_at;

  std::vector<uint64_t> words;
  words.reserve(word_count);
  const auto add_pointers = [&](const std::vector<uint64_t>& offsets) {
    for (const uint64_t offset : offsets) {
      words.push_back((heap_start + offset).value());
    }
    words.push_back(0);
  };
  words.push_back(arguments.size());
  add_pointers(arguments);
  add_pointers(environment);
  stack.auxiliary.begin = stack.pointer + words.size() * kWord;
  for (AuxiliaryEntry entry : contents.auxiliary) {
    if (entry.type == AT_RANDOM) entry.value = (heap_start + random).value();
    if (entry.type == AT_EXECFN) entry.value = (heap_start + file).value();
    if (entry.type == AT_PLATFORM) {
      entry.value = (heap_start + platform).value();
    }
    words.insert(words.end(), {entry.type, entry.value});
  }
  words.insert(words.end(), {AT_NULL, 0});
  stack.auxiliary.size = 2 * (contents.auxiliary.size() + 1) * kWord;

  for (const uint64_t offset : others) {
    stack.others.push_back(heap_start + offset);
  }
  stack.arguments = {heap_start + arguments_begin,
                     environment_begin - arguments_begin};
  stack.environment = {heap_start + environment_begin,
                       environment_end - environment_begin};
  stack.bytes.resize(AlignUp(heap_at + heap.size(), kWord));
  std::memcpy(stack.bytes.data(), words.data(), heap_at);
  std::memcpy(stack.bytes.data() + heap_at, heap.bytes().data(), heap.size());
  return stack;
}

}  // namespace relink
