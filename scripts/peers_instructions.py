"""Instructions per operation of contend's worker process and of its peers, for scripts/peers --instructions.

A program is run for some operations and for twice as many; the difference, divided by the operations that the longer
run had more, is the instructions of one operation. Starting, connecting and ending cancel out, and so does the noise of
the machine: a run on a busy one counts the same. Only instructions in user mode are counted, not those of the kernel,
and only those of the client: of contend its worker process, not the driver.

`perf stat` counts them where it can; elsewhere (in most virtual machines) valgrind's callgrind does.
"""

import os
import shlex
import subprocess
import sys

PERF = ["perf", "stat", "-e", "instructions:u", "-x,"]


def perf_counts():
    """Whether perf is installed and the machine lets it count instructions."""
    try:
        done = subprocess.run(PERF + ["true"], capture_output=True, text=True)
    except OSError:
        return False
    return done.returncode == 0 and done.stderr.split(",")[0].strip().isdigit()


class Counter:
    """Runs programs under a tool that counts their instructions."""

    def __init__(self, folder, root, contend):
        self.folder, self.perf, self.runs = folder, perf_counts(), 0
        self.name = "perf stat" if self.perf else "callgrind"
        self.program, self.library = os.path.join(folder, "contend"), os.path.join(folder, "instructions.so")
        # Valgrind 3.19 cannot read the debug information of a Swift program.
        command(["strip", "-g", "-o", self.program, contend])
        command(["cc", "-O2", "-shared", "-fPIC", "-o", self.library,
                 os.path.join(root, "scripts", "peers-instructions.c")])

    def prefix(self):
        """The words that go before a program's own, and the file that will hold its count."""
        self.runs += 1
        report = os.path.join(self.folder, f"instructions-{self.runs}")
        if self.perf:
            return PERF + ["-o", report, "--"], report
        # Only a fair scheduler lets a thread that waits for its time run beside one that never waits.
        return ["valgrind", "--quiet", "--tool=callgrind", "--fair-sched=yes", f"--callgrind-out-file={report}",
                f"--log-file={report}.log"], report

    def of_program(self, words):
        """Runs a program; returns its instructions and what it printed."""
        prefix, report = self.prefix()
        printed = command(prefix + words)
        return self.read(report, words[0]), printed

    def of_worker(self, run, name):
        """Runs contend with what makes its one worker process run under the tool; returns the worker's instructions."""
        prefix, report = self.prefix()
        launcher = report + ".sh"
        with open(launcher, "w") as file:
            # Beneath perf the worker waits with its own system call.
            file.write("#!/bin/sh\n" + ("unset LD_PRELOAD\n" if self.perf else "")
                       + f'exec {shlex.join(prefix + [self.program])} "$@"\n')
        os.chmod(launcher, 0o755)
        run({**os.environ, "LD_PRELOAD": self.library, "CONTEND_WORKER_LAUNCHER": launcher})
        return self.read(report, f"the worker process of {name}")

    def read(self, report, name):
        try:
            with open(report) as file:
                lines = file.read().splitlines()
        except OSError:
            sys.exit(f"{self.name} left no count for {name}; try the case alone")
        for line in lines:
            if self.perf and ",instructions:u," in line and line.split(",")[0].isdigit():
                return int(line.split(",")[0])
            if line.startswith("totals:"):
                return int(line.split()[1])
        sys.exit(f"{self.name} counted no instructions for {name}; try the case alone")


def command(words):
    """Runs a command; returns what it printed."""
    try:
        done = subprocess.run(words, capture_output=True, text=True)
    except OSError as error:
        sys.exit(f"cannot run {words[0]}: {error.strerror}; scripts/setup --peers installs it")
    if done.returncode != 0:
        lines = (done.stderr or done.stdout).strip().splitlines()
        sys.exit(f"{shlex.join(words)} failed: {lines[-1] if lines else f'status {done.returncode}'}")
    return done.stdout


class Case:
    """A strategy with one worker, the operations of the shorter run, and the peer that does the same, if there is one.

    `peer` takes operations, runs the peer for about so many, and returns its instructions and how many it ran.
    """

    def __init__(self, strategy, operations, peer_name=None, peer=None):
        self.strategy, self.operations, self.peer_name, self.peer = strategy, operations, peer_name, peer


def cases(counter, servers, pgbench, memory_program, scripts):
    """Every case; `scripts` are pgbench's, by the strategy that does the same."""

    def loop(kind):
        # The loop in C runs for a time and says how many operations it did; under callgrind about a million a second.
        def run(operations):
            count, printed = counter.of_program([memory_program, kind, "1", str(operations / 500_000)])
            return count, int(printed.split()[1])
        return run

    def redis(*words):
        return lambda operations: (counter.of_program(
            ["redis-benchmark", "-s", servers.redis_socket, "-c", "1", "-n", str(operations), "-P", "1", "--csv",
             *words])[0], operations)

    def postgres(script):
        return lambda operations: (counter.of_program(pgbench(script, ["-t", str(operations)]))[0], operations)

    yield Case("floor.memory", 500_000)
    yield from (Case(f"memory.{kind}", 500_000, "equal loop in C", loop(kind)) for kind in ("mutex", "cas", "fetch-add"))
    yield Case("floor.redis-get", 10_000, "redis-benchmark", redis("get", "k"))
    yield Case("floor.redis-set", 10_000, "redis-benchmark", redis("set", "k", "v", "nx", "px", "10000"))
    yield from (Case(strategy, 10_000) for strategy in ("redis.lua", "redis.lock", "redis.watch"))
    yield from (Case(strategy, 5_000, "pgbench", postgres(script)) for strategy, script in scripts.items())
    yield from (Case(strategy, 5_000) for strategy in ("postgres.atomic", "postgres.optimistic"))


def print_table(cases, counter, run_contend):
    """Measures and prints one row after the other; `run_contend` takes strategy, operations and environment."""
    print(f"instructions in user mode per operation, one worker on the workload counter, counted by {counter.name}:\n")
    print("| case | contend | peer | ratio | the peer |\n|---|--:|--:|--:|---|", flush=True)
    for case in cases:
        ours = [counter.of_worker(
            lambda environment: run_contend(case.strategy, operations, environment), case.strategy)
            for operations in (case.operations, 2 * case.operations)]
        own = (ours[1] - ours[0]) / case.operations
        # A strategy with options is written as {id: ID, OPTION: VALUE}.
        row = f"| `{case.strategy.strip('{}').removeprefix('id: ')}` | {own:,.0f} |"
        if case.peer:
            (short, few), (long, many) = (case.peer(operations) for operations in (
                case.operations, 2 * case.operations))
            if many <= few:
                sys.exit(f"the longer run of the {case.peer_name} did no more operations: the machine is too busy for it")
            other = (long - short) / (many - few)
            row += f" {other:,.0f} | {own / other:.2f} x | {case.peer_name} |"
        else:
            row += " | | |"
        print(row, flush=True)
