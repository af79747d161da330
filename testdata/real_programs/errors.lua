-- Part of Relink, under the LICENSE.
-- SPDX-License-Identifier: Apache-2.0

-- pcall, error, xpcall and assert: setjmp and longjmp through many frames.
print(pcall(error, "plain", 0))
print(pcall(error))
print(#select(2, pcall(function() error({1, 2, 3}) end)))
print(select("#", pcall(function() return 1, nil, 3, nil end)))
local function deep(n)
  if n == 0 then error("bottom", 2) end
  local ok, message = pcall(deep, n - 1)
  error((ok and "?" or "") .. message, 0)
end
print(pcall(deep, 150))
print(xpcall(function() local x = nil; return x.field end, function(m) return "handled: " .. m end))
print(xpcall(function() error("a") end, function(m) error("in handler") end))
local function overflow() return 1 + overflow() end
local ok, message = pcall(overflow)
print(ok, message:match("stack overflow") ~= nil)
print(pcall(assert, false), pcall(assert, nil, "message"), pcall(assert, 1, 2, 3))
for _, code in ipairs({"x = ", "for", "return return", "x = 'unfinished", "goto nowhere",
    "local a <const> = 1; a = 2", "break", "x = }", "::a:: ::a::"}) do
  print(load(code, "=chunk"))
end
local object = setmetatable({}, {
  __tostring = function() return "an object" end,
  __index = function(_, k) error("no field " .. k, 2) end,
  __call = function(self, ...) return select("#", ...) end,
  __gc = function() end,
})
print(tostring(object), pcall(function() return object.missing end), object(1, 2, 3))
print(pcall(function() error(object) end) == false)
for i = 1, 2000 do
  local fine, what = pcall(function() if i % 3 == 0 then error(i) elseif i % 3 == 1 then return i end; error() end)
  if i % 500 == 0 then print(i, fine, what) end
end
print(pcall(setmetatable, 1, {}), pcall(ipairs), pcall(rawset, {}, nil, 1))
print(pcall(function() local t = setmetatable({}, {__newindex = error}); t.x = 1 end) == false)
print(pcall(string.dump, print))
print(load(string.dump(function(a, b) return a * b + 1 end))(6, 7))
print(require("string") == string, pcall(require, "no.such.module") == false)
io.stderr:write("to stderr\n")
print(io.open("/nonexistent/file"))
os.exit(3, true)
