-- Part of Relink, under the LICENSE.
-- SPDX-License-Identifier: Apache-2.0

-- Scalar functions, conversions, dates, collations.
.mode list
SELECT abs(-7), sign(-2.5), round(2.567, 2), max(3, 9, 4), min('b', 'a'),
  coalesce(NULL, NULL, 5), nullif(3, 3), ifnull(NULL, 'x'), iif(1 < 2, 'y', 'n');
SELECT round(sin(1.0), 10), round(pow(2, 0.5), 10), round(ln(10), 10), ceil(1.2),
  floor(-1.2), trunc(-7.9), mod(17, 5), degrees(pi()), log2(4096);
SELECT upper('straße'), lower('ABC'), length('naïve'), unicode('€'), char(8364, 65),
  substr('abcdef', -3, 2), replace('banana', 'an', 'AN'), instr('haystack', 'st'),
  trim('  x  '), ltrim('xxabc', 'x'), hex('abc'), quote(x'00ff'), typeof(1.0);
SELECT printf('%05d|%-8s|%8.3f|%x|%e|%,d|%q|%Q|%c', 42, 'left', 3.14159, 255,
  123456.789, 1234567, 'it''s', 'it''s', 'char');
SELECT date('2024-02-28', '+2 days'), datetime('2001-09-09 01:46:40', 'unixepoch'),
  time('12:00', '-90 minutes'), julianday('2000-01-01'),
  strftime('%Y/%j %W %w %H:%M:%f', '2023-12-31 23:59:59.875'),
  date('2024-01-31', '+1 month', 'start of month', '-1 day', 'weekday 0');
SELECT CAST('12abc' AS INT), CAST(3.99 AS INT), CAST('1e3' AS REAL), '10' + 5,
  5 / 2, 5 / 2.0, 7 % 3, 1 << 40, ~5, 6 & 3, 6 | 3, 9223372036854775807 + 1,
  0x7fffffffffffffff, 1 / 0, 'a' || 1 || NULL;
SELECT 'abc' LIKE 'A_c', 'abc' GLOB 'a*', 'a' < 'B', 'a' < 'B' COLLATE NOCASE,
  'x ' = 'x' COLLATE RTRIM, 1 IS NOT 2, NULL IS NULL, 5 BETWEEN 1 AND 9,
  3 IN (1, 2, 3), NOT 0, (1, 2) < (1, 3), EXISTS (SELECT 1 WHERE 0);
SELECT group_concat(DISTINCT x), count(DISTINCT x), sum(x), avg(x), total(x)
  FROM (VALUES (3), (1), (3), (NULL)) AS t(x);
SELECT likely(1), zeroblob(3) = x'000000', soundex('Robert') IS NULL,
  changes(), total_changes(), last_insert_rowid();
SELECT abs(-9223372036854775808);
SELECT json('{'), 1;
SELECT * FROM pragma_table_info('sqlite_schema');
SELECT printf('%s', group_concat(printf('%d:%s', i, s), ';'))
  FROM (SELECT i, printf('%.*c', i, '*') AS s FROM (VALUES (1), (2), (3)) AS v(i));
EXPLAIN SELECT sum(x) FROM (VALUES (1), (2)) AS t(x) WHERE x > 1;
