// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Real modules whose functions are bound when they are called, with every way
// to save registers meanwhile. What they call is in a SyntheticModule.

#include <immintrin.h>

#include <algorithm>
#include <atomic>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "relink/elf/symbol_name.h"
#include "relink/ir/module_source.h"
#include "relink/link/link_group.h"
#include "relink/link/observer.h"
#include "relink/link/search_path_resolver.h"
#include "relink/map/system_backend.h"
#include "relink/reloc/scope.h"
#include "relink/reloc/symbol_reference.h"
#include "relink/reloc/synthetic_module.h"
#include "relink/reloc/vector_state.h"
#include "relink/runtime/live_image.h"
#include "relink/runtime/process_tls.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

using Method = VectorState::Method;

// The functions of the host that the modules call.

long HostIntegers(long a, long b, long c, long d, long e, long f, long g,
                  long h) {
  return a + 10 * b + 100 * c + 1000 * d + 10'000 * e + 100'000 * f +
         1'000'000 * g + 10'000'000 * h;
}

double HostDoubles(double a, double b, double c, double d, double e, double f,
                   double g, double h) {
  return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h;
}

int HostFormat(char* out, size_t size, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int length = std::vsnprintf(out, size, format, arguments);
  va_end(arguments);
  return length;
}

long double HostLongDouble(long double value) { return 2 * value; }

struct Large {
  long words[5];
};
Large HostLarge(long first) { return {{first, 0, 0, 0, first + 4}}; }

struct Mixed {
  double real;
  long integer;
};
Mixed HostMixed(double real, long integer) { return {2 * real, 3 * integer}; }

[[gnu::target("avx")]] __m256d HostYmm(__m256d a, __m256d b, __m256d c,
                                       __m256d d, __m256d e, __m256d f,
                                       __m256d g, __m256d h) {
  return (a - b) * 2 + (c - d) * 3 + (e - f) * 5 + (g - h) * 7;
}

[[gnu::target("avx512f")]] __m512d HostZmm(__m512d a, __m512d b, __m512d c,
                                           __m512d d, __m512d e, __m512d f,
                                           __m512d g, __m512d h) {
  return (a - b) * 2 + (c - d) * 3 + (e - f) * 5 + (g - h) * 7;
}

[[gnu::naked]] void HostChain() { __asm__("mov %r10, %rax\n\tret"); }

template <int kNumber>
int HostRacing(int value) {
  return 100 * kNumber + value;
}

// What a resolver may do to registers, and more.
[[gnu::target("avx512f")]] void ClobberZmm() {
  __asm__ volatile(
      ".irp i,0,1,2,3,4,5,6,7,16,31\n\t"
      "vpternlogd $0xff, %%zmm\\i, %%zmm\\i, %%zmm\\i\n\t"
      ".endr" ::
          : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7",
            "xmm16", "xmm31");
}
[[gnu::target("avx")]] void ClobberYmm() {
  __asm__ volatile("vzeroall" ::
                       : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6",
                         "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12",
                         "xmm13", "xmm14", "xmm15");
}
void Clobber() {
  if (__builtin_cpu_supports("avx")) ClobberYmm();
  if (__builtin_cpu_supports("avx512f")) ClobberZmm();
  __asm__ volatile(
      "mov $-1, %%rax\n\tmov $-1, %%r8\n\tmov $-1, %%r9\n\tmov $-1, %%r10"
      "\n\tmov $-1, %%r11\n\tpcmpeqd %%xmm0, %%xmm0" ::
          : "rax", "r8", "r9", "r10", "r11", "xmm0");
}

template <int... kNumbers>
void AddRacing(SyntheticModule::Builder& builder,
               std::integer_sequence<int, kNumbers...>) {
  (builder.Add(absl::StrCat("host_racing_", kNumbers), &HostRacing<kNumbers>),
   ...);
}

SyntheticModule::Symbol Function(absl::string_view name, const void* address) {
  return {.name = name, .address = address};
}

std::shared_ptr<const SyntheticModule> HostFunctions() {
  SyntheticModule::Builder builder("libhost.so");
  builder.Add("host_integers", &HostIntegers)
      .Add("host_doubles", &HostDoubles)
      .Add("host_format", &HostFormat)
      .Add("host_long_double", &HostLongDouble)
      .Add("host_large", &HostLarge)
      .Add("host_mixed", &HostMixed)
      .Add("host_chain", &HostChain)
      .Add(Function("host_ymm", reinterpret_cast<const void*>(&HostYmm)))
      .Add(Function("host_zmm", reinterpret_cast<const void*>(&HostZmm)));
  AddRacing(builder, std::make_integer_sequence<int, 32>());
  return std::move(builder).Build().value();
}

