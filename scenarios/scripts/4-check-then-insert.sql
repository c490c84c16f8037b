-- A room is booked for some days if nobody has it.
--@ define rooms = 20
--@ setup: CREATE TABLE booking(id bigserial PRIMARY KEY, room int NOT NULL, during int4range NOT NULL);
--@| CREATE INDEX ON booking(room);
--@ setup only exclusion: CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA public;
--@| ALTER TABLE booking ADD EXCLUDE USING gist (room public.gist_int4_ops WITH =, during WITH &&);
--@ setup only room-row: CREATE TABLE room(id int PRIMARY KEY); INSERT INTO room SELECT g FROM generate_series(1, :rooms) g;
\set room random(1, :rooms)
\set first random(0, 360)
\set last :first + random(1, 10)
BEGIN;
--@ instead serializable: BEGIN ISOLATION LEVEL SERIALIZABLE;
--@ instead room-row: BEGIN; SELECT id FROM room WHERE id = :room FOR UPDATE;
SELECT count(*) AS taken FROM booking WHERE room = :room AND during && int4range(:first, :last) \gset
--@ hold
\if :taken = 0
INSERT INTO booking(room, during) VALUES (:room, int4range(:first, :last));
--@ on 23P01: refused
\endif
COMMIT;
--@ refused when :taken > 0
--@ ack booked += 1 matches: SELECT count(*) FROM booking
--@ check no-overlap zero rows: SELECT a.room, a.during, b.during AS other
--@|   FROM booking a JOIN booking b ON a.id < b.id AND a.room = b.room AND a.during && b.during
