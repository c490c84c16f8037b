public import Model

/// Transactions that read and write registers, of which every write stores a value of its own: what a read saw tells from
/// whom, and whoever read a value and then wrote the record came after it.
///
/// Less follows than from lists: the order of two writes is known only where a transaction read the one and wrote the
/// other, or where the store counts versions. So every finding holds, but a wrong history may pass. The method is Elle's
/// (Kingsbury and Alvaro, VLDB 2020); the order in time is not used.
public struct ReadWriteRegister: HistoryChecker {
  private let isolation: Isolation

  /// - Parameter isolation: what the database promises.
  public init(_ isolation: Isolation = .serializable) { self.isolation = isolation }

  /// `rw-register`.
  public var name: String { "rw-register" }
  /// Isolation.
  public var summary: String {
    "Transactions that read registers and write unique values have no anomaly that their isolation forbids."
  }

  /// Looks for wrong reads and for circles.
  public func check(_ history: History) -> HistoryJudgement {
    var findings = TransactionFindings(history, isolation)
    let registers: WrittenRegisters
    switch WrittenRegisters.of(history) {
    case .success(let found): registers = found
    case .failure(let reason):
      return HistoryJudgement(name, examined: 0, Findings(), of: history, unknown: reason.message)
    }
    for (index, transaction) in history.operations.enumerated() where transaction.ending == .ok {
      registers.judge(transaction, index, &findings)
    }
    registers.judgeLostUpdates(&findings)
    findings.add(registers.dependencies())
    let examined = history.operations.count { $0.ending == .ok && !$0.accesses.isEmpty }
    return HistoryJudgement(
      name, examined: examined, findings.findings, of: history, notes: findings.notes, allowed: findings.allowed)
  }
}

/// A value that a register had.
struct RegisterValue: Hashable {
  let key: Int64
  let value: Int64?
}

/// Who wrote what, and who saw what of others.
struct WrittenRegisters {
  struct Refusal: Error {
    let message: String
  }

  private let history: History
  /// Which transaction wrote a value.
  private var writer: [RegisterValue: Int] = [:]
  /// The values that were the last of their transaction.
  private var finals: Set<RegisterValue> = []
  private var versions: [RegisterValue: Int64] = [:]
  /// Transactions that saw a value before they wrote the record, if they did; those that took effect.
  private var readers: [RegisterValue: [Int]] = [:]
  /// Transactions of which a value was seen, so that they took effect.
  private var seen: Set<Int> = []
  /// From a value that a transaction saw to what it made of it.
  private var successors: [RegisterValue: [RegisterValue]] = [:]

  private init(_ history: History) { self.history = history }

  /// Refuses a value that is written twice: nothing would follow from reading it.
  static func of(_ history: History) -> Result<WrittenRegisters, Refusal> {
    var registers = WrittenRegisters(history)
    for (index, transaction) in history.operations.enumerated() {
      var last: [Int64: RegisterValue] = [:]
      var first: [Int64: RegisterValue] = [:]
      for step in transaction.accesses.flatMap(\.registerSteps) {
        let value = RegisterValue(key: step.key, value: step.value)
        guard step.isWrite else {
          if transaction.ending == .ok && last[step.key] == nil && first[step.key] == nil { first[step.key] = value }
          continue
        }
        if registers.writer.updateValue(index, forKey: value) != nil || value == registers.initial(step.key) {
          return .failure(
            Refusal(
              message: "value \(HistoryWords.value(step.value)) is written twice to record \(step.key), or is its "
                + "initial one: each must be unique"))
        }
        registers.versions[value] = step.version
        last[step.key] = value
      }
      for (key, value) in first {
        registers.readers[value, default: []].append(index)
        if let written = last[key] { registers.successors[value, default: []].append(written) }
      }
      registers.finals.formUnion(last.values)
    }
    registers.seen = Set(registers.readers.keys.compactMap { registers.writer[$0] })
    return .success(registers)
  }

  private func initial(_ key: Int64) -> RegisterValue {
    RegisterValue(key: key, value: history.header.initialValue(of: key))
  }

  /// Judges what one transaction saw by itself.
  func judge(_ transaction: RecordedOperation, _ index: Int, _ findings: inout TransactionFindings) {
    let words = HistoryWords(history)
    var known: [Int64: Int64?] = [:]
    for step in transaction.accesses.flatMap(\.registerSteps) {
      defer { known[step.key] = .some(step.value) }
      if step.isWrite { continue }
      let text =
        "\(words.place(index)) read \(HistoryWords.value(step.value)) in record \(step.key)"
      if let expected = known[step.key] {
        guard expected != step.value else { continue }
        findings.add(.internalInconsistency, key: step.key) {
          (
            HistoryWords.value(expected), HistoryWords.value(step.value),
            "\(text), although it had read or written \(HistoryWords.value(expected)) there before"
          )
        }
      }
      judge(RegisterValue(key: step.key, value: step.value), seenBy: index, text, &findings)
    }
  }

