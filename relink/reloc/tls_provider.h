// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RELOC_TLS_PROVIDER_H_
#define RELINK_RELOC_TLS_PROVIDER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "absl/status/statusor.h"

namespace relink {

// What the general- and local-dynamic TLS models pass to __tls_get_addr, and a
// descriptor to its resolver (ELF Handling For Thread-Local Storage,
// section 3.4).
struct TlsIndex {
  uint64_t module;
  uint64_t offset;
};

// ld.so numbers its modules from 1. A provider's identifiers have this bit, so
// that its functions know which are whose.
inline constexpr uint64_t kProvidedTlsModule = uint64_t{1} << 63;

// A module's TLS segment, in memory. The image is copied when a thread first
// uses it, so it may be relocated until then; it must outlive the registration.
struct TlsTemplate {
  std::span<const std::byte> image;
  uint64_t size = 0;  // At least the image's; the rest is zeros.
  uint64_t alignment = 1;
};

// Where the thread-local storage of loaded modules comes from. Must outlive
// what is loaded with it. Thread-safe.
//
// Its blocks must stay until a thread's thread_local destructors have run, as
// they do until those of pthread keys run.
class TlsProvider {
 public:
  // The identifier that DTPMOD relocations against the module get; with
  // kProvidedTlsModule. From here to Unregister() threads may ask for the
  // block.
  virtual absl::StatusOr<uint64_t> Register(const TlsTemplate& tls) = 0;
  virtual void Unregister(uint64_t module) = 0;

  // Puts the module's block into static TLS, for initial-exec code, and returns
  // its offset from the thread pointer. Called before any thread used the
  // block, maybe more than once. ResourceExhausted: there is no more room.
  // Unimplemented: blocks are never static; such modules are refused.
  virtual absl::StatusOr<int64_t> MakeStatic(uint64_t module) = 0;

  // The same for a module of the host, which must have put it there itself.
  // Unimplemented: its block is allocated for each thread on its own.
  virtual absl::StatusOr<int64_t> HostStaticOffset(uint64_t module) = 0;

  // Copies the image of a static block once it is relocated, for every thread
  // there is and will be. Called last, if MakeStatic was.
  virtual absl::Status InitializeStatic(uint64_t module) = 0;

  // Addresses of the functions that relocated code calls. `get_addr` is what
  // __tls_get_addr is to it, a void*(TlsIndex*), also for modules of the host,
  // which it leaves to ld.so's. The others are resolvers of descriptors (psABI,
  // R_X86_64_TLSDESC) that take an offset from the thread pointer, a
  // `TlsIndex*`, or the addend of an undefined weak symbol, and keep all
  // registers but %rax; where one is 0, modules that need it are refused. The
  // same at every call.
  struct Functions {
    uint64_t get_addr = 0;
    uint64_t static_descriptor = 0;
    uint64_t dynamic_descriptor = 0;
    uint64_t undefined_weak_descriptor = 0;
  };
  virtual Functions functions() const = 0;

 protected:
  ~TlsProvider() = default;
};

// A module's registration, undone when destroyed. The provider must outlive it.
class TlsRegistration {
 public:
  TlsRegistration() = default;
  TlsRegistration(TlsProvider& provider, uint64_t module)
      : provider_(&provider), module_(module) {}
  TlsRegistration(TlsRegistration&& other) noexcept
      : provider_(std::exchange(other.provider_, nullptr)),
        module_(other.module_) {}
  TlsRegistration& operator=(TlsRegistration&& other) noexcept {
    std::swap(provider_, other.provider_);
    std::swap(module_, other.module_);
    return *this;
  }
  ~TlsRegistration() {
    if (provider_ != nullptr) provider_->Unregister(module_);
  }

 private:
  TlsProvider* provider_ = nullptr;
  uint64_t module_ = 0;
};

}  // namespace relink

#endif  // RELINK_RELOC_TLS_PROVIDER_H_
