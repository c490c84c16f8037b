public import Model

/// A register whose store counts versions (a version column, a modification revision, a fencing token): every change
/// states the version that it made, and where it can the one that it replaced; every read states the one that it saw.
///
/// No version is made twice, no version lies between one and the one that it replaced, a read sees the value of its
/// version, and the order of versions agrees with time.
public struct VersionedRegister: HistoryChecker {
  /// Nothing to state.
  public init() {}

  /// `versioned-register`.
  public var name: String { "versioned-register" }
  /// Versions.
  public var summary: String { "Every version is made once, from the one before it, in the order of time." }

  /// Judges every record by itself.
  public func check(_ history: History) -> HistoryJudgement {
    var findings = Findings()
    var examined = 0
    var remark: String?
    for key in KeyHistory.all(of: history) {
      if Self.hasVersions(key) {
        examined += key.operations.count
        VersionsOfOneKey(key, history).find(&findings)
      } else {
        remark = "of record \(key.key) the versions are not known"
      }
    }
    return HistoryJudgement(name, examined: examined, findings, of: history, unknown: remark)
  }

  /// Whether every operation that took effect for certain states its version.
  static func hasVersions(_ key: KeyHistory) -> Bool {
    key.operations.allSatisfy { $0.version != nil || !$0.isCertain }
  }
}

/// One record.
private struct VersionsOfOneKey {
  private let key: KeyHistory
  private let history: History
  private let order: RankedOrder

  init(_ key: KeyHistory, _ history: History) {
    self.key = key
    self.history = history
    order = RankedOrder(
      key.operations.compactMap { operation in
        guard operation.isCertain, let version = operation.version else { return nil }
        return RankedOrder.Ranked(
          operation: operation, rank: version, isChange: !operation.onlyReads)
      })
  }

  private func text(_ ranked: RankedOrder.Ranked) -> String {
    let operation = ranked.operation
    let actions = operation.actions.map { HistoryWords.action($0) }.joined(separator: " and ")
    return "\(HistoryWords(history).place(history.operations[operation.index])) \(actions) "
      + "(version \(ranked.rank)\(operation.replaced.map { ", made from version \($0)" } ?? ""))"
  }

  func find(_ findings: inout Findings) {
    findForks(&findings)
    findOtherValues(&findings)
    order.forEachContradiction { higher, lower in
      findings.add(.realTimeOrder, key: Int(key.key), count: 1) {
        (
          "versions in the order of time", "version \(higher.rank) before version \(lower.rank)",
          "\(text(higher)) and had ended when \(text(lower))"
        )
      }
    }
  }

  /// A version made twice, and one that was made from an older one than the last.
  private func findForks(_ findings: inout Findings) {
    var last: RankedOrder.Ranked?
    for change in order.sorted where change.isChange {
      defer { last = change }
      guard let last else { continue }
      let isTwice = last.rank == change.rank
      guard isTwice || (change.operation.replaced.map { $0 < last.rank } ?? false) else { continue }
      findings.add(.lostUpdate, key: Int(key.key), count: 1) {
        (
          "every version made once, from the one before it",
          isTwice ? "version \(change.rank) twice" : "version \(last.rank) overwritten unseen",
          "\(text(change)), although \(text(last)): one change overwrote the other"
        )
      }
    }
  }

  /// A read that saw another value than the change that made its version.
  private func findOtherValues(_ findings: inout Findings) {
    var made: RankedOrder.Ranked?
    for ranked in order.sorted {
      if ranked.isChange {
        made = ranked
      } else if let made, made.rank == ranked.rank, case .read(let seen)? = ranked.operation.actions.last,
        let last = made.operation.actions.last, let stored = Access(0, last).storedValue, stored != seen
      {
        findings.add(.unexplainedValue, key: Int(key.key), count: 1) {
          ("\(stored) in version \(made.rank)", HistoryWords.value(seen), "\(text(ranked)), although \(text(made))")
        }
      }
    }
  }
}
