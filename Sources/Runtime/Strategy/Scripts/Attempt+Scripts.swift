internal import Model
internal import Synchronization

/// Amounts of acknowledgements: records of their own in the ledger, behind those that stand for the scripts.
extension Attempt {
  /// An amount may be in the store from now on: it counts as unknown until it is settled.
  func announce(_ amount: Int64, to record: Int32) { entry(record)[amount < 0 ? 2 : 3] &+= amount }

  /// An announced amount is not unknown any more.
  func withdraw(_ amount: Int64, from record: Int32) { entry(record)[amount < 0 ? 2 : 3] &-= amount }

  /// An amount is in the store.
  func acknowledge(_ amount: Int64, in record: Int32) {
    entry(record)[0] &+= amount
    entry(record)[1] &+= 1
  }

  private func entry(_ record: Int32) -> UnsafeMutablePointer<Int64> {
    thread.ledger + Int(record) &* ThreadBlock.ledgerWords
  }

  /// A critical section begins that does not belong to a record of the operation.
  mutating func enterSection(_ record: Int32) {
    records.mark(record).pointee.store(operation.token, ordering: .relaxed)
    if isTimed { enteredAt = Self.noteEntry(in: journal) }
  }

  /// It ends. Counts an overlap when another worker has entered meanwhile.
  mutating func leaveSection(_ record: Int32) {
    if isTimed { leftAt = Self.noteExit(in: journal) }
    if records.mark(record).pointee.load(ordering: .relaxed) != operation.token { count(.overlaps) }
  }
}
