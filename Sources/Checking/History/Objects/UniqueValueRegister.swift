public import Model

/// A register of which every write stores a value of its own: the check of Gibbons and Korach, "Testing Shared Memories"
/// (SIAM Journal on Computing 1997), exact and fast.
///
/// A write and its reads stand together in every order. From the first of their ends to the last of their invokes the
/// value must have been there all the time (a forward zone) if that is a stretch at all; two such stretches never overlap,
/// and a value whose operations all overlap (a backward zone) needs a moment outside of the stretches of others.
public struct UniqueValueRegister: HistoryChecker {
  /// Nothing to state.
  public init() {}

  /// `unique-register`.
  public var name: String { "unique-register" }
  /// Reads and writes.
  public var summary: String {
    "Reads and writes of values that are each written once have an order that agrees with time."
  }

  /// Judges every record by itself.
  public func check(_ history: History) -> HistoryJudgement {
    var findings = Findings()
    var examined = 0
    var remark: String?
    for key in KeyHistory.all(of: history) {
      guard let register = UniqueRegisterOfOneKey(key, history) else {
        remark = "record \(key.key) is not a register whose writes each store a value of their own"
        continue
      }
      examined += key.operations.count
      register.find(&findings)
    }
    return HistoryJudgement(name, examined: examined, findings, of: history, unknown: remark)
  }

  /// Whether all records are such registers.
  static func judges(_ keys: [KeyHistory], _ history: History) -> Bool {
    keys.allSatisfy { UniqueRegisterOfOneKey($0, history) != nil }
  }
}

/// The operations of one value.
private struct Zone {
  let value: Int64?
  var write: KeyOperation?
  var reads: [KeyOperation] = []
  /// The first end and the last invoke.
  var firstEnd: Int64
  var lastInvoke: Int64

  /// Whether the value must have been there from the first end to the last invoke.
  var isForward: Bool { firstEnd < lastInvoke }
}

/// One record.
private struct UniqueRegisterOfOneKey {
  private let key: KeyHistory
  private let history: History
  private var zones: [Zone] = []
  private var unexplained: [(operation: KeyOperation, value: Int64?)] = []

  /// Nil when it is no such register.
  init?(_ key: KeyHistory, _ history: History) {
    self.key = key
    self.history = history
    let initial = history.header.initialValue(of: key.key)
    var positions: [Int64?: Int] = [initial: 0]
    // The initial value was written before anything else.
    zones = [Zone(value: initial, firstEnd: .min, lastInvoke: .min)]
    var reads: [(KeyOperation, Int64?)] = []
    for operation in key.operations {
      guard operation.actions.count == 1 else { return nil }
      switch operation.actions[0] {
      case .read(let value): reads.append((operation, value))
      case .write(let value):
        guard positions.updateValue(zones.count, forKey: value) == nil else { return nil }
        zones.append(
          Zone(value: value, write: operation, firstEnd: operation.end, lastInvoke: operation.invoke))
      default: return nil
      }
    }
    for (read, value) in reads {
      guard let position = positions[value] else {
        unexplained.append((read, value))
        continue
      }
      zones[position].reads.append(read)
      zones[position].firstEnd = min(zones[position].firstEnd, read.end)
      zones[position].lastInvoke = max(zones[position].lastInvoke, read.invoke)
    }
    // What nobody saw need not have happened.
    zones.removeAll { $0.reads.isEmpty && $0.write.map { !$0.isCertain } ?? false }
  }

  private func text(_ operation: KeyOperation) -> String {
    "\(HistoryWords(history).place(history.operations[operation.index])) \(HistoryWords.action(operation.actions[0]))"
  }

  func find(_ findings: inout Findings) {
    // A missing operation may have written it.
    for (read, value) in unexplained where history.dropped == 0 {
      let isOfFailed = value.map(key.failed.contains) ?? false
      findings.add(isOfFailed ? .abortedRead : .unexplainedValue, key: Int(key.key), count: 1) {
        (
          "a value that was written", HistoryWords.value(value),
          "\(text(read)), which " + (isOfFailed ? "only an operation that failed would have written" : "nobody wrote")
        )
      }
    }
    for zone in zones {
      guard let write = zone.write else { continue }
      for read in zone.reads where read.end < write.invoke {
        findings.add(.realTimeOrder, key: Int(key.key), count: 1) {
          ("a read after its write", "a read before it", "\(text(read)) and had ended when \(text(write))")
        }
      }
    }
    findConflicts(&findings)
  }

  private func findConflicts(_ findings: inout Findings) {
    let forward = zones.filter(\.isForward).sorted { ($0.firstEnd, $0.lastInvoke) < ($1.firstEnd, $1.lastInvoke) }
    for (first, second) in zip(forward, forward.dropFirst()) where second.firstEnd < first.lastInvoke {
      report(first, second, &findings)
    }
    for zone in zones where !zone.isForward {
      // The last stretch that begins before all operations of this value have begun.
      var (low, high) = (0, forward.count)
      while low < high {
        let middle = (low + high) / 2
        if forward[middle].firstEnd < zone.lastInvoke { low = middle + 1 } else { high = middle }
      }
      if low > 0, zone.firstEnd < forward[low - 1].lastInvoke { report(forward[low - 1], zone, &findings) }
    }
  }

  /// Two values of which each must have been there before and after the other.
  private func report(_ outer: Zone, _ inner: Zone, _ findings: inout Findings) {
    let operations = { (zone: Zone) in (zone.write.map { [$0] } ?? []) + zone.reads }
    let first = operations(outer).min { $0.end < $1.end }
    let last = operations(outer).max { $0.invoke < $1.invoke }
    let between = operations(inner).max { $0.invoke < $1.invoke }
    let early = operations(inner).min { $0.end < $1.end }
    findings.add(.staleRead, key: Int(key.key), count: 1) {
      let (before, after) = (HistoryWords.value(outer.value), HistoryWords.value(inner.value))
      let start =
        outer.write == nil
        ? "\(before) was there at first" : "\(first.map(text) ?? "") and had ended when \(between.map(text) ?? "")"
      return (
        "one value at a time", "\(before) before and after \(after)",
        "\(start); \(early.map(text) ?? "") and had ended when \(last.map(text) ?? ""): a value that is written once "
          + "cannot come back"
      )
    }
  }
}