struct Variant {
  const char* file;
  Method method;
};

std::vector<Variant> Variants() {
  std::vector<Variant> variants;
  for (const char* file : {"libcalls.so", "libcalls_ibt.so", "libcalls_lld.so",
                           "libcalls_lld_ibt.so"}) {
    variants.push_back({file, HostVectorState().method});
  }
  variants.push_back({"libcalls.so", Method::kFxsave});
  if (HostVectorState().method == Method::kXsavec) {
    variants.push_back({"libcalls.so", Method::kXsave});
  }
  return variants;
}

// The area that a method needs at most: XSAVE's standard format has the same
// components at larger offsets.
VectorState StateFor(Method method) {
  VectorState state = HostVectorState();
  if (method == state.method) return state;
  state.method = method;
  state.size = method == Method::kFxsave ? 512 : state.size + 1024;
  return state;
}

// Counts what is bound, and uses all registers that it may.
class Bindings final : public Observer {
 public:
  void OnBound(const SymbolBinding& binding) override {
    {
      const std::lock_guard lock(mutex_);
      ++counts_[std::string(binding.reference.name)];
    }
    Clobber();
  }
  bool wants_bindings() const override { return true; }
  int Count(const std::string& name) {
    const std::lock_guard lock(mutex_);
    return counts_[name];
  }

 private:
  std::mutex mutex_;
  std::map<std::string, int> counts_;
};

class LazyBinding : public testing::TestWithParam<Variant> {
 protected:
  void SetUp() override {
    auto source = ModuleSource::Open(
        TestdataPath(absl::StrCat("lazy/", GetParam().file)));
    ASSERT_TRUE(source.ok()) << source.status();
    std::vector<ModuleSource> sources;
    sources.push_back(*std::move(source));
    const auto host = HostFunctions();
    const GroupOptions options = {
        .backend = SystemBackend(),
        .resolver = resolver_,
        .tls = ProcessTls(),
        .observer = &counts_,
        .last_scope = {&host->member()},
        .lazy = LazyBinder::Options{
            .keep_alive = {host}, .vector_state = StateFor(GetParam().method)}};
    auto linked = LinkGroup(std::move(sources), options);
    ASSERT_TRUE(linked.ok()) << linked.status();
    auto live = LiveImage::Commit(std::move(linked->image), ProcessTls());
    ASSERT_TRUE(live.ok()) << live.status();
    live_ = *std::move(live);
  }
  // The address of a symbol of the module itself; null if it has none.
  void* Find(absl::string_view name) const {
    const ScopeMember* member = &live_->modules()[0].member;
    const Definition found =
        FindInScope({&member, 1}, elf::SymbolName(Ref(name)), {.newest = true});
    return found.owner == nullptr ? nullptr
                                  : reinterpret_cast<void*>(found.address());
  }
  template <typename F>
  F* Get(absl::string_view name) {
    return reinterpret_cast<F*>(Find(name));
  }
  // Calls twice: through the trampoline, and through the slot.
  template <typename F, typename... Args>
  void ExpectTwice(absl::string_view host_name, const char* name,
                   std::invoke_result_t<F*, Args...> expected, Args... args) {
    const std::string bound(host_name);
    EXPECT_EQ(counts_.Count(bound), 0);
    EXPECT_EQ(Get<F>(name)(args...), expected);
    EXPECT_EQ(counts_.Count(bound), 1);
    EXPECT_EQ(Get<F>(name)(args...), expected);
    EXPECT_EQ(counts_.Count(bound), 1);
  }

  SearchPathResolver resolver_;
  Bindings counts_;
  std::shared_ptr<LiveImage> live_;
};

TEST_P(LazyBinding, PassesIntegers) {
  ExpectTwice<long()>("host_integers", "call_integers", 87'654'321);
}

TEST_P(LazyBinding, PassesDoubles) {
  ExpectTwice<double()>("host_doubles", "call_doubles",
                        1.5 + 5 + 10.5 + 18 + 27.5 + 39 + 52.5 + 68);
}

TEST_P(LazyBinding, PassesVariableArguments) {
  char text[64];
  for (int i = 0; i < 2; ++i) {
    std::fill(std::begin(text), std::end(text), '?');
    EXPECT_EQ((Get<int(char*, size_t)>("call_variadic")(text, sizeof(text))),
              14);
    EXPECT_STREQ(text, "7 1.25 x 2.500");
  }
}

