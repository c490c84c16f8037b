-- The same as 2-timestamp-version.sql, with three digits: milliseconds.
--@ setup: CREATE TABLE doc(
--@|   id int PRIMARY KEY, body int NOT NULL, version int NOT NULL, changed timestamptz(3) NOT NULL);
--@| INSERT INTO doc SELECT g, 0, 0, 'epoch' FROM generate_series(1, 10) g;
\set doc random(1, 10)
SELECT body, changed AS seen FROM doc WHERE id = :doc \gset
--@ hold
UPDATE doc SET body = :body + 1, changed = clock_timestamp() WHERE id = :doc AND changed = :seen;
--@ on rows = 0: conflict
--@ ack edits += 1 matches: SELECT sum(body) FROM doc
