public import Model
internal import Synchronization

/// Fresh reads: a read sees no value older than one acknowledged before the read began. The workers compare the values
/// with the acknowledged ones as they read; here their counts are judged.
public struct FreshReads: Checker {
  private let isDemanded: Bool

  /// - Parameter isDemanded: whether the workload needs it; else what was found is counted and allowed.
  public init(isDemanded: Bool = true) { self.isDemanded = isDemanded }

  /// `fresh-reads`.
  public var name: String { "fresh-reads" }

  /// Counts.
  public var needs: Set<EvidenceKind> { [.counts] }

  /// The highest values that were acknowledged, and every read.
  public var observer: (any Observer.Type)? { StaleReadObserver.self }

  /// A read was compared with what its own host had acknowledged; what a lost one had can only raise that.
  public var whenHostsAreLost: LostHostRule { .accuses }

  /// Judges what workers saw.
  public func check(_ evidence: Evidence, of workload: any Workload) -> CheckResult? {
    CheckResult(
      reads: name, .staleRead, count: evidence.total[.staleReads], of: evidence, isAllowed: !isDemanded,
      because: "these reads saw a value older than one that was acknowledged before they began")
  }
}

/// Values that only grow are below what was acknowledged before the read was sent.
struct StaleReadObserver: Observer {
  /// How far the highest acknowledged value lies above the initial one.
  static let wordsPerRecord = 1
  static let looksAhead = true
  private let memory: ObservedMemory
  /// For each step of the read in flight.
  private var floors: [Int64] = Array(repeating: 0, count: Operation.maximumSteps)

  init(_ memory: ObservedMemory) { self.memory = memory }

  mutating func begins(_ operation: Operation) {
    guard operation.isReadOnly else { return }
    for index in 0..<operation.count {
      let key = operation[index].key
      floors[index] = memory.initial(key) &+ memory.word(key).pointee.load(ordering: .acquiring)
    }
  }

  func committed(_ operation: Operation, _ values: UnsafePointer<Int64>, _ counts: ObservedCounts) {
    if operation.isReadOnly {
      for index in 0..<operation.count where values[index] < floors[index] {
        counts.add(.staleReads)
        return
      }
    } else {
      for index in 0..<operation.count {
        let key = operation[index].key
        _ = memory.word(key).pointee.max(values[index] &- memory.initial(key), ordering: .releasing)
      }
    }
  }
}
