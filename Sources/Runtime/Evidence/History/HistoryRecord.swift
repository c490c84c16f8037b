internal import Model

/// One entry of a history as a worker writes it: 32 bytes, without references, so that it can be read by another process
/// and from a file.
struct HistoryRecord {
  /// What an entry says. Those between the invoke of an operation and its end belong to it.
  enum Kind: UInt8 {
    /// The operation is about to be sent.
    case invoke = 1
    /// Every lock of the operation is held.
    case granted
    /// No lock has been given up yet; what comes next gives them up.
    case released
    /// Attempts that failed with the class in `detail`: `value` of them.
    case failure
    /// The operation took `value` attempts, more than one.
    case attempts
    /// The value that the attempt left behind for the step in `detail`.
    case value
    /// The version of the record of the step in `detail`: the one read, or the one that the change made.
    case version
    /// The version that the change of the step in `detail` replaced.
    case replaced
    /// The token of the lock that was held.
    case token
    /// The list that the step in `detail` is about; with step 0 another attempt begins, and the one before has failed.
    case list
    /// An element that the step in `detail` appends, or the next one that it has read.
    case element
    /// An attempt over lists is about to be sent: what it appends stands before this.
    case sent
    /// The operation has ended with the outcome in `detail`; `value` is that of its first step.
    case ended
  }

  /// The kind, the detail and, above them, the worker.
  private var head: UInt64
  /// Nanoseconds of ``monotonicNow()``.
  let moment: Int64
  /// The announcement of the operation: its number, and its entry in the ring.
  let operation: Int64
  /// A value, a version, a count: what the kind says.
  let value: Int64

  init(_ kind: Kind, detail: UInt8 = 0, worker: Int64, at moment: Int64, operation: Int64, value: Int64 = 0) {
    head = UInt64(kind.rawValue) | UInt64(detail) &<< 8 | UInt64(truncatingIfNeeded: worker) &<< 32
    self.moment = moment
    self.operation = operation
    self.value = value
  }

  /// Nil for what no worker of this program writes.
  var kind: Kind? { Kind(rawValue: UInt8(truncatingIfNeeded: head)) }
  var detail: Int { Int(UInt8(truncatingIfNeeded: head &>> 8)) }
  var worker: Int { Int(head &>> 32) }
}
