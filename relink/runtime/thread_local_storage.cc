// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/thread_local_storage.h"

#include <cpuid.h>
#include <link.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "relink/runtime/host_dlfcn.h"
#include "relink/support/address.h"
#include "relink/support/status_macros.h"

extern "C" void* __tls_get_addr(void* index);

namespace relink {

// A thread's blocks by slot. tls_x86_64.S reads the first two fields.
struct ThreadBlocks {
  std::byte** blocks;
  uint64_t count;
};

}  // namespace relink

extern "C" {
// Names that assembly uses. All are hidden: they are nobody else's.
__attribute__((
    visibility("hidden"),
    tls_model("initial-exec"))) constinit thread_local relink::ThreadBlocks
    relink_tls_blocks = {nullptr, 0};
__attribute__((visibility("hidden"))) uint64_t relink_tls_xsave_size = 576;
__attribute__((visibility("hidden"))) bool relink_tls_has_xsave = false;

// The reserve. Its first byte is not zero so that it lies in .tdata: then the
// image that new threads are initialized from has room for it. Weak, since a
// library that is itself loaded by dlopen can only have a smaller one.
__attribute__((weak, visibility("hidden"), tls_model("initial-exec"),
               aligned(64))) constinit thread_local std::byte
    relink_tls_reserve[relink::ThreadLocalStorage::kStaticReserve] = {
        std::byte{1}};
__attribute__((
    weak, visibility("hidden"))) extern const uint64_t relink_tls_reserve_size =
    relink::ThreadLocalStorage::kStaticReserve;

void relink_tls_static_descriptor();
void relink_tls_dynamic_descriptor();
void relink_tls_undefined_weak_descriptor();
}

namespace relink {
namespace {

constexpr uint64_t kOwn = kProvidedTlsModule;
constexpr uint64_t kReserveAlignment = 64;

// The first slice starts after that byte.
constexpr uint64_t kFirstSlice = kReserveAlignment;

uint64_t ThreadPointer() {
  uint64_t pointer;
  __asm__("mov %%fs:0, %0" : "=r"(pointer));
  return pointer;
}

bool HasOtherThreads() {
  struct stat info;
  // Each thread is a directory, beside "." and "..".
  return stat("/proc/self/task", &info) != 0 || info.st_nlink > 3;
}

// Of initialized data.
absl::Status CheckNoOtherThreads() {
  if (!HasOtherThreads()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "static TLS: initialized initial-exec data cannot be given to threads "
      "that already run; load the module before starting them");
}

void OnThreadExit(void* blocks) {
  ThreadLocalStorage::Process().ReleaseThread(blocks);
}

pthread_key_t ThreadExitKey() {
  static const pthread_key_t key = [] {
    pthread_key_t made;
    if (pthread_key_create(&made, OnThreadExit) != 0) abort();
    return made;
  }();
  return key;
}

void FindVectorState() {
  unsigned eax, ebx, ecx, edx;
  if (__get_cpuid(1, &eax, &ebx, &ecx, &edx) == 0) return;
  constexpr unsigned kOsxsave = 1u << 27;
  if ((ecx & kOsxsave) == 0) return;
  // Leaf 0xD: ebx is the size of everything the system enabled.
  if (__get_cpuid_count(0xd, 0, &eax, &ebx, &ecx, &edx) == 0) return;
  relink_tls_xsave_size = std::max(576u, ebx);
  relink_tls_has_xsave = true;
}

// The initialization image of relink_tls_reserve in this very module, and
// whether RELRO made it read-only.
struct ReserveImage {
  std::byte* bytes = nullptr;
  bool read_only = false;
};

int FindReserveImage(dl_phdr_info* info, size_t, void* data) {
  const auto self = reinterpret_cast<uint64_t>(&relink_tls_xsave_size);
  const auto in_module = [&](const ElfW(Phdr) & header) {
    return self - info->dlpi_addr - header.p_vaddr < header.p_memsz;
  };
  bool ours = false;
  const ElfW(Phdr)* tls = nullptr;
  const ElfW(Phdr)* relro = nullptr;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& header = info->dlpi_phdr[i];
    if (header.p_type == PT_LOAD && in_module(header)) ours = true;
    if (header.p_type == PT_TLS) tls = &header;
    if (header.p_type == PT_GNU_RELRO) relro = &header;
  }
  if (!ours || tls == nullptr || info->dlpi_tls_data == nullptr) return ours;
  const auto offset = reinterpret_cast<uint64_t>(relink_tls_reserve) -
                      reinterpret_cast<uint64_t>(info->dlpi_tls_data);
  if (offset + relink_tls_reserve_size > tls->p_filesz) return 1;
  auto& image = *static_cast<ReserveImage*>(data);
  image.bytes =
      reinterpret_cast<std::byte*>(info->dlpi_addr + tls->p_vaddr + offset);
  image.read_only = relro != nullptr && tls->p_vaddr >= relro->p_vaddr &&
                    tls->p_vaddr < relro->p_vaddr + relro->p_memsz;
  return 1;
}

// Makes threads that start from now on find `bytes` in their reserve.
absl::Status SetReserveImage(uint64_t begin, std::span<const std::byte> bytes) {
  ReserveImage image;
  Host().dl_iterate_phdr(FindReserveImage, &image);
  if (image.bytes == nullptr) {
    return absl::InternalError("no image of the static TLS reserve");
  }
  const auto page = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  const RuntimeRange pages = PagesOf(
      RuntimeRange{RuntimeAddr(reinterpret_cast<uint64_t>(image.bytes + begin)),
                   bytes.size()},
      page);
  void* const start = reinterpret_cast<void*>(pages.begin.value());
  if (image.read_only &&
      mprotect(start, pages.size, PROT_READ | PROT_WRITE) != 0) {
    return absl::ResourceExhaustedError(
        "the image of the static TLS reserve cannot be made writable");
  }
  std::memcpy(image.bytes + begin, bytes.data(), bytes.size());
  if (image.read_only) mprotect(start, pages.size, PROT_READ);
  return absl::OkStatus();
}

}  // namespace

