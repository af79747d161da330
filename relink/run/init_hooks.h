// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUN_INIT_HOOKS_H_
#define RELINK_RUN_INIT_HOOKS_H_

#include <link.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace relink {

// Makes ld.so call a function between relocating the modules of a dlopen and
// initializing the first of them, for which rtld-audit has nothing: it finds
// initialization functions through the dynamic table of each, in memory that
// relocations have not made read-only yet. One per process.
class InitHooks {
 public:
  // ld.so holds its lock when `on_first` is called, which must call RemoveAll,
  // after it moved what it moves.
  explicit InitHooks(std::function<void()> on_first);
  InitHooks(const InitHooks&) = delete;
  InitHooks& operator=(const InitHooks&) = delete;

  // Nothing if the module has no initialization functions.
  void Add(const struct link_map* map);
  // The module is gone.
  void Remove(const void* map);
  // Brings back what was there, but for a function that is elsewhere now.
  void RemoveAll(const std::function<uint64_t(uint64_t)>& new_address);

 private:
  using Function = void(int, char**, char**);
  // What the dynamic table said.
  struct Hook {
    const struct link_map* map = nullptr;
    ElfW(Dyn) * place = nullptr;  // DT_INIT or DT_INIT_ARRAY.
    uint64_t value = 0;
    ElfW(Dyn) * size_place = nullptr;  // DT_INIT_ARRAYSZ; null for DT_INIT.
    uint64_t size = 0;
    Function* array[1] = {};
    bool used = false;
  };
  static constexpr size_t kMax = 256;

  template <size_t kIndex>
  static void Enter(int count, char** arguments, char** environment);
  template <size_t... kIndices>
  static std::array<Function*, kMax> Functions(
      std::index_sequence<kIndices...> /*indices*/) {
    return {&Enter<kIndices>...};
  }
  static void Initialize(size_t index, int count, char** arguments,
                         char** environment);
  static void Set(Hook& hook, uint64_t value, uint64_t size);

  std::function<void()> on_first_;
  std::array<Hook, kMax> hooks_;
};

}  // namespace relink

#endif  // RELINK_RUN_INIT_HOOKS_H_
