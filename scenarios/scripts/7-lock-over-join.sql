-- Reads an order with its item, locks the order, and writes down what it saw. Both always change together.
--@ setup: CREATE TABLE orders(id int PRIMARY KEY, version int NOT NULL); INSERT INTO orders VALUES (1, 0);
--@| CREATE TABLE item(id int PRIMARY KEY, version int NOT NULL); INSERT INTO item VALUES (1, 0);
--@| CREATE TABLE seen(id bigserial PRIMARY KEY, orders int NOT NULL, item int NOT NULL);
BEGIN;
--@ instead repeatable-read: BEGIN ISOLATION LEVEL REPEATABLE READ;
--@ instead lock-first: BEGIN; SELECT id FROM orders WHERE id = 1 FOR UPDATE;
SELECT o.version AS orders, i.version AS item FROM orders o JOIN item i ON i.id = o.id WHERE o.id = 1 FOR UPDATE OF o \gset
INSERT INTO seen(orders, item) VALUES (:orders, :item);
--@ hold
UPDATE orders SET version = version + 1 WHERE id = 1;
UPDATE item SET version = version + 1 WHERE id = 1;
COMMIT;
--@ ack changes += 1 matches: SELECT version FROM orders WHERE id = 1
--@ check pairs-existed zero rows: SELECT orders, item, count(*) AS times FROM seen WHERE orders <> item
--@|   GROUP BY orders, item ORDER BY orders LIMIT 20