ThreadLocalStorage& ThreadLocalStorage::Process() {
  // Never destroyed: threads may outlive static destruction.
  static ThreadLocalStorage& storage = *[] {
    FindVectorState();
    return new ThreadLocalStorage();
  }();
  return storage;
}

absl::StatusOr<uint64_t> ThreadLocalStorage::Register(const TlsTemplate& tls) {
  if (tls.alignment > kMaxAlignment) {
    return absl::InvalidArgumentError(
        absl::StrCat("PT_TLS: alignment 0x", absl::Hex(tls.alignment),
                     " is more than 0x", absl::Hex(kMaxAlignment)));
  }
  std::lock_guard lock(mutex_);
  auto slot = std::ranges::find(slots_, false, &Slot::used);
  if (slot == slots_.end()) slot = slots_.emplace(slots_.end());
  *slot = Slot{.tls = tls, .used = true};
  return kOwn | static_cast<uint64_t>(slot - slots_.begin());
}

void ThreadLocalStorage::Unregister(uint64_t module) {
  std::lock_guard lock(mutex_);
  const uint64_t index = module & ~kOwn;
  Slot& slot = slots_[index];
  for (void* thread : threads_) {
    auto& blocks = *static_cast<ThreadBlocks*>(thread);
    if (index >= blocks.count) continue;
    if (!slot.is_static) free(blocks.blocks[index]);
    blocks.blocks[index] = nullptr;
  }
  // Of a load that failed no code ran.
  if (slot.is_static && slot.was_visible) {
    // Other threads' copies cannot be cleared, so with them a slice is used
    // once.
    std::memset(relink_tls_reserve + slot.static_begin, 0, slot.tls.size);
    const std::vector<std::byte> zeros(slot.tls.size);
    if (HasOtherThreads() || !SetReserveImage(slot.static_begin, zeros).ok()) {
      spent_.push_back({slot.static_begin, slot.static_begin + slot.tls.size});
    }
  }
  slot = Slot{};
}

uint64_t ThreadLocalStorage::FindStaticRoom(uint64_t size,
                                            uint64_t alignment) const {
  std::vector<Slice> taken = spent_;
  for (const Slot& slot : slots_) {
    if (!slot.is_static) continue;
    taken.push_back({slot.static_begin, slot.static_begin + slot.tls.size});
  }
  std::ranges::sort(taken, {}, &Slice::begin);
  uint64_t begin = AlignUp(kFirstSlice, alignment);
  for (const Slice& slice : taken) {
    if (begin <= slice.begin && size <= slice.begin - begin) break;
    begin = std::max(begin, AlignUp(slice.end, alignment));
  }
  return begin;
}

absl::StatusOr<int64_t> ThreadLocalStorage::MakeStatic(uint64_t module) {
  std::lock_guard lock(mutex_);
  Slot& slot = slots_[module & ~kOwn];
  if (!slot.is_static) {
    if (slot.tls.alignment > kReserveAlignment) {
      return absl::ResourceExhaustedError(absl::StrCat(
          "static TLS: alignment 0x", absl::Hex(slot.tls.alignment),
          " is more than the reserve's 0x", absl::Hex(kReserveAlignment)));
    }
    const uint64_t begin = FindStaticRoom(slot.tls.size, slot.tls.alignment);
    if (slot.tls.size >
        relink_tls_reserve_size - std::min(begin, relink_tls_reserve_size)) {
      return absl::ResourceExhaustedError(absl::StrCat(
          "static TLS: initial-exec block of ", slot.tls.size,
          " bytes does not fit into the reserve of ", relink_tls_reserve_size));
    }
    if (!slot.tls.image.empty()) RETURN_IF_ERROR(CheckNoOtherThreads());
    slot.is_static = true;
    slot.static_begin = begin;
  }
  return static_cast<int64_t>(
      reinterpret_cast<uint64_t>(relink_tls_reserve + slot.static_begin) -
      ThreadPointer());
}

