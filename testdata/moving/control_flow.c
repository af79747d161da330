// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Jumps of all kinds: switches, computed gotos, tail calls, cold parts,
// longjmp, and code that only assembly can write.

#include <alloca.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "testdata/moving/report.h"

#define NOINLINE __attribute__((noinline))

static Report report_line;

__attribute__((format(printf, 1, 2))) NOINLINE static void say(
    const char* format, ...) {
  char line[256];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(line, sizeof(line), format, arguments);
  va_end(arguments);
  report_line(line);
}

// Large enough for a table, with work in each case that no table of values can
// replace.
NOINLINE int dispatch(int kind, int value) {
  switch (kind) {
    case 0:
      return value + 1;
    case 1:
      return value * 3;
    case 2:
      return value ^ 0x55;
    case 3:
      return value << 2;
    case 4:
      return (int)strlen("four") + value;
    case 5:
      return -value;
    case 6:
      return value % 7;
    case 7:
      return value / 3;
    case 8:
      return dispatch(3, value) + dispatch(2, value);
    case 11:
      return abs(value - 100);
    case 12:
      return value & 0xf0;
    case 13:
      return ~value;
    default:
      return -1000 - kind;
  }
}

// Two tables in one function, one inside the other's case.
NOINLINE static const char* classify(int a, int b) {
  switch (a) {
    case 10:
      return "ten";
    case 11:
      return b ? "eleven and more" : "eleven";
    case 12:
      switch (b) {
        case 100:
          say("hundred");
          return "twelve hundred";
        case 101:
          say("hundred one");
          return "twelve hundred one";
        case 102:
          return "twelve hundred two";
        case 103:
          say("hundred three");
          return "three";
        case 104:
          return "four";
        case 105:
          say("hundred five");
          return "five";
        case 106:
          return "six";
        default:
          return "twelve";
      }
    case 13:
      say("thirteen");
      return "thirteen";
    case 14:
      return "fourteen";
    case 15:
      say("fifteen");
      return "fifteen";
    case 16:
      return "sixteen";
    default:
      return "none";
  }
}

// Labels as values: words of eight bytes in data.
NOINLINE int interpret(const unsigned char* code) {
  static const void* const kLabels[] = {&&stop, &&add, &&double_, &&negate,
                                        &&jump};
  int accumulator = 0;
  int budget = 40;
#define NEXT goto* kLabels[*code++]
  NEXT;
add:
  accumulator += *code++;
  NEXT;
double_:
  accumulator *= 2;
  NEXT;
negate:
  accumulator = -accumulator;
  NEXT;
jump:
  if (--budget == 0) return accumulator;
  code -= *code;
  NEXT;
stop:
  return accumulator;
#undef NEXT
}

// Labels as distances: words of four bytes in read-only data.
NOINLINE int interpret_distances(const unsigned char* code) {
  static const int kDistances[] = {&&stop - &&stop, &&add - &&stop,
                                   &&triple - &&stop};
  int accumulator = 1;
  goto*(&&stop + kDistances[*code++]);
add:
  accumulator += *code++;
  goto*(&&stop + kDistances[*code++]);
triple:
  accumulator *= 3;
  goto*(&&stop + kDistances[*code++]);
stop:
  return accumulator;
}

NOINLINE int is_odd(unsigned n);
NOINLINE int is_even(unsigned n) { return n == 0 ? 1 : is_odd(n - 1); }
NOINLINE int is_odd(unsigned n) { return n == 0 ? 0 : is_even(n - 1); }
NOINLINE static int pick(int (*first)(unsigned), unsigned n) {
  return first(n);  // A jump through a register.
}

__attribute__((cold, noinline)) static int unlikely_part(int n) {
  say("cold %d", n);
  return n * 1000;
}
NOINLINE int mostly_warm(int n) {
  int sum = 0;
  for (int i = 0; i < n; ++i) {
    if (__builtin_expect(i == 17, 0)) sum += unlikely_part(i);
    if (__builtin_expect(i > 1000, 0)) abort();
    sum += i;
  }
  return sum;
}

