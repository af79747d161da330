// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/dlfcn/guest_dlfcn.h"

#include <dlfcn.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

using testing::HasSubstr;
using testing::StrEq;

std::string Path(absl::string_view name) {
  return TestdataPath(absl::StrCat("dlfcn/", name));
}

// A context whose modules have dlopen, and libfirst.so in it, which calls it.
class Guest {
 public:
  Guest() {
    auto served = GuestDlfcn::Serve(context_, linker_);
    EXPECT_TRUE(served.ok()) << served.status();
    if (served.ok()) dlfcn_ = *std::move(served);
    auto library = linker_.Load(context_, Path("libfirst.so"));
    EXPECT_TRUE(library.ok()) << library.status();
    if (library.ok()) library_ = *std::move(library);
  }

  // Calls a function of libfirst.so.
  template <typename T, typename... Args>
  T Call(absl::string_view name, Args... args) {
    return (*library_->Get<T(Args...)>(name))(args...);
  }
  void* Open(absl::string_view how, const std::string& file,
             int mode = RTLD_NOW) {
    return Call<void*>(how, file.c_str(), mode);
  }
  void* FindIn(void* handle, const char* name) {
    return Call<void*>("find_in", handle, name);
  }
  size_t CountLoaded() const { return context_.libraries().size(); }

  Linker linker_;
  LinkContext context_;
  std::optional<GuestDlfcn> dlfcn_;
  std::optional<Library> library_;
};

bool HostHas(absl::string_view name) {
  void* const handle = dlopen(Path(name).c_str(), RTLD_NOW | RTLD_NOLOAD);
  if (handle != nullptr) dlclose(handle);
  return handle != nullptr;
}

TEST(GuestDlfcn, LoadsIntoTheContextOfWhoCalls) {
  Guest guest;
  ASSERT_EQ(guest.CountLoaded(), 2u);
  for (const char* how : {"open_library", "open_last"}) {
    // By the DT_RUNPATH of the caller, where that is known.
    const std::string file = how == std::string("open_last")
                                 ? Path("libcounter.so")
                                 : "libcounter.so";
    void* const handle = guest.Open(how, file);
    ASSERT_NE(handle, nullptr) << guest.Call<char*>("last_error");
    EXPECT_EQ(guest.CountLoaded(), 3u);
    EXPECT_FALSE(HostHas("libcounter.so"));
    EXPECT_NE(guest.FindIn(handle, "counter_address"), nullptr);
    EXPECT_EQ(guest.Call<int>("close_library", handle), 0);
    EXPECT_EQ(guest.CountLoaded(), 2u);
  }
}

TEST(GuestDlfcn, FindsDefaultAndNextSymbols) {
  Guest guest;
  EXPECT_THAT(guest.Call<const char*>("next_which"), StrEq("second"));
  EXPECT_NE(guest.Call<void*>("find_default", "second_only"), nullptr);
  EXPECT_EQ(guest.Call<void*>("find_default", "malloc"),
            dlsym(RTLD_DEFAULT, "malloc"));
  EXPECT_EQ(guest.Call<void*>("find_default", "missing"), nullptr);
  EXPECT_THAT(guest.Call<char*>("last_error"),
              HasSubstr("libfirst.so: undefined symbol: missing"));
  EXPECT_EQ(guest.Call<char*>("last_error"), nullptr);
}

TEST(GuestDlfcn, GivesNothingThatLeadsOutOfTheContext) {
  Guest guest;
  void* const libc = guest.Open("open_library", "libc.so.6");
  void* const program = guest.Call<void*>(
      "open_library", static_cast<const char*>(nullptr), int{RTLD_NOW});
  for (const char* name :
       {"dlopen", "dlsym", "dlclose", "dlerror", "dladdr", "dl_iterate_phdr"}) {
    void* const of_host = dlsym(RTLD_DEFAULT, name);
    for (void* handle : {libc, program}) {
      EXPECT_NE(guest.FindIn(handle, name), of_host) << name;
      EXPECT_NE(guest.FindIn(handle, name), nullptr) << name;
    }
    EXPECT_NE(guest.Call<void*>("find_default", name), of_host) << name;
    EXPECT_NE(guest.Call<void*>("find_next", name), of_host) << name;
  }
  EXPECT_EQ(guest.FindIn(libc, "gnu_get_libc_version"),
            dlsym(RTLD_DEFAULT, "gnu_get_libc_version"));
}

TEST(GuestDlfcn, KeepsContextsApart) {
  Guest one;
  Guest other;
  void* const in_one = one.Open("open_last", Path("libsecond.so"));
  void* const in_other = other.Open("open_last", Path("libsecond.so"));
  EXPECT_NE(in_one, in_other);
  EXPECT_NE(one.FindIn(in_one, "which"), other.FindIn(in_other, "which"));
}

TEST(GuestDlfcn, MakesNamespacesForItsModules) {
  Guest guest;
  void* const apart = guest.Open("open_apart", Path("libfirst.so"));
  ASSERT_NE(apart, nullptr) << guest.Call<char*>("last_error");
  EXPECT_EQ(guest.CountLoaded(), 2u);
  const auto open_library = reinterpret_cast<void* (*)(const char*, int)>(
      guest.FindIn(apart, "open_library"));
  EXPECT_NE(open_library("libcounter.so", RTLD_NOW), nullptr);
  EXPECT_EQ(guest.CountLoaded(), 2u);
  EXPECT_FALSE(HostHas("libcounter.so"));
}

TEST(GuestDlfcn, SaysWhatIsWrongInsteadOfAskingLdSo) {
  Guest guest;
  EXPECT_EQ(guest.Open("open_library", "libnone.so"), nullptr);
  EXPECT_THAT(guest.Call<char*>("last_error"),
              StrEq("libnone.so: cannot open shared object file: No such file "
                    "or directory"));
  EXPECT_EQ(guest.Open("open_library", "/proc/self/cmdline"), nullptr);
  EXPECT_NE(guest.Call<char*>("last_error"), nullptr);
  EXPECT_EQ(guest.CountLoaded(), 2u);
}

TEST(GuestDlfcn, ClosesWhatWasLeftOpen) {
  LinkContext context;
  {
    Guest guest;
    context = guest.context_;
    guest.Open("open_library", "libcounter.so");
    guest.Open("open_library", "libversioned.so");
    guest.dlfcn_.reset();
    EXPECT_EQ(guest.CountLoaded(), 2u);
  }
  EXPECT_TRUE(context.libraries().empty());
}

TEST(GuestDlfcn, ServesAContextOnce) {
  Guest guest;
  EXPECT_TRUE(absl::IsAlreadyExists(
      GuestDlfcn::Serve(guest.context_, guest.linker_).status()));
}

TEST(GuestDlfcn, ServesManyContextsAndSaysIfTheyAreTooMany) {
  Linker linker;
  std::vector<GuestDlfcn> served;
  for (size_t i = 0; i < GuestDlfcn::kMaxContexts; ++i) {
    auto one = GuestDlfcn::Serve(LinkContext(), linker);
    ASSERT_TRUE(one.ok()) << one.status();
    served.push_back(*std::move(one));
  }
  EXPECT_TRUE(absl::IsResourceExhausted(
      GuestDlfcn::Serve(LinkContext(), linker).status()));
  served.pop_back();
  EXPECT_TRUE(GuestDlfcn::Serve(LinkContext(), linker).ok());
}

}  // namespace
}  // namespace relink
