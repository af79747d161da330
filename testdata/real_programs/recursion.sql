-- Part of Relink, under the LICENSE.
-- SPDX-License-Identifier: Apache-2.0

-- Recursive common table expressions.
.headers on
WITH RECURSIVE c(n, a, b) AS (
  VALUES (1, 0, 1) UNION ALL SELECT n + 1, b, a + b FROM c WHERE n < 60)
SELECT n, a FROM c WHERE n % 6 = 0;

-- A Mandelbrot set, as SQLite's documentation draws it.
WITH RECURSIVE
  xaxis(x) AS (VALUES(-2.0) UNION ALL SELECT x + 0.05 FROM xaxis WHERE x < 1.2),
  yaxis(y) AS (VALUES(-1.0) UNION ALL SELECT y + 0.1 FROM yaxis WHERE y < 1.0),
  m(iter, cx, cy, x, y) AS (
    SELECT 0, x, y, 0.0, 0.0 FROM xaxis, yaxis
    UNION ALL
    SELECT iter + 1, cx, cy, x*x - y*y + cx, 2.0*x*y + cy FROM m
    WHERE (x*x + y*y) < 4.0 AND iter < 28),
  m2(iter, cx, cy) AS (SELECT max(iter), cx, cy FROM m GROUP BY cx, cy),
  a(t) AS (SELECT group_concat(substr(' .+*#', 1 + min(iter/7, 4), 1), '')
           FROM m2 GROUP BY cy)
SELECT group_concat(rtrim(t), x'0a') AS picture FROM a;

-- A Sudoku.
WITH RECURSIVE
  input(sud) AS (VALUES('53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79')),
  digits(z, lp) AS (VALUES('1', 1) UNION ALL
    SELECT CAST(lp + 1 AS TEXT), lp + 1 FROM digits WHERE lp < 9),
  x(s, ind) AS (
    SELECT sud, instr(sud, '.') FROM input
    UNION ALL
    SELECT substr(s, 1, ind - 1) || z || substr(s, ind + 1),
           instr(substr(s, 1, ind - 1) || z || substr(s, ind + 1), '.')
    FROM x, digits AS z
    WHERE ind > 0 AND NOT EXISTS (
      SELECT 1 FROM digits AS lp
      WHERE z.z = substr(s, ((ind - 1)/9)*9 + lp, 1)
         OR z.z = substr(s, ((ind - 1)%9) + (lp - 1)*9 + 1, 1)
         OR z.z = substr(s, (((ind - 1)/3) % 3)*3 + ((ind - 1)/27)*27 + lp
                            + ((lp - 1)/3)*6, 1)))
SELECT s FROM x WHERE ind = 0;

-- A tree, breadth first and depth first.
CREATE TABLE org(name TEXT PRIMARY KEY, boss TEXT) WITHOUT ROWID;
INSERT INTO org VALUES ('a', NULL), ('b', 'a'), ('c', 'a'), ('d', 'b'),
  ('e', 'b'), ('f', 'c'), ('g', 'f');
WITH RECURSIVE under(name, level) AS (
  VALUES('a', 0) UNION ALL
  SELECT org.name, under.level + 1 FROM org JOIN under ON org.boss = under.name
  ORDER BY 2)
SELECT substr('......', 1, level*2) || name AS breadth FROM under;
WITH RECURSIVE under(name, level) AS (
  VALUES('a', 0) UNION ALL
  SELECT org.name, under.level + 1 FROM org JOIN under ON org.boss = under.name
  ORDER BY 2 DESC)
SELECT substr('......', 1, level*2) || name AS depth FROM under;
