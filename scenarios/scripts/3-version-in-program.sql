-- A seat is claimed; whether it has changed since it was shown is decided by the program.
--@ setup: CREATE TABLE seat(id int PRIMARY KEY, claims int NOT NULL DEFAULT 0, version int NOT NULL DEFAULT 0);
--@| INSERT INTO seat(id) SELECT g FROM generate_series(1, 10) g;
\set seat random(1, 10)
SELECT claims, version FROM seat WHERE id = :seat \gset
--@ hold
BEGIN;
SELECT version AS now FROM seat WHERE id = :seat \gset
--@ instead in-update:
--@ instead locked: SELECT version AS now FROM seat WHERE id = :seat FOR UPDATE \gset
UPDATE seat SET claims = :claims + 1, version = version + 1 WHERE id = :seat AND :version::int = :now::int;
--@ instead in-update: UPDATE seat SET claims = :claims + 1, version = version + 1 WHERE id = :seat AND version = :version;
--@ on rows = 0: conflict
COMMIT;
--@ ack claims += 1 matches: SELECT sum(claims) FROM seat
