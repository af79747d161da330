// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "absl/status/status.h"
#include "relink/runtime/process_tls.h"

extern "C" void* __tls_get_addr(void* index);

namespace relink {
namespace {

absl::Status Refusal() {
  return absl::UnimplementedError(
      "needs thread-local storage (PT_TLS), and Relink is built with "
      "--//relink:tls=false");
}

// Variables of the host's modules, which are ld.so's, can still be asked for.
class NoTls final : public TlsProvider {
 public:
  absl::StatusOr<uint64_t> Register(const TlsTemplate&) override {
    return Refusal();
  }
  void Unregister(uint64_t) override {}
  absl::StatusOr<int64_t> MakeStatic(uint64_t) override { return Refusal(); }
  absl::StatusOr<int64_t> HostStaticOffset(uint64_t) override {
    return Refusal();
  }
  absl::Status InitializeStatic(uint64_t) override { return Refusal(); }
  Functions functions() const override {
    return {.get_addr = reinterpret_cast<uint64_t>(&__tls_get_addr)};
  }
};

}  // namespace

TlsProvider& ProcessTls() {
  static NoTls& none = *new NoTls();
  return none;
}

}  // namespace relink
