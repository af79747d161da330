-- Part of Relink, under the LICENSE.
-- SPDX-License-Identifier: Apache-2.0

-- Metatables, classes, weak tables, finalizers, and a collector that works hard.
local Vector = {}
Vector.__index = Vector
local function vec(x, y) return setmetatable({x = x, y = y}, Vector) end
Vector.__add = function(a, b) return vec(a.x + b.x, a.y + b.y) end
Vector.__sub = function(a, b) return vec(a.x - b.x, a.y - b.y) end
Vector.__mul = function(a, b) return type(b) == "number" and vec(a.x * b, a.y * b) or a.x * b.x + a.y * b.y end
Vector.__unm = function(a) return vec(-a.x, -a.y) end
Vector.__eq = function(a, b) return a.x == b.x and a.y == b.y end
Vector.__lt = function(a, b) return a.x < b.x end
Vector.__le = function(a, b) return a.x <= b.x end
Vector.__len = function(a) return 2 end
Vector.__concat = function(a, b) return tostring(a) .. tostring(b) end
Vector.__tostring = function(a) return ("(%g, %g)"):format(a.x, a.y) end
Vector.__idiv = function(a, n) return vec(a.x // n, a.y // n) end
Vector.__band = function(a, n) return vec(a.x & n, a.y & n) end
Vector.__name = "Vector"
local a, b = vec(1, 2), vec(3, 4)
print(tostring(a + b), tostring(a - b), a * b, tostring(a * 3), tostring(-a), #a, a .. b)
print(a == vec(1, 2), a < b, b <= a, tostring(b // 2), tostring(b & 2))
print(pcall(function() return a / b end))
local Animal = {}; Animal.__index = Animal
function Animal.new(name) return setmetatable({name = name}, Animal) end
function Animal:speak() return self.name .. " makes a sound" end
local Dog = setmetatable({}, {__index = Animal}); Dog.__index = Dog
function Dog.new(name) return setmetatable(Animal.new(name), Dog) end
function Dog:speak() return Animal.speak(self) .. ": woof" end
print(Dog.new("Rex"):speak(), Animal.new("Cat"):speak())
local log = {}
local proxy = setmetatable({}, {
  __index = function(_, k) log[#log + 1] = "get " .. tostring(k); return k end,
  __newindex = function(_, k, v) log[#log + 1] = "set " .. k .. "=" .. v end,
  __pairs = function() return function(_, k) if not k then return 1, "one" end end, nil, nil end,
})
proxy.a = 1; local _ = proxy.b; for k, v in pairs(proxy) do log[#log + 1] = k .. v end
print(table.concat(log, "; "))
local weak, finalized = setmetatable({}, {__mode = "k"}), 0
for i = 1, 3000 do
  local key = setmetatable({}, {__gc = function() finalized = finalized + 1 end})
  weak[key] = i
end
collectgarbage(); collectgarbage()
local left = 0
for _ in pairs(weak) do left = left + 1 end
print(finalized >= 2999, left <= 1)
for _, mode in ipairs({"incremental", "generational", "incremental"}) do
  collectgarbage(mode)
  local list
  for i = 1, 60000 do
    list = {next = i % 100 ~= 0 and list or nil, value = "v" .. i}
  end
  print(collectgarbage("count") > 0, list.value)
end
local tree = {}
local function build(depth) return depth == 0 and {} or {build(depth - 1), build(depth - 1)} end
local function count(t) return t[1] and 1 + count(t[1]) + count(t[2]) or 1 end
for i = 1, 10 do tree[i % 3 + 1] = build(10) end
print(count(tree[1]), count(tree[2]))
collectgarbage("stop"); collectgarbage("step"); collectgarbage("restart")
print(collectgarbage("isrunning"))
