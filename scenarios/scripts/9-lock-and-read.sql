-- Takes a lock and reads a balance, in one statement or in two; then withdraws if there is enough.
--@ setup: CREATE TABLE entry(id bigserial PRIMARY KEY, account int NOT NULL, amount bigint NOT NULL);
--@| INSERT INTO entry(account, amount) SELECT g, 10000000 FROM generate_series(1, 4) g; CREATE INDEX ON entry(account);
--@ isolation only repeatable-read: REPEATABLE READ
\set account random(1, 4)
BEGIN;
--@ instead two-statements: BEGIN; SELECT pg_advisory_xact_lock(:account);
--@ instead repeatable-read: BEGIN; SELECT pg_advisory_xact_lock(:account);
WITH locked AS MATERIALIZED (SELECT pg_advisory_xact_lock(:account))
  SELECT count(*) AS entries FROM locked, entry WHERE account = :account \gset
--@ instead two-statements: SELECT count(*) AS entries FROM entry WHERE account = :account \gset
--@ instead repeatable-read: SELECT count(*) AS entries FROM entry WHERE account = :account \gset
--@ hold
INSERT INTO entry(account, amount) VALUES (:account, :entries);
COMMIT;
--@ ack entries += 1 matches: SELECT count(*) - 4 FROM entry
--@ check numbered-once zero rows: SELECT account, amount AS number, count(*) AS times FROM entry
--@|   GROUP BY account, amount HAVING count(*) > 1 LIMIT 20
