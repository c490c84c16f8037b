"""A user's own SQL under contend and under pgbench: the same script files, for scripts/peers.

Three scripts are those that pgbench has inside, as it prints them; three are what people bring: a hot counter, a queue of
jobs, an insert that returns its key. Clients, threads and mode are the same on both sides, and the tables are made by the
same statements: for contend in the schema of its run, for pgbench in a database of its own, both new before each pair.
"""

import os
import subprocess

SCALE = 4

PGBENCH_TABLES = """
CREATE TABLE pgbench_history(tid int, bid int, aid int, delta int, mtime timestamp, filler char(22));
CREATE TABLE pgbench_tellers(tid int not null, bid int, tbalance int, filler char(84)) WITH (fillfactor = 100);
CREATE TABLE pgbench_accounts(aid int not null, bid int, abalance int, filler char(84)) WITH (fillfactor = 100);
CREATE TABLE pgbench_branches(bid int not null, bbalance int, filler char(88)) WITH (fillfactor = 100);
INSERT INTO pgbench_branches SELECT bid, 0 FROM generate_series(1, {scale}) bid;
INSERT INTO pgbench_tellers SELECT tid, (tid - 1) / 10 + 1, 0 FROM generate_series(1, {scale} * 10) tid;
INSERT INTO pgbench_accounts SELECT aid, (aid - 1) / 100000 + 1, 0, '' FROM generate_series(1, {scale} * 100000) aid;
ALTER TABLE pgbench_branches ADD PRIMARY KEY (bid);
ALTER TABLE pgbench_tellers ADD PRIMARY KEY (tid);
ALTER TABLE pgbench_accounts ADD PRIMARY KEY (aid);
"""

OWN = {
    "hot counter": (
        "CREATE TABLE counter(id int PRIMARY KEY, value bigint NOT NULL) WITH (fillfactor = 50);\n"
        "INSERT INTO counter VALUES (1, 0);\n",
        "UPDATE counter SET value = value + 1 WHERE id = 1;\n"),
    "queue claim": (
        "CREATE TABLE job(id int PRIMARY KEY, due int NOT NULL, runs int NOT NULL DEFAULT 0) WITH (fillfactor = 50);\n"
        "INSERT INTO job SELECT g, g FROM generate_series(1, 1000) g;\nCREATE INDEX ON job(due);\n",
        "\\set later random(1000, 2000)\nBEGIN;\n"
        "SELECT id FROM job ORDER BY due LIMIT 1 FOR UPDATE SKIP LOCKED \\gset\n"
        "UPDATE job SET due = due + :later, runs = runs + 1 WHERE id = :id;\nCOMMIT;\n"),
    "insert returning": (
        "CREATE TABLE event(id bigserial PRIMARY KEY, kind int NOT NULL, at timestamptz NOT NULL DEFAULT now());\n",
        "\\set kind random(1, 10)\nINSERT INTO event(kind) VALUES (:kind) RETURNING id \\gset\n"),
}


def builtin(pgbench, name):
    """A script that pgbench has inside, as it prints it."""
    return subprocess.run([pgbench, f"--show-script={name}"], capture_output=True, text=True, check=True).stderr


def scripts(pgbench):
    """Setup and transaction by name."""
    tables = PGBENCH_TABLES.format(scale=SCALE)
    inside = {name: (tables, builtin(pgbench, name)) for name in ("tpcb-like", "simple-update", "select-only")}
    return {**inside, **OWN}


class Script:
    """One script with its tables, as files for both sides."""

    def __init__(self, servers, pgbench, name, setup, transaction):
        self.servers, self.pgbench, self.name = servers, pgbench, name
        base = os.path.join(servers.folder, name.replace(" ", "-"))
        self.setup, self.transaction = f"{base}-setup.sql", f"{base}.sql"
        for path, text in (self.setup, setup), (self.transaction, transaction):
            with open(path, "w") as file:
                file.write(text)

    def psql(self, database, *words):
        subprocess.run(["psql", "-qX", "-v", "ON_ERROR_STOP=1", "-h", self.servers.postgres_socket, "-U", "contend", database,
                        *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def renew(self):
        """Makes the tables of pgbench anew, in a database of its own."""
        self.psql("postgres", "-c", "DROP DATABASE IF EXISTS pgbench", "-c", "CREATE DATABASE pgbench")
        self.psql("pgbench", "-f", self.setup, "-c", "VACUUM (ANALYZE)")

    def workload(self, clients, threads):
        """The scenario up to the load."""
        return "\n".join([
            "workload:", "  kind: script", f"  setup: {self.setup}", f"  transactions: [{self.transaction}]",
            f"  define: {{scale: {SCALE}}}", "  mode: prepared", "load:", f"  workers: {clients}", f"  threads: {threads}"])

    def command(self, clients, threads, *further):
        return [self.pgbench, "-n", "-M", "prepared", "-h", self.servers.postgres_socket, "-U", "contend", "-f",
                self.transaction, "-D", f"scale={SCALE}", "-c", str(clients), "-j", str(threads), *further, "pgbench"]