TEST_P(LazyBinding, PassesLongDoubles) {
  ExpectTwice<long double(long double)>("host_long_double", "call_long_double",
                                        7.5L, 3.25L);
}

TEST_P(LazyBinding, ReturnsStructures) {
  ExpectTwice<long(long)>("host_large", "call_large", 18L, 7L);
  ExpectTwice<double(double, long)>("host_mixed", "call_mixed", 14.0, 2.5, 3L);
}

TEST_P(LazyBinding, PassesTheStaticChain) {
  int chain = 0;
  ExpectTwice<void*(void*)>("host_chain", "call_with_chain",
                            static_cast<void*>(&chain),
                            static_cast<void*>(&chain));
}

// Calls `name` with eight vectors of `lanes` doubles.
void ExpectVectors(void (*call)(const double*, double*), int lanes) {
  std::vector<double> in(8 * lanes);
  for (size_t i = 0; i < in.size(); ++i) in[i] = static_cast<double>(i * i);
  const auto at = [&](int vector, int lane) {
    return in[vector * lanes + lane];
  };
  for (int round = 0; round < 2; ++round) {
    std::vector<double> out(lanes);
    call(in.data(), out.data());
    for (int i = 0; i < lanes; ++i) {
      EXPECT_EQ(out[i], 2 * (at(0, i) - at(1, i)) + 3 * (at(2, i) - at(3, i)) +
                            5 * (at(4, i) - at(5, i)) +
                            7 * (at(6, i) - at(7, i)));
    }
  }
}

TEST_P(LazyBinding, PassesVectorsOf256Bits) {
  if (!__builtin_cpu_supports("avx") || GetParam().method == Method::kFxsave) {
    GTEST_SKIP() << "nothing saves %ymm";
  }
  ExpectVectors(Get<void(const double*, double*)>("call_ymm"), 4);
  EXPECT_EQ(counts_.Count("host_ymm"), 1);
}

TEST_P(LazyBinding, PassesVectorsOf512Bits) {
  if (!__builtin_cpu_supports("avx512f") ||
      GetParam().method == Method::kFxsave) {
    GTEST_SKIP() << "nothing saves %zmm";
  }
  ExpectVectors(Get<void(const double*, double*)>("call_zmm"), 8);
  EXPECT_EQ(counts_.Count("host_zmm"), 1);
}

TEST_P(LazyBinding, ResolvesIfuncsWhenTheyAreCalled) {
  const int* calls = static_cast<const int*>(Find("chooser_calls"));
  EXPECT_EQ(*calls, 0);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(Get<int()>("call_chosen")(), 42);
    EXPECT_EQ(*calls, 1);
  }
  // The slot of one that nobody else sees has no symbol (R_X86_64_IRELATIVE).
  EXPECT_EQ(Get<int()>("call_own_chosen")(), 42);
}

TEST_P(LazyBinding, IsSafeFromManyThreads) {
  constexpr int kThreads = 8;
  auto* call = Get<int(int, int)>("call_racing");
  std::atomic<int> waiting = kThreads;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      --waiting;
      while (waiting.load() != 0) std::this_thread::yield();
      for (int i = 0; i < 32; ++i) EXPECT_EQ(call(i, 7), 100 * i + 7);
    });
  }
  for (std::thread& thread : threads) thread.join();
  // Several may have been first, but all are bound now.
  for (int i = 0; i < 32; ++i) {
    const std::string name = absl::StrCat("host_racing_", i);
    const int count = counts_.Count(name);
    EXPECT_GE(count, 1);
    call(i, 0);
    EXPECT_EQ(counts_.Count(name), count);
  }
}

TEST_P(LazyBinding, EndsTheProcessIfNothingDefinesAFunction) {
  EXPECT_DEATH(Get<int()>("call_missing")(),
               absl::StrCat("symbol lookup error: .*", GetParam().file,
                            ": undefined symbol: host_missing"));
}

INSTANTIATE_TEST_SUITE_P(EveryKindOfPlt, LazyBinding,
                         testing::ValuesIn(Variants()),
                         [](const testing::TestParamInfo<Variant>& variant) {
                           std::string name(variant.param.file);
                           name = name.substr(3, name.size() - 6);
                           switch (variant.param.method) {
                             case Method::kFxsave:
                               return name + "_fxsave";
                             case Method::kXsave:
                               return name + "_xsave";
                             case Method::kXsavec:
                               return name + "_xsavec";
                           }
                           return name;
                         });

}  // namespace
}  // namespace relink
