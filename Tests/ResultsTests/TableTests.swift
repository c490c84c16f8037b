import Model
import Testing

@testable import Results

@Suite struct TableTests {
  @Test("names are snake case, unique, and every field of a row is filled in the order of the header")
  func names() {
    check(trialTable)
    check(timelineTable)
    check(checkTable)
    check(violationTable)
    check(crossCheckTable)
    check(distributionTable)
    check(countTable)
    check(histogramTable)
    check(faultTable)
    check(planTable)
    check(historyTable)
    check(hostTable)
  }

  @Test("a trial becomes these fields")
  func trialFields() {
    let fields = trialFields(of: sampleTrial())
    let expected = [
      "schema_version": "1", "run_id": "20260301T120000Z-00abcd", "scenario": "bank", "strategy": "postgres.for-update",
      "seed": "0xffffffffffffffff", "started_at": "2026-03-01T12:00:00.250Z", "measured_s": "2.0",
      "committed_count": "4000", "total_committed_count": "5005", "total_conflict_count": "21",
      "backoff_sum_ns": "12345", "censored_count": "5", "goodput_per_s": "2000.0", "latency_p50_ns": "2000895",
      "latency_samples_count": "4000", "latency_p999_ns": "", "wait_p50_ns": "150", "wait_p99_ns": "",
      "hold_p50_ns": "", "tries_per_operation": "1.00175", "tries_max_count": "3", "worker_committed_min_count": "400",
      "worker_committed_max_count": "600", "violations_count": "2", "examined_count": "0",
      "zero_upper_bound_ratio": "", "verdict": "violation", "grade": "forbidden", "as_expected": "false",
      "server_commits_count": "5005", "server_commands_count": "", "cross_checks_agree": "false", "cpus": "0;1",
      "disturbed": "true", "disturbance": "foreign CPU 12.5 %; pressure", "failure": "",
      "first_error": "\"ERROR: canceling statement, please retry\"", "hist_tag": "postgres.for-update~w8~r1",
    ]
    for (name, value) in expected { #expect(fields[name] == value, "\(name)") }
  }

  @Test("what is missing or not a number is empty, and never nan or inf")
  func missing() {
    var trial = TrialResult(
      cell: Cell(strategy: "a", workers: 1), strategyID: "a", store: "memory", processes: 1, threads: 1, repetition: 1,
      position: 1, seed: 0, grade: .required, expectation: .violation)
    trial.machine.foreignRatio = .nan
    trial.machine.stealRatio = .infinity
    trial.failure = "worker process 2 exited with status 9"
    let fields = trialFields(of: trial)
    let empty = [
      "started_at", "goodput_per_s", "latency_p50_ns", "latency_max_ns", "latency_mean_ns", "tries_per_operation",
      "fairness_jain_ratio", "foreign_ratio", "steal_ratio", "as_expected", "cross_checks_agree", "cpus",
    ]
    for name in empty { #expect(fields[name] == "", "\(name)") }
    #expect(fields["verdict"] == "unknown")
    #expect(fields["failure"] == "worker process 2 exited with status 9")
  }

  @Test("the sums that must hold can be checked from the columns")
  func conservedCounters() {
    let names = Counter.conserved.map { "total_" + $0.columnName }
    #expect(names.first == "total_started_count")
    #expect(names.count == 2 + Outcome.allCases.count + AttemptFailure.allCases.count)
  }

  @Test(
    "fields are quoted where RFC 4180 asks for it, and stay on one line",
    arguments: [
      ("plain", "plain"), ("", ""), ("a,b", "\"a,b\""), ("say \"no\"", "\"say \"\"no\"\"\""), ("\"", "\"\"\"\""),
      ("two\nlines\r\nand\ttab", "two lines  and tab"), (" blank", "\" blank\""), ("naïve ✓", "naïve ✓"),
    ])
  func quoting(_ text: String, _ field: String) { #expect(CSV.field(text) == field) }

  @Test("distributions list attempts that occurred and every worker")
  func distributions() {
    let all = DistributionBucket.all(of: sampleTrial())
    #expect(all.prefix(2).map(\.bucket) == [1, 3])
    #expect(all.prefix(2).map(\.count) == [3950, 50])
    #expect(all.dropFirst(2).map(\.bucket) == Array(0..<8))
  }

  private func check<Row>(_ table: Table<Row>) {
    let names = table.columns.map(\.name)
    #expect(Set(names).count == names.count, "\(table.file)")
    #expect(names.first == "schema_version", "\(table.file)")
    for name in names {
      #expect(name.allSatisfy { ("a"..."z").contains($0) || ("0"..."9").contains($0) || $0 == "_" }, "\(name)")
    }
    for column in table.columns { #expect(column.meaning.hasSuffix("."), "\(column.name)") }
  }

  private func trialFields(of trial: TrialResult) -> [String: String] {
    let row = TrialRow(run: "20260301T120000Z-00abcd", scenario: "bank", trial: trial, detail: ())
    return Dictionary(uniqueKeysWithValues: trialTable.columns.map { ($0.name, $0.field(row)) })
  }
}