absl::StatusOr<int64_t> ThreadLocalStorage::HostStaticOffset(uint64_t module) {
  TlsIndex index{module, 0};
  const auto block = reinterpret_cast<uint64_t>(__tls_get_addr(&index));
  // ld.so has no public way to ask. Its static TLS is one block that ends at
  // the thread pointer; blocks from the heap are far from there.
  constexpr uint64_t kStaticTlsSize = 256 * 1024;
  if (ThreadPointer() - block > kStaticTlsSize) {
    return absl::UnimplementedError(
        "initial-exec reference into a library of the host whose thread-local "
        "storage is not static");
  }
  return static_cast<int64_t>(block - ThreadPointer());
}

absl::Status ThreadLocalStorage::InitializeStatic(uint64_t module) {
  std::lock_guard lock(mutex_);
  Slot& slot = slots_[module & ~kOwn];
  if (!slot.is_static) return absl::OkStatus();
  slot.was_visible = true;
  if (slot.tls.image.empty()) return absl::OkStatus();
  std::memcpy(relink_tls_reserve + slot.static_begin, slot.tls.image.data(),
              slot.tls.image.size());
  RETURN_IF_ERROR(SetReserveImage(slot.static_begin, slot.tls.image));
  // One that started before the image was set, after MakeStatic looked.
  return CheckNoOtherThreads();
}

std::byte* ThreadLocalStorage::FindBlock(uint64_t slot) {
  ThreadBlocks& mine = relink_tls_blocks;
  std::lock_guard lock(mutex_);
  if (slot >= mine.count) {
    const uint64_t count = std::max<uint64_t>(slots_.size(), 2 * mine.count);
    void* grown = realloc(mine.blocks, count * sizeof(std::byte*));
    if (grown == nullptr) abort();
    mine.blocks = static_cast<std::byte**>(grown);
    std::fill(mine.blocks + mine.count, mine.blocks + count, nullptr);
    mine.count = count;
    if (std::ranges::find(threads_, &mine) == threads_.end()) {
      threads_.push_back(&mine);
    }
    pthread_setspecific(ThreadExitKey(), &mine);
  }
  const Slot& of = slots_[slot];
  std::byte*& block = mine.blocks[slot];
  if (block != nullptr) return block;
  if (of.is_static) {
    block = relink_tls_reserve + of.static_begin;
    return block;
  }
  const uint64_t alignment = std::max<uint64_t>(of.tls.alignment, 16);
  void* memory = nullptr;
  // As ld.so, which cannot report it either: the caller is compiled code.
  if (posix_memalign(&memory, alignment, std::max<uint64_t>(of.tls.size, 1)) !=
      0) {
    abort();
  }
  block = static_cast<std::byte*>(memory);
  std::copy(of.tls.image.begin(), of.tls.image.end(), block);
  std::fill(block + of.tls.image.size(), block + of.tls.size, std::byte{0});
  return block;
}

void ThreadLocalStorage::ReleaseThread(void* blocks) {
  auto& mine = *static_cast<ThreadBlocks*>(blocks);
  std::lock_guard lock(mutex_);
  for (uint64_t i = 0; i < mine.count; ++i) {
    const bool is_static = i < slots_.size() && slots_[i].is_static;
    if (!is_static) free(mine.blocks[i]);
  }
  free(mine.blocks);
  mine = {nullptr, 0};
  std::erase(threads_, blocks);
}

}  // namespace relink

// What modules of ours have for __tls_get_addr.
extern "C" __attribute__((visibility("hidden"))) void* relink_tls_get_addr(
    relink::TlsIndex* index) {
  if ((index->module & relink::kOwn) == 0) return __tls_get_addr(index);
  const uint64_t slot = index->module & ~relink::kOwn;
  const relink::ThreadBlocks& mine = relink_tls_blocks;
  if (slot < mine.count && mine.blocks[slot] != nullptr) [[likely]] {
    return mine.blocks[slot] + index->offset;
  }
  return relink::ThreadLocalStorage::Process().FindBlock(slot) + index->offset;
}

namespace relink {

TlsProvider::Functions ThreadLocalStorage::functions() const {
  const auto address = [](auto* function) {
    return reinterpret_cast<uint64_t>(function);
  };
  return {.get_addr = address(&relink_tls_get_addr),
          .static_descriptor = address(&relink_tls_static_descriptor),
          .dynamic_descriptor = address(&relink_tls_dynamic_descriptor),
          .undefined_weak_descriptor =
              address(&relink_tls_undefined_weak_descriptor)};
}

}  // namespace relink
