-- Part of Relink, under the LICENSE.
-- SPDX-License-Identifier: Apache-2.0
-- Inserts, joins, aggregates, windows, recursion, JSON and text.
CREATE TABLE t(a INTEGER PRIMARY KEY, b INTEGER, c TEXT, d REAL);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
  INSERT INTO t SELECT i, i * 7919 % 10007, printf('row %d of %x', i, i * 31), i / 7.0 FROM n;
CREATE INDEX t_b ON t(b, c);
CREATE TABLE u AS SELECT b AS k, count(*) AS n, max(c) AS m FROM t GROUP BY b;
CREATE UNIQUE INDEX u_k ON u(k);
SELECT count(*), sum(n), max(m) FROM t JOIN u ON u.k = t.b WHERE t.c LIKE '%9%';
SELECT b % 10, round(avg(d), 3), group_concat(DISTINCT b % 7) FROM t GROUP BY b % 10 ORDER BY 2 DESC;
SELECT sum(r) FROM (SELECT rank() OVER (PARTITION BY b % 100 ORDER BY d DESC) AS r FROM t);
SELECT sum(length(replace(upper(c), 'ROW', 'line'))), sum(instr(c, 'of')) FROM t;
SELECT sum(json_extract(j, '$.x[1]')) FROM (SELECT json_object('x', json_array(a, b, c)) AS j FROM t);
WITH RECURSIVE m(x, y, i, cx, cy) AS (
  SELECT 0.0, 0.0, 0, a % 60 / 20.0 - 2, a / 60 % 40 / 20.0 - 1 FROM t WHERE a < 2400
  UNION ALL SELECT x * x - y * y + cx, 2 * x * y + cy, i + 1, cx, cy FROM m WHERE x * x + y * y < 4 AND i < 40)
  SELECT sum(i), count(*) FROM m;
UPDATE t SET c = c || '-' || (SELECT m FROM u WHERE k = b) WHERE a % 3 = 0;
DELETE FROM t WHERE b IN (SELECT k FROM u WHERE n > 5) AND a % 2;
SELECT count(*), sum(length(c)), count(DISTINCT substr(c, 1, 6)) FROM t;
SELECT a.b, count(*) FROM t a JOIN t b ON b.b = a.b AND b.a <> a.a GROUP BY a.b ORDER BY 2 DESC, 1 LIMIT 5;
SELECT sum(abs(random() % 1)), sum(coalesce(nullif(b % 5, 0), -1)) FROM t;
DROP TABLE t; DROP TABLE u;
