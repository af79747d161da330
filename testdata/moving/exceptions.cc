// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Exceptions through functions that were moved apart, types at run time,
// virtual calls, static and thread-local objects.

#include <cstdio>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <typeinfo>
#include <vector>

#include "testdata/moving/report.h"

#define NOINLINE __attribute__((noinline))

namespace {

Report report_line;

template <typename... Values>
NOINLINE void Say(const char* format, Values... values) {
  char line[256];
  std::snprintf(line, sizeof(line), format, values...);
  report_line(line);
}
NOINLINE void Say(const char* line) { report_line(line); }

class Shape {
 public:
  virtual ~Shape() { Say("~Shape"); }
  virtual int Area() const = 0;
  virtual const char* name() const { return "shape"; }
};

class Named {
 public:
  explicit Named(std::string name) : name_(std::move(name)) {}
  virtual ~Named() = default;
  const std::string& text() const { return name_; }

 private:
  std::string name_;
};

class Square : public Named, public Shape {
 public:
  explicit Square(int side) : Named("square"), side_(side) {}
  ~Square() override { Say("~Square %d", side_); }
  int Area() const override { return side_ * side_; }
  const char* name() const override { return text().c_str(); }

 private:
  int side_;
};

class Circle : public virtual Shape {
 public:
  int Area() const override { return 3; }
};

class Failure : public std::runtime_error {
 public:
  Failure(const char* what, int number)
      : std::runtime_error(what), number_(number) {}
  int number() const { return number_; }

 private:
  int number_;
};

class Guard {
 public:
  explicit Guard(int id) : id_(id) {}
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;
  ~Guard() { Say("guard %d", id_); }

 private:
  int id_;
};

NOINLINE void Throw(int kind) {
  switch (kind) {
    case 0:
      throw 42;
    case 1:
      throw Failure("failure", 7);
    case 2:
      throw std::string("string");
    case 3:
      throw std::unique_ptr<int>(new int(5));
    case 4:
      throw static_cast<const Shape*>(nullptr);
    case 5:
      throw std::out_of_range("range");
    default:
      Say("no throw %d", kind);
  }
}

NOINLINE int Deep(int depth, int kind) {
  const Guard guard(depth);
  if (depth == 0) Throw(kind);
  return depth == 0 ? 1 : Deep(depth - 1, kind) + 1;
}

NOINLINE const char* Catch(int kind) {
  try {
    Deep(2, kind);
  } catch (int number) {
    Say("int %d", number);
    return "int";
  } catch (const Failure& failure) {
    Say("failure %s %d", failure.what(), failure.number());
    return "failure";
  } catch (const std::string& text) {
    Say("text %s", text.c_str());
    return "text";
  } catch (const Shape* shape) {
    return shape == nullptr ? "null" : "shape";
  } catch (const std::exception& error) {
    Say("exception %s", error.what());
    return typeid(error).name();
  } catch (...) {
    return "something";
  }
  return "nothing";
}

NOINLINE void Rethrow() {
  try {
    Throw(1);
  } catch (const std::exception&) {
    const Guard guard(77);
    throw;
  }
}

NOINLINE void Nest() {
  try {
    Throw(5);
  } catch (...) {
    std::throw_with_nested(Failure("outer", 1));
  }
}

NOINLINE void NoThrow() noexcept {
  try {
    Throw(0);
  } catch (int) {
    Say("inside noexcept");
  }
}

// The cold part has the throw and its landing pad.
NOINLINE int Unlikely(int n) {
  const Guard guard(n);
  if (__builtin_expect(n > 100, 0)) {
    try {
      Throw(1);
    } catch (const Failure& failure) {
      return failure.number();
    }
  }
  return n;
}

class Static {
 public:
  Static() : values_{{1, "one"}, {2, "two"}} {}
  const char* Get(int key) const { return values_.at(key).c_str(); }

 private:
  std::map<int, std::string> values_;
};
const Static constructed;  // NOLINT(cert-err58-cpp): what this is about.

const Static& OnFirstUse() {
  static const Static local;
  return local;
}

struct ThreadObject {
  ThreadObject() { Say("thread object"); }
  ~ThreadObject() { Say("~thread object %d", uses); }
  int uses = 0;
};
thread_local ThreadObject of_thread;
NOINLINE int UseThreadObject() { return ++of_thread.uses; }

template <typename T>
NOINLINE int CountWith(const std::vector<int>& values, T predicate) {
  int count = 0;
  for (const int value : values) count += predicate(value) ? 1 : 0;
  return count;
}

using Method = int (Shape::*)() const;
NOINLINE int CallMethod(const Shape& shape, Method method) {
  return (shape.*method)();
}

}  // namespace

void run(Report report) {
  report_line = report;
  for (int kind = 0; kind < 8; ++kind) Say("caught %s", Catch(kind));
  try {
    Rethrow();
  } catch (const Failure& failure) {
    Say("rethrown %d", failure.number());
  }
  try {
    Nest();
  } catch (const std::exception& outer) {
    try {
      std::rethrow_if_nested(outer);
    } catch (const std::out_of_range& inner) {
      Say("nested %s %s", outer.what(), inner.what());
    }
  }
  NoThrow();
  Say("unlikely %d", Unlikely(5));
  Say("unlikely %d", Unlikely(500));
  {
    std::vector<std::unique_ptr<Shape>> shapes;
    shapes.push_back(std::make_unique<Square>(4));
    shapes.push_back(std::make_unique<Circle>());
    for (const auto& pointer : shapes) {
      const Shape& shape = *pointer;
      const auto* named = dynamic_cast<const Named*>(&shape);
      const auto* square = dynamic_cast<const Square*>(&shape);
      Say("%s %d %d %s %s", shape.name(), shape.Area(),
          CallMethod(shape, &Shape::Area), typeid(shape).name(),
          named == nullptr ? "-" : named->text().c_str());
      Say("square %d", square != nullptr && typeid(shape) == typeid(Square));
    }
    try {
      Say("%d", dynamic_cast<Square&>(*shapes[1]).Area());
    } catch (const std::bad_cast&) {
      Say("bad cast");
    }
  }
  Say("statics %s %s", constructed.Get(1), OnFirstUse().Get(2));
  try {
    Say("%s", OnFirstUse().Get(3));
  } catch (const std::out_of_range&) {
    Say("no such key");
  }
  int captured = 3;
  std::function<int(int)> function = [&captured](int n) {
    return n + ++captured;
  };
  Say("function %d %d", function(1), function(10));
  Say("counted %d", CountWith({1, 2, 3, 4, 5, 6},
                              [&](int n) { return n % 2 == captured % 2; }));
  Say("thread local %d %d", UseThreadObject(), UseThreadObject());
  std::thread([] {
    Say("in thread %d", UseThreadObject());
    Say("caught in thread %s", Catch(1));
  }).join();
  std::exception_ptr kept;
  try {
    Throw(2);
  } catch (...) {
    kept = std::current_exception();
  }
  try {
    std::rethrow_exception(kept);
  } catch (const std::string& text) {
    Say("kept %s", text.c_str());
  }
}
