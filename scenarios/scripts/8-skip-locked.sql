-- Takes the next job of a queue.
--@ setup: CREATE TABLE job(id int PRIMARY KEY, state text NOT NULL DEFAULT 'new', runs int NOT NULL DEFAULT 0);
--@| INSERT INTO job(id) SELECT g FROM generate_series(1, 200000) g; CREATE INDEX ON job(id) WHERE state = 'new';
--@ isolation only repeatable-read: REPEATABLE READ
\set id NULL
BEGIN;
SELECT id FROM job WHERE state = 'new' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED \aset
--@ instead waiting: SELECT id FROM job WHERE state = 'new' ORDER BY id LIMIT 1 FOR UPDATE \aset
--@ instead unlocked: SELECT id FROM job WHERE state = 'new' ORDER BY id LIMIT 1 \aset
--@ hold
\if :id IS NOT NULL
UPDATE job SET state = 'done', runs = runs + 1 WHERE id = :id;
\endif
COMMIT;
--@ refused when :id IS NULL
--@ ack taken += 1 matches: SELECT sum(runs) FROM job
--@ check once zero rows: SELECT id, runs FROM job WHERE runs > 1 LIMIT 20
