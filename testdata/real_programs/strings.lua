-- Part of Relink, under the LICENSE.
-- SPDX-License-Identifier: Apache-2.0

-- The string, utf8, table and math libraries.
local text = "The quick brown fox jumps over the lazy dog"
for word, rest in text:gmatch("(%a)(%a+)") do io.write(word, "-", #rest, " ") end
print()
print(text:gsub("%w+", function(w) return #w % 2 == 0 and w:upper() or nil end))
print(text:gsub("(%w+) (%w+)", "%2 %1", 3))
print(text:find("fox", 1, true), text:find("(j%a+)"), text:match("^(%u)"))
print(("x"):rep(5, ","), text:reverse(), text:byte(1, 4), text:sub(-8, -5))
print(("%5d|%-5s|%05.1f|%x|%q|%g|%a|%c|%i"):format(42, "ab", 3.14159, 255, "a\n\"b", 1e20, 0.5, 65, 7))
print(("key = value, other=thing"):gsub("(%w+)%s*=%s*(%w+)", {key = "K"}))
print(("balanced (a (b) c) tail"):match("%b()"), ("f%oo"):gsub("%%", "%%%%"))
print(("THE (quick) fox"):find("%((%a+)%)"), ("hello"):find("", 10), ("a.b"):gsub("%.", "%%"))
print(string.pack("<i4z>I2s1", -5, "zero", 258, "len"):byte(1, -1))
print(string.unpack("<i4z>I2s1", string.pack("<i4z>I2s1", -5, "zero", 258, "len")))
print(utf8.char(72, 228, 8364, 128512), utf8.len("häß€"), #utf8.char(8364))
for p, c in utf8.codes("aé€") do io.write(p, ":", c, " ") end
print()
local t = {}
for i = 1, 200 do t[i] = (i * 7919) % 211 end
table.sort(t)
print(table.concat(t, " ", 1, 12))
table.sort(t, function(a, b) return a > b end)
print(table.concat(t, " ", 1, 12))
print(pcall(table.sort, {3, 1, 2, 5, 4, 9, 8}, function() return true end))
print(table.concat(table.move({1, 2, 3}, 1, 3, 3, {9, 9}), ","), #table.pack(1, nil, 3))
table.insert(t, 1, "first"); table.remove(t)
print(t[1], #t, next({}), rawlen({1, 2}), rawequal(t, t))
print(math.type(1), math.type(1.0), 7 // 2, -7 // 2, 7 % -3, 7.5 // 2, 2^10, 10 / 2)
print(math.maxinteger + 1 == math.mininteger, math.tointeger(3.0), 1 << 62, ~0, 5 ~ 3)
print(math.floor(-3.5), math.ceil(3.2), math.fmod(-7, 3), math.ult(1, -1), string.format("%.14g", math.pi))
print(tostring(1e15), tostring(-0.0), 0x.8p1, tonumber("0x10"), tonumber("z", 36), tonumber("1e"))
print(pcall(function() return 1 // 0 end), pcall(function() return 1 < "2" end))
print(pcall(string.format, "%d", 1.5), pcall(string.rep, "x", -1))
print(os.time({year = 2020, month = 1, day = 1, hour = 12}) > 0, os.date("!%Y-%m-%d", 0))
