// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Calls of functions that nobody defined when this was linked, of every shape
// that a lazy binder could get wrong.

#include <immintrin.h>
#include <stddef.h>

long host_integers(long, long, long, long, long, long, long, long);
double host_doubles(double, double, double, double, double, double, double,
                    double);
int host_format(char*, size_t, const char*, ...);
long double host_long_double(long double);
int host_missing(void);

long call_integers(void) { return host_integers(1, 2, 3, 4, 5, 6, 7, 8); }

double call_doubles(void) {
  return host_doubles(1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5);
}

int call_variadic(char* out, size_t size) {
  return host_format(out, size, "%d %.2f %s %.3f", 7, 1.25, "x", 2.5);
}

long double call_long_double(long double value) {
  return host_long_double(value) + 1;
}

int call_missing(void) { return host_missing(); }

// Returned in memory, and in two registers of different classes.
struct large {
  long words[5];
};
struct mixed {
  double real;
  long integer;
};
struct large host_large(long);
struct mixed host_mixed(double, long);

long call_large(long first) {
  const struct large result = host_large(first);
  return result.words[0] + result.words[4];
}

double call_mixed(double real, long integer) {
  const struct mixed result = host_mixed(real, integer);
  return result.real + (double)result.integer;
}

// The registers %ymm0 to %ymm7, and %zmm0 to %zmm7.
__attribute__((target("avx")))
__m256d host_ymm(__m256d, __m256d, __m256d, __m256d, __m256d, __m256d, __m256d,
                 __m256d);
__attribute__((target("avx512f")))
__m512d host_zmm(__m512d, __m512d, __m512d, __m512d, __m512d, __m512d, __m512d,
                 __m512d);

__attribute__((target("avx"))) void call_ymm(const double* in, double* out) {
#define YMM(i) _mm256_loadu_pd(in + 4 * (i))
  _mm256_storeu_pd(out, host_ymm(YMM(0), YMM(1), YMM(2), YMM(3), YMM(4), YMM(5),
                                 YMM(6), YMM(7)));
}

__attribute__((target("avx512f"))) void call_zmm(const double* in,
                                                 double* out) {
#define ZMM(i) _mm512_loadu_pd(in + 8 * (i))
  _mm512_storeu_pd(out, host_zmm(ZMM(0), ZMM(1), ZMM(2), ZMM(3), ZMM(4), ZMM(5),
                                 ZMM(6), ZMM(7)));
}

// The static chain of nested functions, which is passed in %r10; no C of our
// own makes such a call across modules.
void* call_with_chain(void*);
__asm__(
    "        .globl  call_with_chain\n"
    "        .type   call_with_chain, @function\n"
    "call_with_chain:\n"
    "        endbr64\n"
    "        sub     $8, %rsp\n"
    "        mov     %rdi, %r10\n"
    "        call    host_chain@plt\n"
    "        add     $8, %rsp\n"
    "        ret\n"
    "        .size   call_with_chain, . - call_with_chain\n");

// Thirty-two functions, which threads race to call first.
// clang-format off
#define EACH(X) \
  X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) \
  X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15) \
  X(16) X(17) X(18) X(19) X(20) X(21) X(22) X(23) \
  X(24) X(25) X(26) X(27) X(28) X(29) X(30) X(31)
// clang-format on
#define DECLARE(n) int host_racing_##n(int);
#define CASE(n) \
  case n:       \
    return host_racing_##n(value);
EACH(DECLARE)
int call_racing(int function, int value) {
  switch (function) { EACH(CASE) }
  return -1;
}

// Functions of this very module that a resolver chooses: one that others may
// interpose, with a jump slot of its own, and one that is nobody else's.
int chooser_calls;
static int chosen_body(void) { return 42; }
__attribute__((used)) static int (*choose(void))(void) {
  ++chooser_calls;
  return chosen_body;
}
int chosen(void) __attribute__((ifunc("choose")));
int call_chosen(void) { return chosen(); }

__attribute__((used)) static int (*choose_own(void))(void) {
  return chosen_body;
}
static int own_chosen(void) __attribute__((ifunc("choose_own")));
int call_own_chosen(void) { return own_chosen(); }
