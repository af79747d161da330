// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/run/init_hooks.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "relink/run/process_memory.h"
#include "relink/support/address.h"

namespace relink {
namespace {

// ld.so's calls have no argument that says for which module they are.
InitHooks* all = nullptr;

uint64_t ToNumber(const void* pointer) {
  return reinterpret_cast<uint64_t>(pointer);
}

bool IsWritable(const ProcessMemory& memory, const void* place) {
  const auto* mapping = memory.Find(RuntimeAddr(ToNumber(place)));
  return mapping != nullptr && mapping->protection == Protection::kReadWrite;
}

}  // namespace

template <size_t kIndex>
void InitHooks::Enter(int count, char** arguments, char** environment) {
  Initialize(kIndex, count, arguments, environment);
}

InitHooks::InitHooks(std::function<void()> on_first)
    : on_first_(std::move(on_first)) {
  all = this;
}

void InitHooks::Add(const struct link_map* map) {
  const auto used = [&](const Hook& hook) {
    return hook.used && hook.map == map;
  };
  if (std::ranges::any_of(hooks_, used)) return;
  const auto free = std::ranges::find(hooks_, false, &Hook::used);
  if (free == hooks_.end()) return;
  Hook hook{.map = map, .used = true};
  bool is_array = false;
  for (ElfW(Dyn)* entry = map->l_ld; entry->d_tag != DT_NULL; ++entry) {
    // ld.so calls DT_INIT first.
    if (entry->d_tag == DT_INIT ||
        (entry->d_tag == DT_INIT_ARRAY && hook.place == nullptr)) {
      hook.place = entry;
      is_array = entry->d_tag == DT_INIT_ARRAY;
    }
    if (entry->d_tag == DT_INIT_ARRAYSZ) hook.size_place = entry;
  }
  if (hook.place == nullptr || (is_array && hook.size_place == nullptr)) return;
  if (!is_array) hook.size_place = nullptr;
  const auto memory = ProcessMemory::Read();
  if (!memory.ok() || !IsWritable(*memory, hook.place)) return;
  hook.value = hook.place->d_un.d_ptr;
  if (is_array) hook.size = hook.size_place->d_un.d_val;
  const auto functions = Functions(std::make_index_sequence<kMax>());
  Function* const enter = functions[static_cast<size_t>(free - hooks_.begin())];
  *free = hook;
  free->array[0] = enter;
  const uint64_t at =
      is_array ? ToNumber(free->array) : reinterpret_cast<uint64_t>(enter);
  Set(*free, at - map->l_addr, sizeof(free->array));
}

void InitHooks::Set(Hook& hook, uint64_t value, uint64_t size) {
  hook.place->d_un.d_ptr = value;
  if (hook.size_place != nullptr) hook.size_place->d_un.d_val = size;
}

void InitHooks::Remove(const void* map) {
  for (Hook& hook : hooks_) {
    if (hook.used && hook.map == map) hook.used = false;
  }
}

void InitHooks::RemoveAll(
    const std::function<uint64_t(uint64_t)>& new_address) {
  const auto page = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  for (Hook& hook : hooks_) {
    if (!hook.used) continue;
    // The table is RELRO by now. If the kernel refuses, what is there stays
    // right: it leads here.
    const uint64_t begin = AlignDown(ToNumber(hook.map->l_ld), page);
    const uint64_t end = AlignUp(
        ToNumber(std::max(hook.place, hook.size_place)) + sizeof(*hook.place),
        page);
    const auto memory = ProcessMemory::Read();
    if (!memory.ok()) continue;
    const bool writable = IsWritable(*memory, hook.place);
    auto* const pages = reinterpret_cast<void*>(begin);
    if (!writable &&
        mprotect(pages, end - begin, PROT_READ | PROT_WRITE) != 0) {
      continue;
    }
    const uint64_t bias = hook.map->l_addr;
    if (hook.size_place == nullptr) {
      hook.value = new_address(bias + hook.value) - bias;
    }
    Set(hook, hook.value, hook.size);
    hook.used = false;
    if (!writable) mprotect(pages, end - begin, PROT_READ);
  }
}

void InitHooks::Initialize(size_t index, int count, char** arguments,
                           char** environment) {
  if (all->hooks_[index].used) all->on_first_();
  // A copy: what is initialized may open others.
  const Hook hook = all->hooks_[index];
  const uint64_t bias = hook.map->l_addr;
  if (hook.size_place == nullptr) {
    if (hook.value == 0) return;
    reinterpret_cast<Function*>(bias + hook.value)(count, arguments,
                                                   environment);
    return;
  }
  auto* const functions = reinterpret_cast<Function**>(bias + hook.value);
  for (uint64_t i = 0; i < hook.size / sizeof(Function*); ++i) {
    functions[i](count, arguments, environment);
  }
}

}  // namespace relink
