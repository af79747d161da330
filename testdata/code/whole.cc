// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Ordinary C++, of which every reference is known if the linker says so: calls,
// a switch, virtual functions, exceptions, thread-local variables.

#include <cstdio>
#include <stdexcept>
#include <string>

namespace {

thread_local int calls = 0;

struct Shape {
  virtual ~Shape() = default;
  virtual int Corners() const = 0;
};
struct Square : Shape {
  int Corners() const override { return 4; }
};
struct Circle : Shape {
  int Corners() const override { return 0; }
};

}  // namespace

extern "C" {

int choose(int which, int value) {
  ++calls;
  switch (which) {
    case 0:
      return std::printf("%d\n", value);
    case 1:
      return std::puts("one");
    case 2:
      return value * 3;
    case 3:
      return std::putchar(value);
    case 4:
      return value ^ 0x55;
    case 5:
      return std::fputs("five", stderr);
    default:
      throw std::out_of_range("no such choice: " + std::to_string(which));
  }
}

int caught(int which) {
  try {
    return choose(which, 1);
  } catch (const std::out_of_range& error) {
    return static_cast<int>(std::string(error.what()).size());
  }
}

int corners(bool square) {
  const Shape* shape = square ? static_cast<Shape*>(new Square) : new Circle;
  const int count = shape->Corners();
  delete shape;
  return count + calls;
}
}
