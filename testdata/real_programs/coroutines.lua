-- Part of Relink, under the LICENSE.
-- SPDX-License-Identifier: Apache-2.0

-- Coroutines: generators, errors inside, wrap, close, yields across pcall.
local function permutations(a, n)
  n = n or #a
  if n <= 1 then coroutine.yield(a) end
  for i = 1, n do
    a[n], a[i] = a[i], a[n]
    permutations(a, n - 1)
    a[n], a[i] = a[i], a[n]
  end
end
for p in coroutine.wrap(function() permutations({"a", "b", "c", "d"}) end) do
  io.write(table.concat(p), " ")
end
print()

local primes = coroutine.wrap(function()
  local function filter(p, g)
    return coroutine.wrap(function()
      for n in g do if n % p ~= 0 then coroutine.yield(n) end end
    end)
  end
  local g = coroutine.wrap(function() for n = 2, math.huge do coroutine.yield(n) end end)
  while true do
    local p = g()
    coroutine.yield(p)
    g = filter(p, g)
  end
end)
for _ = 1, 40 do io.write(primes(), " ") end
print()

local co = coroutine.create(function(...)
  print("start", ...)
  local ok, message = pcall(function()
    local got = coroutine.yield("from pcall")
    error("thrown after " .. got)
  end)
  print(ok, message)
  print(xpcall(function() coroutine.yield("in xpcall"); error({code = 5}) end,
    function(e) return e.code * 2 end))
  table.sort({3, 1, 2}, function(a, b) return a < b end)
  error("last")
end)
print(coroutine.resume(co, 1, 2))
print(coroutine.resume(co, "resume"))
print(coroutine.status(co), coroutine.isyieldable(co))
print(coroutine.resume(co))
print(coroutine.status(co), coroutine.resume(co))
print(select(2, coroutine.resume(coroutine.create(function() return coroutine.running() end))) ~= nil)
local closing = coroutine.create(function()
  local x <close> = setmetatable({}, {__close = function() print("closed by close") end})
  coroutine.yield()
end)
coroutine.resume(closing)
print(coroutine.close(closing), coroutine.status(closing))
local many = {}
for i = 1, 500 do many[i] = coroutine.wrap(function() for j = 1, 3 do coroutine.yield(i * j) end end) end
local total = 0
for _ = 1, 3 do for i = 1, 500 do total = total + many[i]() end end
print(total)
print(pcall(coroutine.wrap(function() error("wrapped") end)))
