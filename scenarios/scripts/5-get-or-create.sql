-- Gets the id of a tag by its name, and makes the tag if there is none.
--@ backend mariadb
--@ setup: CREATE TABLE tag(id bigint AUTO_INCREMENT PRIMARY KEY, name int NOT NULL, KEY (name)) ENGINE=InnoDB;
--@ setup only unique: ALTER TABLE tag ADD UNIQUE (name);
--@ setup only upsert: ALTER TABLE tag ADD UNIQUE (name);
--@ isolation only unique: READ COMMITTED
\set name random(1, 4000)
\set id NULL
BEGIN;
SELECT id FROM tag WHERE name = :name FOR UPDATE \aset
--@ instead plain: SELECT id FROM tag WHERE name = :name \aset
--@ instead unique: SELECT id FROM tag WHERE name = :name \aset
--@ instead upsert: INSERT INTO tag(name) VALUES (:name) ON DUPLICATE KEY UPDATE id = LAST_INSERT_ID(id);
--@ hold
\if :id IS NULL
INSERT INTO tag(name) VALUES (:name);
--@ instead upsert: SELECT LAST_INSERT_ID() AS id \gset
--@ on 1062: conflict
\endif
COMMIT;
--@ ack made += 1
--@ check one-each zero rows: SELECT name, count(*) AS tags FROM tag GROUP BY name HAVING count(*) > 1
