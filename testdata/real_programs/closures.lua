-- Part of Relink, under the LICENSE.
-- SPDX-License-Identifier: Apache-2.0

-- Closures, varargs, tail calls, upvalues that are shared and that are closed.
local function counter()
  local n = 0
  return function(step) n = n + (step or 1); return n end, function() return n end
end
local next_value, value = counter()
for i = 1, 10 do next_value(i) end
print(value())

local functions = {}
for i = 1, 5 do functions[i] = function() i = i * 2; return i end end
for i = 1, 5 do io.write(functions[i](), " ", functions[i](), " ") end
print()

local function sum(...)
  local total = 0
  for _, v in ipairs({...}) do total = total + v end
  return total, select("#", ...), (select(-1, ...))
end
print(sum(1, 2, 3, 4.5))
print(table.unpack({1, 2, nil, 4}, 1, 4))

local function loop(n, acc)
  if n == 0 then return acc end
  return loop(n - 1, acc + n)
end
print(loop(200000, 0))

local function y(f)
  return (function(x) return x(x) end)(function(x)
    return f(function(...) return x(x)(...) end)
  end)
end
print(y(function(self) return function(n) return n < 2 and 1 or n * self(n - 1) end end)(20))

local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end
print(fib(24))

goto done
print("never")
::done::
do
  local closed <close> = setmetatable({}, {__close = function() print("closed") end})
  local constant <const> = 7
  print("inside", constant)
end
print(pcall(string.rep))
print(load("return 1 + 1")(), load("syntax error here"))
print(#debug.traceback("trace", 1) > 0, debug.getinfo(1, "l").currentline)
