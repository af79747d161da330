// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// For tests' programs without a C library: what they would have of it. Apart
// from them because <cstring> declares memchr as C++ has it, with two
// overloads.

#include <cstddef>

// `volatile` keeps the compiler from making a loop a call of the function that
// it stands in.
extern "C" {

void* memcpy(void* to, const void* from, size_t size) {
  auto* out = static_cast<volatile char*>(to);
  for (size_t i = 0; i < size; ++i) out[i] = static_cast<const char*>(from)[i];
  return to;
}
void* memset(void* to, int value, size_t size) {
  auto* out = static_cast<volatile char*>(to);
  for (size_t i = 0; i < size; ++i) out[i] = static_cast<char>(value);
  return to;
}
int memcmp(const void* a, const void* b, size_t size) {
  const auto* x = static_cast<const volatile unsigned char*>(a);
  const auto* y = static_cast<const volatile unsigned char*>(b);
  for (size_t i = 0; i < size; ++i) {
    if (x[i] != y[i]) return x[i] < y[i] ? -1 : 1;
  }
  return 0;
}
void* memchr(const void* text, int value, size_t size) {
  const auto* bytes = static_cast<const volatile unsigned char*>(text);
  for (size_t i = 0; i < size; ++i) {
    if (bytes[i] == static_cast<unsigned char>(value)) {
      return const_cast<char*>(static_cast<const char*>(text)) + i;
    }
  }
  return nullptr;
}
size_t strlen(const char* text) {
  const auto* at = static_cast<const volatile char*>(text);
  size_t size = 0;
  while (at[size] != '\0') ++size;
  return size;
}
}
