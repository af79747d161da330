-- Part of Relink, under the LICENSE.
-- SPDX-License-Identifier: Apache-2.0

-- JSON functions and table-valued functions.
SELECT json('{"a" : [1, 2.5, "x\u00e9\n", null, true], "b": {"c": {}}}');
SELECT json_extract('{"a":[1,2,{"b":"deep"}]}', '$.a[2].b', '$.a[#-2]');
SELECT '{"a":{"b":[10,20]}}' -> '$.a' ->> '$.b[1]';
SELECT json_set('{"a":1}', '$.b', json('[1,2]'), '$.a', 'new', '$.c.d', 3);
SELECT json_patch('{"a":1,"b":{"c":2,"d":3}}', '{"b":{"c":null,"e":4},"a":[5]}');
SELECT json_remove('[0,1,2,3,4]', '$[2]', '$[0]'), json_quote('a"b');
SELECT json_valid('{"a":}'), json_valid('[1,2]'), json_type('{"a":[]}', '$.a');
SELECT key, value, type, atom, fullkey, path
  FROM json_tree('{"p":[1,{"q":"r"},[true,null]],"s":-1.5e3}');
SELECT json_group_array(value) FROM (
  SELECT value FROM json_each('[3,1,2]') ORDER BY value);
CREATE TABLE docs(id INTEGER PRIMARY KEY, doc TEXT CHECK (json_valid(doc)),
  size INT AS (json_extract(doc, '$.size')) STORED);
WITH RECURSIVE c(n) AS (VALUES(1) UNION ALL SELECT n + 1 FROM c WHERE n < 400)
INSERT INTO docs(doc) SELECT json_object('name', printf('d%03d', n), 'size',
  n * 37 % 101, 'tags', json_array('t' || (n % 7), 't' || (n % 11))) FROM c;
CREATE INDEX docs_size ON docs(size);
SELECT id, json_extract(doc, '$.name') FROM docs WHERE size BETWEEN 40 AND 42
  ORDER BY size, id;
SELECT tag.value, count(*), sum(size) FROM docs, json_each(docs.doc, '$.tags') AS tag
  GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 6;
SELECT json_group_object(id, size) FROM (SELECT id, size FROM docs LIMIT 5);
INSERT INTO docs(doc) VALUES('{"broken');
SELECT json_extract('{"a":1}', 'no path');
