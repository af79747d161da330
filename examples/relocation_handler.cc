// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Sees every relocation of a plugin before and after it is applied, and leads
// one of its calls through a wrapper that knows where it would have gone.

#include "relink/reloc/relocation_handler.h"

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "examples/example_path.h"
#include "relink/link/link_context.h"
#include "relink/link/linker.h"
#include "relink/reloc/synthetic_module.h"

namespace {

int Twice(int value) { return 2 * value; }
int base = 20;

int calls = 0;
int (*wrapped)(int) = nullptr;

int CountedCall(int value) {
  ++calls;
  return wrapped(value);
}

class CallCounter final : public relink::RelocationHandler {
 public:
  absl::StatusOr<relink::RelocationAction> Before(
      const relink::RelocationView& relocation,
      relink::RelocatableImage&) override {
    // A value of one's own, instead of what the formula says.
    if (relocation.symbol.name == "host_base") {
      return relink::RelocationAction::UseValue(
          reinterpret_cast<uint64_t>(&other_base_));
    }
    return relink::RelocationAction::Proceed();
  }

  absl::Status After(const relink::RelocationView& relocation,
                     const relink::RelocationResult& result,
                     relink::RelocatableImage& image) override {
    std::printf("%s[%zu]: %s %s = 0x%llx\n",
                std::string(relocation.table).c_str(), relocation.index,
                relocation.rule.name,
                std::string(relocation.symbol.name).c_str(),
                static_cast<unsigned long long>(result.value));
    if (relocation.symbol.name != "host_scale") return absl::OkStatus();
    wrapped = reinterpret_cast<int (*)(int)>(result.value);
    const auto wrapper = reinterpret_cast<uint64_t>(&CountedCall);
    std::byte* const place = image.Place(relocation.place, sizeof(wrapper));
    if (place == nullptr) return absl::InternalError("is not to be written");
    std::memcpy(place, &wrapper, sizeof(wrapper));
    return absl::OkStatus();
  }

 private:
  int other_base_ = 100;
};

}  // namespace

int main() {
  relink::SyntheticModule::Builder builder("libhost.so");
  builder.Add("host_scale", &Twice).Add("host_base", &base);
  auto host = std::move(builder).Build();
  relink::LinkContext context;
  if (!host.ok() ||
      !context.Add(*host, relink::LinkContext::Reach::kGlobal).ok()) {
    return 1;
  }
  CallCounter counter;
  relink::Linker linker({.relocation_handler = &counter});
  auto plugin = linker.Load(context, ExamplePath("libhost_plugin.so"));
  if (!plugin.ok()) {
    std::fprintf(stderr, "%s\n", plugin.status().ToString().c_str());
    return 1;
  }
  const int answer = (*plugin->Get<int()>("plugin_run"))();
  std::printf("%d, after %d call\n", answer, calls);
  return answer == 201 && calls == 1 ? 0 : 1;
}
