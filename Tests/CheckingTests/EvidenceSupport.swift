import Checking
import Model
import Testing
import Workloads

/// The workload of a kind with some options stated.
func makeWorkload(_ kind: String, keys: Int = 1, _ options: [String: OptionValue] = [:]) throws -> any Workload {
  try #require(WorkloadRegistry.make(WorkloadSettings(kind: kind, keys: keys, options: Options([], stated: options))))
}

/// Evidence in which the given changes were acknowledged on each record; every change counts as one operation.
func makeEvidence(
  _ workload: any Workload, final: [Int64]?, acknowledged: [[Int64]], unknown: [[Int64]] = []
) -> Evidence {
  var total = Tally()
  total[.committed] = Int64(acknowledged.reduce(0) { $0 + $1.count })
  let ledger = acknowledged.indices.map { key in
    let open = unknown.isEmpty ? [] : unknown[key]
    return LedgerEntry(
      acknowledged: acknowledged[key].reduce(0, +), acknowledgedCount: Int64(acknowledged[key].count),
      unknownLow: open.filter { $0 < 0 }.reduce(0, +), unknownHigh: open.filter { $0 > 0 }.reduce(0, +))
  }
  return Evidence(
    initial: acknowledged.indices.map(workload.initialValue), final: final, ledger: ledger, total: total)
}

/// A finding without its sentences.
struct Finding: Equatable, CustomStringConvertible {
  var kind: Violation.Kind
  var key: Int?
  var count: Int64

  init(_ kind: Violation.Kind, key: Int?, count: Int64) {
    self.kind = kind
    self.key = key
    self.count = count
  }

  init(_ violation: Violation) { self.init(violation.kind, key: violation.key, count: violation.count) }

  var description: String { "\(kind.rawValue) of record \(key.map(String.init) ?? "-"): \(count)" }
}

extension [CheckResult] {
  /// The conclusion of one checker.
  func named(_ checker: String) throws -> CheckResult { try #require(first { $0.checker == checker }) }

  /// The worst verdict.
  var verdict: Verdict { map(\.verdict).max() ?? .unknown }

  /// All findings.
  var findings: [Finding] { flatMap(\.violations).map(Finding.init) }
}

extension CheckResult {
  /// All findings.
  var findings: [Finding] { violations.map(Finding.init) }
}