static jmp_buf back;
NOINLINE static void jump_from(int depth) {
  char stack[64];
  __asm__ volatile("" : : "r"(stack) : "memory");
  if (depth < 0) return;
  if (depth == 0) longjmp(back, 9);
  jump_from(depth - 1);
  __asm__ volatile("" : : "r"(stack) : "memory");
}

static int ascending(const void* a, const void* b) {
  return *(const int*)a - *(const int*)b;
}
static int descending(const void* a, const void* b) {
  return *(const int*)b - *(const int*)a;
}
int (*const kOrders[])(const void*, const void*) = {ascending, descending};

NOINLINE static long sum_of(int count, ...) {
  va_list arguments;
  va_start(arguments, count);
  double sum = 0;
  for (int i = 0; i < count; ++i) {
    sum += i % 2 ? va_arg(arguments, double) : va_arg(arguments, int);
  }
  va_end(arguments);
  return (long)sum;
}

NOINLINE static size_t on_the_stack(size_t size) {
  char* bytes = alloca(size);
  memset(bytes, 7, size);
  size_t sum = 0;
  for (size_t i = 0; i < size; ++i) sum += (size_t)bytes[i];
  return sum;
}

// What function is chosen at load time.
static int plain_version(int n) { return n + 1; }
__attribute__((used)) static int (*choose_version(void))(int) {
  return plain_version;
}
int chosen_version(int n) __attribute__((ifunc("choose_version")));
static int static_version(int) __attribute__((ifunc("choose_version")));

// Assembly: a jump of two bytes back, a call and what it returns to, data
// between code, a function that runs into the next, and one without a size.
//
// With ALL_CAN_MOVE the data is where data belongs, the jump is a long one, and
// no code is without a name: then nothing must stay where it is.
#ifdef ALL_CAN_MOVE
#define LITERAL_SECTION ".rodata"
#define JUMP_SECTION ".text.jump,\"ax\",@progbits"
#define SIZELESS_TYPE ".type sizeless,@function\n"
#else
#define LITERAL_SECTION ".text.assembly"
#define JUMP_SECTION ".text.assembly"
#define SIZELESS_TYPE ""
#endif
__asm__(
    ".pushsection .text.assembly,\"ax\",@progbits\n"
    ".type count_down,@function\n"
    "count_down:\n"
    "  xorl %eax, %eax\n"
    "1: addl %edi, %eax\n"
    "  decl %edi\n"
    "  jnz 1b\n"
    "  ret\n"
    ".size count_down, .-count_down\n"
    ".pushsection " LITERAL_SECTION
    "\n"
    ".p2align 3\n"
    ".type literal,@object\n"
    "literal: .quad 0xe8c3cccc900f0be8\n"
    ".size literal, .-literal\n"
    ".popsection\n"
    ".type load_literal,@function\n"
    "load_literal:\n"
    "  movq literal(%rip), %rax\n"
    "  ret\n"
    ".size load_literal, .-load_literal\n"
    ".type adds_two,@function\n"
    "adds_two:\n"
    "  incl %edi\n"
    ".size adds_two, .-adds_two\n"
    ".type adds_one,@function\n"
    "adds_one:\n"
    "  leal 1(%rdi), %eax\n"
    "  ret\n"
    ".size adds_one, .-adds_one\n"
    ".pushsection " JUMP_SECTION
    "\n"
    ".type jumps_to_adds_two,@function\n"
    "jumps_to_adds_two: jmp adds_two\n"
    ".size jumps_to_adds_two, .-jumps_to_adds_two\n"
    ".popsection\n" SIZELESS_TYPE
    "sizeless:\n"
    "  leaq adds_one(%rip), %rax\n"
    "  jmp *%rax\n"
    ".popsection\n");
int count_down(int n) __attribute__((visibility("hidden")));
uint64_t load_literal(void) __attribute__((visibility("hidden")));
int adds_one(int n) __attribute__((visibility("hidden")));
int adds_two(int n) __attribute__((visibility("hidden")));
int jumps_to_adds_two(int n) __attribute__((visibility("hidden")));
int sizeless(int n) __attribute__((visibility("hidden")));

