public import Gate

/// Is told how far a live gate is.
public protocol GateObserver {
  /// The measurement begins: what it comes to in one sentence, and about how many seconds it takes.
  mutating func begin(_ extent: String, seconds: Double)
  /// A slice begins.
  mutating func begin(_ slice: GateSchedule.Slice, block: Int, of blocks: Int)
  /// A slice that was expected to take so many seconds has ended.
  mutating func advance(by seconds: Double)
  /// All slices of a block have ended.
  mutating func end(block: Int, of blocks: Int)
  /// Something happened that changes what will be measured; one sentence.
  mutating func announce(_ text: String)
  /// Nothing more is measured; arms and servers are about to end.
  mutating func end()
  /// They have ended, and something could not be cleaned up; one sentence.
  mutating func leave(behind message: String)
}
