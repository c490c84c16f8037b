internal import Model
internal import Synchronization

/// Which lists the steps of an attempt are about, and which elements it appends: known before anything is sent, and in the
/// history by then.
struct ListPlan {
  struct Configuration: Sendable {
    let lists: ListSettings
    /// Their values, which no store in a server needs, tell which list of each record is in use.
    let records: Records
    let workers: Int
  }

  private let configuration: Configuration
  private let worker: Int64
  /// The operation, and which attempt at it this is, from 0.
  private var operation: Int64 = 0
  private var attempt: Int64 = 0
  /// One for each step.
  private var lists = [Int32](repeating: 0, count: Operation.maximumSteps)

  init(_ configuration: Configuration, worker: Int) {
    self.configuration = configuration
    self.worker = Int64(worker)
  }

  /// The list of a step.
  func list(_ index: Int) -> Int32 { lists[index] }

  /// The element that a step appends. No other step of any attempt has it, whatever process its worker runs in.
  func element(_ index: Int) -> Int64 {
    let unique = operation &* Int64(configuration.workers) &+ worker
    return attempt &* 1_000_000_000_000 &+ unique &* Int64(Operation.maximumSteps) &+ Int64(index)
  }

  /// Plans an attempt, and writes down what it is about to do.
  mutating func make(_ attempt: Attempt) {
    let number = attempt.identity.number
    self.attempt = number == operation ? self.attempt &+ 1 : 0
    operation = number
    let now = attempt.journal == nil ? 0 : monotonicNow()
    for index in 0..<attempt.operation.count {
      let step = attempt.operation[index]
      let turn = configuration.records.value(step.key).pointee.load(ordering: .relaxed)
      lists[index] = step.key &+ Int32(truncatingIfNeeded: turn) &* Int32(configuration.lists.keys)
      attempt.journal?.append(.list, detail: index, Int64(lists[index]), at: now)
      if step.writes { attempt.journal?.append(.element, detail: index, element(index), at: now) }
    }
    attempt.journal?.append(.sent, at: now)
  }

  /// Writes down what a step has read. A list that has become long makes way for the next one.
  func note(_ elements: [Int64], _ index: Int, _ attempt: Attempt) {
    if let journal = attempt.journal {
      let now = monotonicNow()
      for element in elements { journal.append(.element, detail: index, element, at: now) }
    }
    guard elements.count >= configuration.lists.longest else { return }
    let key = attempt.operation[index].key
    let turn = Int64((lists[index] &- key) / Int32(configuration.lists.keys))
    guard turn &+ 1 < Int64(configuration.lists.perKey) else { return }
    _ = configuration.records.value(key).pointee.compareExchange(
      expected: turn, desired: turn &+ 1, ordering: .relaxed)
  }
}
