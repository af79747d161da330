// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// What C++ code needs of its linker: exceptions, construction and destruction,
// types that are compared, and templates that other objects have too.

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

struct Problem : std::exception {
  explicit Problem(int n) : number(n) {}
  const char* what() const noexcept override { return "problem"; }
  int number;
};

int* destroyed = nullptr;

struct Guard {
  ~Guard() {
    if (destroyed != nullptr) ++*destroyed;
  }
};

struct Constructed {
  Constructed() : text("constructed"), numbers(3, 7) {}
  ~Constructed() {
    if (destroyed != nullptr) *destroyed += 100;
  }
  std::string text;
  std::vector<int> numbers;
};

Constructed constructed;

struct Shape {
  virtual ~Shape() = default;
  virtual int sides() const = 0;
};
struct Triangle : Shape {
  int sides() const override { return 3; }
};
struct Square : Shape {
  int sides() const override { return 4; }
};

__attribute__((noinline)) void Throw(int number) {
  const Guard guard;
  if (number > 0) throw Problem(number);
}

}  // namespace

extern "C" {

// Where destructors count.
void count_destroyed(int* count) { destroyed = count; }

int throw_and_catch() {
  int sum = 0;
  for (int i = 0; i < 4; ++i) {
    try {
      Throw(i);
      sum += 10;
    } catch (const Problem& problem) {
      sum += problem.number;
    }
  }
  return sum;  // 10 + 1 + 2 + 3
}

int throw_through(void (*callback)()) {
  const Guard guard;
  callback();
  return 0;
}

void throw_out(int number) { throw Problem(number); }

int constructed_size() {
  return static_cast<int>(constructed.text.size() +
                          constructed.numbers.size() *
                              static_cast<unsigned>(constructed.numbers[1]));
}

int count_squares() {
  std::vector<std::unique_ptr<Shape>> shapes;
  for (int i = 0; i < 5; ++i) {
    if (i % 2 == 0) {
      shapes.push_back(std::make_unique<Square>());
    } else {
      shapes.push_back(std::make_unique<Triangle>());
    }
  }
  int squares = 0;
  for (const auto& shape : shapes) {
    if (dynamic_cast<Square*>(shape.get()) != nullptr)
      squares += shape->sides();
  }
  return squares;  // 3 * 4
}
}
