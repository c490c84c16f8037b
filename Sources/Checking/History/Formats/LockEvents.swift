public import Model

extension History {
  /// The locks that the operations held, as a history of its own: an acquire and a release for each hold.
  ///
  /// An acquire lasts from the moment from which it may have been granted, which is the invoke of the operation or the
  /// release before it, to its grant; a release lasts from its sending to the end of the operation or the next acquire. A
  /// hold that was never given back has no release: the lock may have been taken away from it at any time. A release whose
  /// operation never ended has no end.
  public var locks: History {
    var locks = History(header: header, faults: faults, dropped: dropped)
    locks.header.initial = []
    for operation in operations {
      for (index, hold) in operation.holds.enumerated() {
        let before = operation.holds[..<index].last { $0.key == hold.key }
        let isLast = !operation.holds.dropFirst(index + 1).contains { $0.key == hold.key }
        locks.operations.append(
          RecordedOperation(
            process: operation.process, .acquire, invoke: before?.released ?? operation.invoke, end: hold.granted, .ok,
            [Access(hold.key, .acquire)], token: operation.token))
        guard let released = hold.released else { continue }
        // Between a release and the next acquire the one ended and the other began; a process does one thing at a time.
        let end = isLast ? operation.end : released
        locks.operations.append(
          RecordedOperation(
            process: operation.process, .release, invoke: released, end: end, end == nil ? .info : .ok,
            [Access(hold.key, .release)], token: operation.token))
      }
    }
    return locks
  }
}
