// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Instead of the reserve of relink/runtime/thread_local_storage.cc: the C
// library has 1664 bytes of static TLS for all libraries that a process opens.

#include <cstddef>
#include <cstdint>

namespace {

constexpr uint64_t kSize = 512;

}  // namespace

extern "C" {
__attribute__((
    visibility("hidden"), tls_model("initial-exec"),
    aligned(64))) constinit thread_local std::byte relink_tls_reserve[kSize] = {
    std::byte{1}};
__attribute__((visibility(
    "hidden"))) extern const uint64_t relink_tls_reserve_size = kSize;
}
