-- Counts children in their parent.
--@ setup: CREATE TABLE parent(id int PRIMARY KEY, children int NOT NULL DEFAULT 0);
--@| INSERT INTO parent SELECT g FROM generate_series(1, 4) g;
--@| CREATE TABLE child(id bigserial PRIMARY KEY, parent int NOT NULL REFERENCES parent);
\set parent random(1, 4)
BEGIN;
INSERT INTO child(parent) VALUES (:parent);
SELECT children FROM parent WHERE id = :parent FOR UPDATE \gset
--@ instead no-key: SELECT children FROM parent WHERE id = :parent FOR NO KEY UPDATE \gset
--@ instead unlocked: SELECT children FROM parent WHERE id = :parent \gset
--@ hold
UPDATE parent SET children = :children + 1 WHERE id = :parent;
COMMIT;
--@ ack added += 1 matches: SELECT count(*) FROM child
--@ check counts-agree zero rows: SELECT p.id, p.children, count(c.id) AS rows
--@|   FROM parent p LEFT JOIN child c ON c.parent = p.id GROUP BY p.id HAVING p.children <> count(c.id)