// Addresses that lie in other sections than what they belong to: those around
// an array, and its end, which data has.
static const int numbers_to_add[] = {1, 20, 300};
static const int* const ends[] = {numbers_to_add, numbers_to_add + 3};
NOINLINE static int add_all(void) {
  int sum = 0;
  const int* from = ends[0];
  const int* const* volatile end = &ends[1];
  for (; from != *end; ++from) sum += *from;
#ifdef ALL_CAN_MOVE
  const char *below, *above;
  __asm__("leaq numbers_to_add-256(%%rip), %0" : "=r"(below));
  __asm__("leaq numbers_to_add+256(%%rip), %0" : "=r"(above));
  from = (const int*)(below + 256);
  for (const int* last = (const int*)(above - 256) + 3; from != last;) {
    sum += *from++ * 1000;
  }
#endif
  return sum;
}

// Behind which instruction a caller goes on.
NOINLINE static const unsigned char* return_address(void) {
  return __builtin_return_address(0);
}
NOINLINE static int follows_call(void) { return return_address()[-5] == 0xe8; }

static int constructed;
__attribute__((constructor(101))) static void construct_first(void) {
  constructed = 5;
}
__attribute__((constructor(102))) static void construct_second(void) {
  constructed *= 3;
}

static int fold_a(int n) { return n * 11 + 3; }
static int fold_b(int n) { return n * 11 + 3; }
int (*volatile folded[])(int) = {fold_a, fold_b};
extern int (*exported_pointer)(int, int);
int (*exported_pointer)(int, int) = dispatch;

void run(Report report) {
  report_line = report;
  for (int kind = -1; kind < 16; ++kind) {
    say("dispatch %d: %d", kind, dispatch(kind, 20 + kind));
  }
  for (int a = 9; a < 18; ++a) say("%s", classify(a, a & 1));
  for (int b = 99; b < 108; ++b) say("%s", classify(12, b));
  const unsigned char code[] = {1, 5, 2, 2, 3, 1, 9, 0};
  const unsigned char loop[] = {1, 3, 4, 3, 0};
  const unsigned char distances[] = {1, 4, 2, 2, 1, 1, 0};
  say("interpret %d %d", interpret(code), interpret(loop));
  say("interpret %d", interpret_distances(distances));
  say("even %d odd %d", is_even(100000), is_odd(100000));
  say("picked %d %d", pick(is_even, 7), pick(is_odd, 7));
  say("warm %d %d", mostly_warm(10), mostly_warm(30));
  const int jumped = setjmp(back);
  if (jumped == 0) jump_from(20);
  say("jumped %d", jumped);
  int numbers[] = {5, 3, 9, 1, 7};
  for (int order = 0; order < 2; ++order) {
    qsort(numbers, 5, sizeof(int), kOrders[order]);
    say("sorted %d %d %d %d %d", numbers[0], numbers[1], numbers[2], numbers[3],
        numbers[4]);
  }
  say("sum %ld", sum_of(5, 1, 2.5, 3, 4.5, 5));
  say("stack %zu %zu", on_the_stack(10), on_the_stack(5000));
  say("chosen %d %d", chosen_version(1), static_version(2));
  int (*volatile chosen)(int) = chosen_version;
  say("same %d", chosen == chosen_version);
  say("assembly %d %llx %d %d %d %d", count_down(10),
      (unsigned long long)load_literal(), adds_one(1), adds_two(1),
      jumps_to_adds_two(1), sizeless(1));
  say("added %d", add_all());
  say("follows a call %d", follows_call());
  say("constructed %d", constructed);
  say("folded %d %d, same %d", folded[0](2), folded[1](2),
      folded[0] == folded[1]);
  say("pointers %d %d %d", exported_pointer == dispatch,
      kOrders[0] == ascending, kOrders[0] == kOrders[1]);
}
