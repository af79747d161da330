// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/arch/x86_64_possible_reference.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <bit>

#include "relink/support/byte_order.h"

namespace relink {
namespace {

constexpr size_t kFieldSize = 4;

// Whether what ends with the byte at `at` can be all of an instruction that
// stands in front of its last field; says what it does.
bool EndsOpcode(const uint8_t* bytes, size_t at, bool* is_branch) {
  const uint8_t last = bytes[at];
  *is_branch = true;
  if (last == 0xe8 || last == 0xe9) return true;  // call rel32, jmp rel32
  if (at == 0) return false;
  const uint8_t before = bytes[at - 1];
  if (before == 0x0f && (last & 0xf0) == 0x80) return true;  // jcc rel32
  // lea, with a ModRM byte that says RIP-relative. Of instructions that take an
  // address it is the only one whose operand no immediate follows, so that all
  // count from the end of the field (Intel SDM, volume 2, 2.2.1.6).
  *is_branch = false;
  return before == 0x8d && (last & 0xc7) == 0x05;
}

// One bit for each of the 16 bytes from `bytes` on, in front of which is
// another one, that may be the last in front of a field.
uint32_t Candidates(const uint8_t* bytes) {
#if defined(__SSE2__)
  const auto load = [](const uint8_t* from) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
  };
  const auto all = [](uint8_t byte) {
    return _mm_set1_epi8(static_cast<char>(byte));
  };
  const auto equal = [&](__m128i value, uint8_t byte) {
    return _mm_cmpeq_epi8(value, all(byte));
  };
  const __m128i last = load(bytes);
  const __m128i before = load(bytes - 1);
  // e8 and e9 differ in their lowest bit.
  const __m128i branch = equal(_mm_or_si128(last, all(1)), 0xe9);
  const __m128i conditional = _mm_and_si128(
      equal(before, 0x0f), equal(_mm_and_si128(last, all(0xf0)), 0x80));
  const __m128i lea = _mm_and_si128(
      equal(before, 0x8d), equal(_mm_and_si128(last, all(0xc7)), 0x05));
  return static_cast<uint32_t>(
      _mm_movemask_epi8(_mm_or_si128(branch, _mm_or_si128(conditional, lea))));
#else
  uint32_t found = 0;
  for (size_t i = 0; i < 16; ++i) {
    bool is_branch;
    if (EndsOpcode(bytes - 1, i + 1, &is_branch)) found |= uint32_t{1} << i;
  }
  return found;
#endif
}

}  // namespace

bool FindReferenceX86_64(std::span<const std::byte> code, uint64_t address,
                         const PageSet& pages, size_t from,
                         PossibleReference* found) {
  constexpr size_t kBlock = 16;
  const auto* bytes = reinterpret_cast<const uint8_t*>(code.data());
  const auto check = [&](size_t at) {
    const size_t end = at + 1 + kFieldSize;
    const auto& field =
        *reinterpret_cast<const Packed<int32_t, std::endian::little>*>(bytes +
                                                                       at + 1);
    const uint64_t target =
        address + end + static_cast<uint64_t>(int64_t{int32_t{field}});
    if (!pages.Has(target) || !EndsOpcode(bytes, at, &found->is_branch)) {
      return false;
    }
    found->end = end;
    found->target = target;
    return true;
  };
  size_t at = from > kFieldSize ? from - kFieldSize : 0;
  if (at == 0 && code.size() > kFieldSize) {
    if (check(at)) return true;
    ++at;
  }
  for (; at + kBlock + kFieldSize < code.size(); at += kBlock) {
    for (uint32_t candidates = Candidates(bytes + at); candidates != 0;
         candidates &= candidates - 1) {
      if (check(at + static_cast<size_t>(std::countr_zero(candidates)))) {
        return true;
      }
    }
  }
  for (; at + kFieldSize < code.size(); ++at) {
    if (check(at)) return true;
  }
  return false;
}

}  // namespace relink
