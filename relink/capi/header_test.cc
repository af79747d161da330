// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// relink.h in C++, and what may never change in it.

#include <cstddef>
#include <string>

#include "gtest/gtest.h"
#include "relink/capi/relink.h"

namespace {

// A structure may grow at its end, and then what is read of it must not.
static_assert(sizeof(relink_hooks) == 96);
static_assert(sizeof(relink_linker_options) == 56);
static_assert(sizeof(relink_load_options) == 56);
static_assert(sizeof(relink_address) == 40);
// Those without a size stay.
static_assert(sizeof(relink_host_symbol) == 48);
static_assert(sizeof(relink_source) == 24);
static_assert(offsetof(relink_load_options, passes) == 40);

TEST(Header, IsOfTheLibrary) {
  EXPECT_EQ(std::string(relink_version()), RELINK_VERSION);
}

}  // namespace
