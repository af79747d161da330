-- Part of Relink, under the LICENSE.
-- SPDX-License-Identifier: Apache-2.0

-- Window functions, grouping and joins.
.mode column
CREATE TABLE sales(region TEXT, month INT, amount REAL);
WITH RECURSIVE c(n) AS (VALUES(0) UNION ALL SELECT n + 1 FROM c WHERE n < 59)
INSERT INTO sales SELECT char(65 + n % 5), n / 5 + 1, (n * 7919) % 1000 / 4.0 FROM c;
SELECT region, month, amount,
  row_number() OVER w, rank() OVER (ORDER BY amount DESC),
  dense_rank() OVER (PARTITION BY month ORDER BY region),
  round(percent_rank() OVER w, 3), round(cume_dist() OVER w, 3),
  ntile(4) OVER w, lag(amount, 1, 0) OVER w, lead(amount) OVER w,
  first_value(amount) OVER w, last_value(amount) OVER w, nth_value(amount, 2) OVER w
FROM sales WHERE month < 5 WINDOW w AS (PARTITION BY region ORDER BY month)
ORDER BY region, month;
SELECT region, month, sum(amount) OVER (PARTITION BY region ORDER BY month
    ROWS BETWEEN 2 PRECEDING AND CURRENT ROW EXCLUDE CURRENT ROW) AS moving,
  avg(amount) FILTER (WHERE amount > 50) OVER (ORDER BY month
    GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS near,
  group_concat(region, '') OVER (ORDER BY amount
    RANGE BETWEEN 10 PRECEDING AND 10 FOLLOWING) AS close
FROM sales ORDER BY region, month LIMIT 25;
SELECT region, count(*), total(amount), min(amount), max(amount), avg(amount)
  FROM sales GROUP BY region HAVING max(amount) > 100 ORDER BY 3 DESC;
CREATE TABLE regions(code TEXT PRIMARY KEY, label TEXT);
INSERT INTO regions VALUES ('A', 'north'), ('B', 'east'), ('Z', 'nowhere');
SELECT r.label, s.region, sum(s.amount) FROM regions r
  LEFT JOIN sales s ON s.region = r.code GROUP BY 1, 2 ORDER BY 1;
SELECT r.label, s.region FROM sales s FULL OUTER JOIN regions r
  ON s.region = r.code WHERE s.month = 1 OR s.month IS NULL ORDER BY 1, 2;
SELECT region FROM sales EXCEPT SELECT code FROM regions;
SELECT region FROM sales INTERSECT SELECT code FROM regions;
EXPLAIN QUERY PLAN SELECT * FROM sales s JOIN regions r ON s.region = r.code
  ORDER BY amount;
