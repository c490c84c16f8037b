@preconcurrency internal import Glibc
internal import Model

/// Which transaction of which coordinator a branch belongs to: the same in all databases.
public struct TransactionNumber: Hashable, Sendable {
  /// The process that coordinates it, and when it began: a number is never used twice.
  public let coordinator: Coordinator
  /// The worker, over all processes.
  public let worker: Int64
  /// Counts the transactions of the worker in this process, from 1.
  public let sequence: Int64

  /// Makes a number.
  public init(_ coordinator: Coordinator, worker: Int64, sequence: Int64) {
    self.coordinator = coordinator
    self.worker = worker
    self.sequence = sequence
  }

  /// A process that coordinates transactions, in one of its lives.
  public struct Coordinator: Hashable, Sendable {
    /// Its process id.
    public let process: Int64
    /// Tells it from others that had the same.
    public let birth: Int64

    /// Makes one.
    public init(process: Int64, birth: Int64) {
      self.process = process
      self.birth = birth
    }

    /// This process.
    public static func current() -> Coordinator {
      Coordinator(process: Int64(getpid()), birth: monotonicNow() / 1000 % 1_000_000_000)
    }

    /// Whether the process is gone, so that nobody but recovery will end what it has begun.
    var isGone: Bool { kill(pid_t(truncatingIfNeeded: process), 0) != 0 && errno == ESRCH }
  }
}

/// How databases call the branches of a run: its namespace there, a slash, and the parts of a transaction's number with
/// dots between. At most 64 bytes, which is what XA allows.
public struct BranchNames: Sendable {
  /// What all names of the run begin with in the database.
  public let prefix: String

  /// - Parameter namespace: of the run, in the database.
  public init(namespace: String) { prefix = namespace + "/" }

  /// Appends the name of a branch.
  public func append(_ number: TransactionNumber, to text: inout StatementText) {
    text.append(text: prefix)
    text.append(number.coordinator.process)
    text.append(".")
    text.append(number.coordinator.birth)
    text.append(".")
    text.append(number.worker)
    text.append(".")
    text.append(number.sequence)
  }

  /// The number in the name of a branch; nil for one of somebody else.
  public func number(in name: String) -> TransactionNumber? {
    guard name.hasPrefix(prefix) else { return nil }
    let parts = name.dropFirst(prefix.count).split(separator: ".", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Int64($0) }
    guard parts.count == 4, numbers.count == 4 else { return nil }
    return TransactionNumber(
      .init(process: numbers[0], birth: numbers[1]), worker: numbers[2], sequence: numbers[3])
  }
}
