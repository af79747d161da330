// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PROFILES_DECOMPRESS_H_
#define RELINK_PROFILES_DECOMPRESS_H_

#include <memory>

#include "profiles/byte_stream.h"
#include "relink/support/byte_view.h"

namespace relink::profiles {

bool IsGzip(ByteView head);
bool IsZstd(ByteView head);

// What is compressed in the rest of `packed`, one or several frames, as a
// source. InvalidArgument: damaged; OutOfRange: truncated.
std::unique_ptr<ByteSource> Gunzip(ByteStream packed);
std::unique_ptr<ByteSource> Unzstd(ByteStream packed);

}  // namespace relink::profiles

#endif  // RELINK_PROFILES_DECOMPRESS_H_
