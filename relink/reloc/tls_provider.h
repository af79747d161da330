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

// A module's TLS segment, in memory. The image is copied when a thread first
// uses it, so it may be relocated until then; it must outlive the registration.
struct TlsTemplate {
  std::span<const std::byte> image;
  uint64_t size = 0;  // At least the image's; the rest is zeros.
  uint64_t alignment = 1;
};

// Where thread-local storage comes from. Thread-safe.
class TlsProvider {
 public:
  // The identifier that DTPMOD relocations against the module get.
  virtual absl::StatusOr<uint64_t> Register(const TlsTemplate& tls) = 0;
  virtual void Unregister(uint64_t module) = 0;

  // Puts the module's block into static TLS, for initial-exec code, and returns
  // its offset from the thread pointer. Called before any thread used the
  // block. ResourceExhausted: the reserve is used up.
  virtual absl::StatusOr<int64_t> MakeStatic(uint64_t module) = 0;

  // The same for a module of the host, which must have put it there itself.
  // Unimplemented: its block is allocated for each thread on its own.
  virtual absl::StatusOr<int64_t> HostStaticOffset(uint64_t module) = 0;

  // Copies the images of static blocks once they are relocated.
  virtual absl::Status InitializeStatic(uint64_t module) = 0;

  // Addresses of the functions that relocated code calls: __tls_get_addr, and
  // descriptor resolvers that take an offset from the thread pointer, a
  // `TlsIndex*`, or the addend of an undefined weak symbol.
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