  private func judge(
    _ value: RegisterValue, seenBy reader: Int, _ text: String, _ findings: inout TransactionFindings
  ) {
    if value == initial(value.key) { return }
    let seen = HistoryWords.value(value.value)
    guard let author = writer[value] else {
      // A missing operation may have written it.
      if history.dropped == 0 {
        findings.add(.unexplainedValue, key: value.key) {
          ("a value that was written", seen, "\(text), which nobody wrote")
        }
      }
      return
    }
    if author == reader { return }
    let words = HistoryWords(history)
    if history.operations[author].ending == .fail {
      findings.add(.abortedRead, key: value.key) {
        ("no value of a transaction that failed", seen, "\(text), which is of \(words.place(author)), which failed")
      }
    } else if !finals.contains(value) {
      findings.add(.intermediateRead, key: value.key) {
        ("the last value of a transaction", seen, "\(text), but \(words.place(author)) replaced \(seen) itself")
      }
    }
  }

  /// Two that took effect saw the same value and each replaced it: whichever came first is lost.
  func judgeLostUpdates(_ findings: inout TransactionFindings) {
    let words = HistoryWords(history)
    for (value, made) in successors.sorted(by: {
      ($0.key.key, $0.key.value ?? .min) < ($1.key.key, $1.key.value ?? .min)
    })
    where made.count > 1 {
      findings.add(.gSingle, key: value.key) {
        let who = made.compactMap { made in
          writer[made].map { "\(words.place($0)), who wrote \(HistoryWords.value(made.value))" }
        }
        return (
          "one who replaces a value", "\(made.count)",
          "\(HistoryWords.value(value.value)) in record \(value.key) was read and replaced by "
            + "\(who.prefix(5).joined(separator: ", and by ")): a lost update"
        )
      }
    }
  }

  /// The transaction that wrote a value, unless it failed or it is not known whether it took effect.
  private func author(_ value: RegisterValue) -> Int? {
    guard let index = writer[value] else { return nil }
    switch history.operations[index].ending {
    case .ok: return index
    case .info: return seen.contains(index) ? index : nil
    case .fail: return nil
    }
  }

  func dependencies() -> DependencyGraph {
    var graph = DependencyGraph(transactions: history.operations.count)
    for (value, seeing) in readers {
      guard let from = author(value) else { continue }
      for reader in seeing {
        graph.add(from, reader, .writeRead, key: value.key, .write(value.value), .read(value.value))
      }
    }
    for (earlier, later) in versionOrder() {
      guard let to = author(later) else { continue }
      if let from = author(earlier) {
        graph.add(from, to, .writeWrite, key: later.key, .write(earlier.value), .write(later.value))
      }
      for reader in readers[earlier] ?? [] {
        graph.add(reader, to, .readWrite, key: later.key, .read(earlier.value), .write(later.value))
      }
    }
    return graph
  }

  /// Pairs of values of one record of which the first was there before the second.
  private func versionOrder() -> [(RegisterValue, RegisterValue)] {
    var pairs: [(RegisterValue, RegisterValue)] = []
    let followers = Set(successors.values.joined())
    for (key, values) in Dictionary(grouping: finals, by: \.key).sorted(by: { $0.key < $1.key }) {
      let written = values.filter { author($0) != nil }
      if written.allSatisfy({ versions[$0] != nil }) {
        let sorted = [initial(key)] + written.sorted { (versions[$0] ?? 0) < (versions[$1] ?? 0) }
        pairs += zip(sorted, sorted.dropFirst())
      } else {
        // Everything comes after the initial value; where a predecessor is known, by way of that.
        pairs += written.filter { !followers.contains($0) }.prefix(1000).map { (initial(key), $0) }
        for value in [initial(key)] + values { for made in successors[value] ?? [] { pairs.append((value, made)) } }
      }
    }
    return pairs.sorted {
      ($0.0.key, $0.0.value ?? .min, $0.1.value ?? .min) < ($1.0.key, $1.0.value ?? .min, $1.1.value ?? .min)
    }
  }
}

extension Access {
  /// A read or a write of a register.
  struct RegisterStep {
    let key: Int64
    let value: Int64?
    let isWrite: Bool
    let version: Int64?
  }

  /// What was seen and what was stored, as far as it is known.
  var registerSteps: [RegisterStep] {
    let read = { (value: Int64?) in RegisterStep(key: key, value: value, isWrite: false, version: nil) }
    let write = { (value: Int64?) in RegisterStep(key: key, value: value, isWrite: true, version: version) }
    return switch action {
    case .read(let value): [read(value)]
    case .write(let value): [write(value)]
    case .cas(let expected, let new): [read(expected), write(new)]
    case .add(let amount, let result?): [read(result &- amount), write(result)]
    case .add, .append, .list, .acquire, .release: []
    }
  }
}
