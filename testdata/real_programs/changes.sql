-- Part of Relink, under the LICENSE.
-- SPDX-License-Identifier: Apache-2.0

-- Changes: triggers, keys, savepoints, upserts, errors and what undoes them.
PRAGMA foreign_keys = ON;
CREATE TABLE account(id INTEGER PRIMARY KEY, owner TEXT UNIQUE, cents INT NOT NULL
  CHECK (cents >= 0));
CREATE TABLE entry(id INTEGER PRIMARY KEY, account INT REFERENCES account(id)
  ON DELETE CASCADE ON UPDATE CASCADE, delta INT);
CREATE TRIGGER book AFTER UPDATE OF cents ON account WHEN new.cents <> old.cents
BEGIN
  INSERT INTO entry(account, delta) VALUES (new.id, new.cents - old.cents);
END;
CREATE VIEW totals AS SELECT owner, cents, (SELECT sum(delta) FROM entry
  WHERE account = account.id) AS booked FROM account;
CREATE TRIGGER totals_insert INSTEAD OF INSERT ON totals
BEGIN
  INSERT INTO account(owner, cents) VALUES (new.owner, new.cents)
    ON CONFLICT(owner) DO UPDATE SET cents = cents + excluded.cents;
END;
INSERT INTO totals(owner, cents) VALUES ('ada', 100), ('bob', 250), ('ada', 11);
INSERT INTO account(owner, cents) VALUES ('cyd', 5) RETURNING id, owner, cents * 2;
UPDATE account SET cents = cents - 200 WHERE owner = 'ada';
BEGIN;
SAVEPOINT one;
UPDATE account SET cents = cents + 1;
SAVEPOINT two;
DELETE FROM account WHERE owner = 'bob';
ROLLBACK TO two;
RELEASE one;
COMMIT;
UPDATE account SET id = id + 100 WHERE owner = 'ada';
SELECT * FROM totals ORDER BY owner;
SELECT * FROM entry ORDER BY id;
INSERT INTO entry(account, delta) VALUES (999, 1);
DELETE FROM account WHERE owner = 'ada';
SELECT count(*) FROM entry;
CREATE TABLE big(k INTEGER PRIMARY KEY, v TEXT, w BLOB);
WITH RECURSIVE c(n) AS (VALUES(1) UNION ALL SELECT n + 1 FROM c WHERE n < 3000)
INSERT INTO big SELECT n, printf('%.*c', n % 50, 'x') || n, zeroblob(n % 13) FROM c;
CREATE INDEX big_v ON big(v COLLATE NOCASE DESC) WHERE k % 3 = 0;
UPDATE big SET v = upper(v) FROM (SELECT 7 AS seven) WHERE k % seven = 0;
DELETE FROM big WHERE k IN (SELECT k FROM big ORDER BY random() LIMIT 0) OR k % 5 = 0;
SELECT count(*), sum(length(v)), sum(length(w)), min(v), max(v) FROM big;
ANALYZE;
VACUUM;
PRAGMA integrity_check;
CREATE VIRTUAL TABLE boxes USING rtree(id, x0, x1, y0, y1);
INSERT INTO boxes SELECT k, k % 100, k % 100 + 3, k / 100, k / 100 + 3 FROM big;
SELECT count(*) FROM boxes WHERE x0 >= 20 AND x1 <= 40 AND y0 >= 5 AND y1 <= 12;
ALTER TABLE big RENAME COLUMN w TO payload;
ALTER TABLE big ADD COLUMN extra DEFAULT 'e';
SELECT sql FROM sqlite_schema WHERE name IN ('big', 'big_v') ORDER BY name;
ATTACH ':memory:' AS other;
CREATE TABLE other.copy AS SELECT * FROM big WHERE k < 10;
SELECT * FROM other.copy;
SELECT no_such_function(1);
SELEC 1;
