internal import Model

/// What is known of an operation besides its times.
struct HistoryDetails {
  /// What the first step left behind.
  var first: Int64?
  /// What the others left behind, by step.
  private var others: [Int: Int64] = [:]
  private var versions: [Int: Int64] = [:]
  private var replaced: [Int: Int64] = [:]
  private(set) var token: Int64?
  private(set) var attempts: Int64 = 1
  private var failures: [(AttemptFailure, Int64)] = []
  /// What the attempt does to lists, by step.
  private var lists: [(key: Int64, elements: [Int64])] = []
  /// The critical sections of its attempts.
  private var sections: [(granted: Int64, released: Int64?)] = []

  /// Adds what an entry says.
  mutating func add(_ record: HistoryRecord, _ kind: HistoryRecord.Kind, at moment: Int64) {
    switch kind {
    case .granted: sections.append((moment, nil))
    case .released: if !sections.isEmpty { sections[sections.count - 1].released = moment }
    case .failure:
      if let failure = AttemptFailure(rawValue: UInt8(record.detail)) { failures.append((failure, record.value)) }
    case .attempts: attempts = record.value
    case .value: others[record.detail] = record.value
    case .version: versions[record.detail] = record.value
    case .replaced: replaced[record.detail] = record.value
    case .token: token = record.value
    case .list: lists.append((record.value, []))
    case .element: if lists.indices.contains(record.detail) { lists[record.detail].elements.append(record.value) }
    case .invoke, .sent, .ended: break
    }
  }

  /// Whether it is a transaction over lists.
  var hasLists: Bool { !lists.isEmpty }

  /// What it did to its records. What it read is left out where it took effect and the value is not known.
  ///
  /// - Parameter hasValues: whether the values that it left behind mean anything.
  func accesses(_ operation: Operation, isOk: Bool, hasValues: Bool) -> [Access] {
    if hasLists { return listAccesses(operation) }
    return (0..<operation.count).compactMap { index in
      let step = operation[index]
      let value = isOk && hasValues ? index == 0 ? first : others[index] : nil
      if isOk && value == nil && step.effect == .read { return nil }
      return Access(
        Int64(step.key), step.action(token: operation.token, value: value), version: versions[index],
        replaced: replaced[index])
    }
  }

  private func listAccesses(_ operation: Operation) -> [Access] {
    lists.prefix(operation.count).enumerated().flatMap { index, list in
      operation[index].writes
        ? list.elements.map { Access(list.key, .append($0)) } : [Access(list.key, .list(list.elements))]
    }
  }

  /// The locks that it held: those of all its steps in each critical section. None of an operation that only reads: it
  /// may share its locks with others, and then holds are no evidence.
  func holds(_ operation: Operation) -> [Hold] {
    if sections.isEmpty || operation.isReadOnly { return [] }
    let locks = (0..<operation.count).filter(operation.takesLock).map { Int64(operation[$0].lock) }
    return sections.flatMap { section in
      locks.map { Hold(key: $0, granted: section.granted, released: section.released) }
    }
  }

  /// Why it did not succeed: `refused`, `gave up: conflict 3`; nil when it did, or nothing is known.
  func error(_ outcome: Outcome?) -> String? {
    let classes = failures.map { "\($0.0.word) \($0.1)" }.joined(separator: ", ")
    let word: String
    switch outcome {
    case .committed: return nil
    case .refused: word = "refused"
    case .gaveUp: word = "gave up"
    case .failed: word = "failed"
    case .unknown: word = "answer lost"
    case nil: word = "no end"
    }
    return classes.isEmpty ? word : "\(word): \(classes)"
  }
}

extension Step {
  /// What it asks, with the value that the attempt left behind for it if that is known.
  fileprivate func action(token: Int64, value: Int64?) -> Access.Action {
    switch effect {
    case .read: .read(value)
    case .add: .add(operand, result: value)
    case .claim, .release: .cas(expected: expected(token: token), new: replacement(token: token))
    case .requireFree: .read(0)
    }
  }
}

extension AttemptFailure {
  /// As results name it.
  fileprivate var word: String {
    switch self {
    case .conflict: "conflict"
    case .deadlock: "deadlock"
    case .lockTimeout: "lock-timeout"
    case .notAcquired: "not-acquired"
    case .leaseLost: "lease-lost"
    case .connectionLost: "connection-lost"
    case .ambiguous: "ambiguous"
    case .error: "error"
    }
  }
}
