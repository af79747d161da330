// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SUPPORT_RESULT_H_
#define RELINK_SUPPORT_RESULT_H_

#include <cstdint>
#include <new>
#include <type_traits>
#include <utility>

namespace relink {

// Whose fault an error is. One-to-one with the absl::StatusCode that
// support/status.h translates it to.
enum class ErrorCode : uint8_t {
  kMalformed,    // InvalidArgument: the input breaks its specification.
  kOutOfRange,   // OutOfRange: truncated, or a value too big for its field.
  kUnsupported,  // Unimplemented: legal, but not supported.
  kNotFound,     // NotFound: no such file or symbol.
  kMismatch,     // FailedPrecondition: two inputs do not belong together.
  kExhausted,    // ResourceExhausted: the kernel or a fixed buffer refused.
  kInternal,     // Internal: our bug.
};

// An error that freestanding code can make: no heap, trivially copyable.
struct Error {
  ErrorCode code;
  const char* what;     // A fact, lower case, with static lifetime.
  uint64_t offset = 0;  // Where: a file offset, link address or table index.
  int os_error = 0;     // errno, if the kernel refused.
};

// A value or an `Error`. The freestanding layers' absl::StatusOr.
template <typename T>
class [[nodiscard]] Result {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): as absl::StatusOr.
  Result(T value) : value_(std::move(value)), ok_(true) {}
  // NOLINTNEXTLINE(google-explicit-constructor): as absl::StatusOr.
  Result(Error error) : error_(error), ok_(false) {}
  Result(const Result& other) = delete;
  Result& operator=(const Result&) = delete;
  Result(Result&& other) noexcept : ok_(other.ok_) {
    if (ok_) {
      new (&value_) T(std::move(other.value_));
    } else {
      error_ = other.error_;
    }
  }
  ~Result() {
    if (ok_) value_.~T();
  }

  bool ok() const { return ok_; }
  explicit operator bool() const { return ok_; }

  // REQUIRES: !ok().
  const Error& error() const { return error_; }

  // REQUIRES: ok().
  T& operator*() & { return value_; }
  const T& operator*() const& { return value_; }
  T&& operator*() && { return std::move(value_); }
  T* operator->() { return &value_; }
  const T* operator->() const { return &value_; }

 private:
  union {
    T value_;
    Error error_;
  };
  bool ok_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): as absl::StatusOr.
  Result(Error error) : error_(error), ok_(false) {}

  bool ok() const { return ok_; }
  explicit operator bool() const { return ok_; }
  const Error& error() const { return error_; }

 private:
  Error error_{};
  bool ok_ = true;
};

}  // namespace relink

#define RELINK_RESULT_CONCAT_INNER(a, b) a##b
#define RELINK_RESULT_CONCAT(a, b) RELINK_RESULT_CONCAT_INNER(a, b)
#define RELINK_RESULT_ASSIGN(result, lhs, expression) \
  auto result = (expression);                         \
  if (!result.ok()) return result.error();            \
  lhs = *std::move(result)

// Evaluates a Result<T>: returns its error from the enclosing function, or
// assigns its value to `lhs`.
#define RELINK_TRY_ASSIGN(lhs, ...)                                         \
  RELINK_RESULT_ASSIGN(RELINK_RESULT_CONCAT(relink_result_, __LINE__), lhs, \
                       (__VA_ARGS__))

// Evaluates a Result and returns its error, if any, from the enclosing
// function.
#define RELINK_TRY(...)                                            \
  do {                                                             \
    if (auto relink_result = (__VA_ARGS__); !relink_result.ok()) { \
      return relink_result.error();                                \
    }                                                              \
  } while (false)

#endif  // RELINK_SUPPORT_RESULT_H_
