-- Withdraws from one of a few accounts if there is enough.
--@ setup: CREATE TABLE account(id int PRIMARY KEY, balance bigint NOT NULL);
--@| INSERT INTO account SELECT g, 1000000000 FROM generate_series(1, 64) g; ANALYZE account;
--@ isolation serializable
--@ isolation only read-committed: read committed
\set id random(1, 64)
\set amount random(1, 100)
BEGIN;
--@ instead indexed: BEGIN; SET LOCAL enable_seqscan = off;
SELECT balance FROM account WHERE id = :id \gset
--@ instead read-committed: SELECT balance FROM account WHERE id = :id FOR UPDATE \gset
--@ hold
\if :balance >= :amount
UPDATE account SET balance = balance - :amount WHERE id = :id;
\endif
COMMIT;
--@ refused when :balance < :amount
--@ ack withdrawn += :amount matches: SELECT 64000000000 - sum(balance) FROM account
--@ check never-negative zero rows: SELECT id, balance FROM account WHERE balance < 0
