-- Part of Relink, under the LICENSE.
-- SPDX-License-Identifier: Apache-2.0

-- FTS4 and FTS5.
CREATE VIRTUAL TABLE mail USING fts5(subject, body, tokenize = 'porter unicode61');
WITH RECURSIVE c(n) AS (VALUES(1) UNION ALL SELECT n + 1 FROM c WHERE n < 300)
INSERT INTO mail(rowid, subject, body)
SELECT n, printf('subject %d of %s', n, CASE n % 3 WHEN 0 THEN 'linkers'
                 WHEN 1 THEN 'loaders' ELSE 'relocations' END),
       printf('word%d running runs ran %s number %d', n % 17,
              CASE WHEN n % 5 THEN 'quick brown fox' ELSE 'lazy dog' END, n)
FROM c;
SELECT count(*) FROM mail WHERE mail MATCH 'run';
SELECT rowid, snippet(mail, 1, '[', ']', '...', 5) FROM mail
  WHERE mail MATCH 'body : lazy AND subject : linker*' ORDER BY rank, rowid LIMIT 5;
SELECT rowid, highlight(mail, 0, '<', '>') FROM mail
  WHERE mail MATCH 'NEAR(subject linkers, 4) NOT word3' ORDER BY rowid LIMIT 5;
SELECT round(bm25(mail, 2.0, 1.0), 4) FROM mail WHERE mail MATCH 'word5'
  ORDER BY rank, rowid LIMIT 3;
DELETE FROM mail WHERE rowid % 2;
INSERT INTO mail(mail) VALUES('optimize');
INSERT INTO mail(mail) VALUES('integrity-check');
SELECT count(*), sum(rowid) FROM mail WHERE mail MATCH '"quick brown"';
CREATE VIRTUAL TABLE terms USING fts5vocab(mail, 'row');
SELECT term, doc, cnt FROM terms ORDER BY doc DESC, term LIMIT 8;

CREATE VIRTUAL TABLE old USING fts4(a, b);
INSERT INTO old SELECT subject, body FROM mail;
SELECT docid, offsets(old) FROM old WHERE old MATCH 'fox number' LIMIT 3;
SELECT count(*) FROM old WHERE old MATCH 'word1 OR word2';
SELECT hex(matchinfo(old)) FROM old WHERE old MATCH 'dog' LIMIT 2;
SELECT * FROM mail WHERE mail MATCH 'AND';
