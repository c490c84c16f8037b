"""Results folders as scripts read them: CSV files, of which the last measurement of each trial stands."""

import csv
import functools
import os
import statistics


@functools.cache
def rows(folder, name):
    path = os.path.join(folder, name)
    if not os.path.exists(path):
        return []
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def number(row, column):
    return float(row[column] or 0)


class Run:
    """A results folder: the measurements that stand, by strategy and number of workers."""

    def __init__(self, folder):
        self.folder = folder
        self.trials = self.standing(rows(folder, "trials.csv"))
        self.counts = rows(folder, "counts.csv")
        self.scenario = next(iter(self.trials))["scenario"] if self.trials else ""

    def standing(self, all_rows):
        """Of a trial that was measured again the last measurement."""
        last = {}
        for row in all_rows:
            key = row["strategy"], row["workers"], row["repetition"]
            if key not in last or int(row["measurement"]) > int(last[key]["measurement"]):
                last[key] = row
        return list(last.values())

    def strategies(self):
        """The fastest first, and behind them those that lost something."""
        load = max(self.workers())
        names = dict.fromkeys(row["strategy"] for row in self.trials)
        return sorted(names, key=lambda name: (not self.is_kept(name), -median(self.cell(name, load), "goodput_per_s")))

    def is_kept(self, strategy):
        return all(row["verdict"] == "pass" for row in self.trials if row["strategy"] == strategy)

    def workers(self):
        return sorted({int(row["workers"]) for row in self.trials})

    def cell(self, strategy, workers):
        return [row for row in self.trials if row["strategy"] == strategy and int(row["workers"]) == workers]

    def stages(self, strategy, workers):
        """Median times of the stages, over the trials of a cell."""
        times = {}
        for row in rows(self.folder, "stages.csv"):
            if row["strategy"] == strategy and int(row["workers"]) == workers and row["p50_ns"]:
                times.setdefault(row["name"], []).append(float(row["p50_ns"]))
        return {name: statistics.median(values) for name, values in times.items()}

    def count(self, strategy, column):
        """A count over all trials of a strategy, of the measurements that stand."""
        standing = {(row["workers"], row["repetition"], row["measurement"])
                    for row in self.trials if row["strategy"] == strategy}
        return sum(number(row, column) for row in self.counts if row["strategy"] == strategy
                   and (row["workers"], row["repetition"], row["measurement"]) in standing)

    def audits(self, strategy):
        """Audits, and those that saw another sum."""
        return self.count(strategy, "audited_snapshots_count"), self.count(strategy, "unbalanced_snapshots_count")

    def kinds(self, strategy):
        found = [row["kind"] for row in rows(self.folder, "violations.csv") if row["strategy"] == strategy]
        return ", ".join(dict.fromkeys(found))


def median(cell, column):
    values = [number(row, column) for row in cell if row[column]]
    return statistics.median(values) if values else 0
