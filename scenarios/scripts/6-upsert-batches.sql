-- Adds to four counters at once, in the order in which they came.
--@ setup: CREATE TABLE hits(page int PRIMARY KEY, n bigint NOT NULL);
\set a random(1, 20)
\set b (:a + random(1, 4)) % 20 + 1
\set c (:b + random(1, 4)) % 20 + 1
\set d (:c + random(1, 4)) % 20 + 1
BEGIN;
INSERT INTO hits VALUES (:a, 1) ON CONFLICT (page) DO UPDATE SET n = hits.n + 1;
--@ instead sorted: INSERT INTO hits SELECT page, count(*) FROM unnest(ARRAY[:a::int, :b::int, :c::int, :d::int]) page
--@|   GROUP BY page ORDER BY page ON CONFLICT (page) DO UPDATE SET n = hits.n + excluded.n;
INSERT INTO hits VALUES (:b, 1) ON CONFLICT (page) DO UPDATE SET n = hits.n + 1;
--@ instead sorted:
INSERT INTO hits VALUES (:c, 1) ON CONFLICT (page) DO UPDATE SET n = hits.n + 1;
--@ instead sorted:
INSERT INTO hits VALUES (:d, 1) ON CONFLICT (page) DO UPDATE SET n = hits.n + 1;
--@ instead sorted:
COMMIT;
--@ ack hits += 4 matches: SELECT coalesce(sum(n), 0) FROM hits
