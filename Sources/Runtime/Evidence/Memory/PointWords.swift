@preconcurrency internal import Glibc
internal import Model
internal import Synchronization

/// A named point of an operation at which a fault ends the process of whoever comes there first.
///
/// The driver arms it; the worker that comes there stops its whole process, so that nothing happens after the point, and
/// says who it is; the driver kills what stands there.
public struct PointWords: @unchecked Sendable {  // because the words are only used atomically
  let words: UnsafeMutablePointer<Atomic<Int64>>

  /// Waits for somebody at a point, by its position in ``StrategyDescriptor/points``; nil for nowhere.
  public func arm(_ point: Int?) {
    words[1].store(0, ordering: .relaxed)
    words[0].store(point.map { Int64($0) + 1 } ?? 0, ordering: .releasing)
  }

  /// The worker that stands at the point with its process, by index over the trial; nil while there is none.
  public var arrived: Int? {
    let word = words[1].load(ordering: .acquiring)
    return word == 0 ? nil : Int(word) - 1
  }
}

/// Where a worker says that it has come to a point at which a fault may end its process.
public struct PointReporter: Sendable {
  let points: PointWords
  let worker: Int
  let phase: PhaseSignal

  /// The worker has come to a point, by its position in ``StrategyDescriptor/points``. Returns at once, unless a fault
  /// waits for somebody there; then, mostly, never.
  @inline(__always) public func reach(_ point: Int) {
    if _slowPath(points.words[0].load(ordering: .relaxed) == Int64(point) + 1) { stand() }
  }

  /// Whether a fault waits for somebody at a point: what happens at the same time otherwise must have an order then.
  public func isAwaited(_ point: Int) -> Bool { points.words[0].load(ordering: .relaxed) == Int64(point) + 1 }

  @inline(never) private func stand() {
    guard phase.value == .measured else { return }
    let isFirst = points.words[1]
      .compareExchange(expected: 0, desired: Int64(worker) + 1, ordering: .acquiringAndReleasing).exchanged
    // Sent to this thread: another would have to be woken first, and this one would go on until then.
    if isFirst { raise(SIGSTOP) }
  }
}
