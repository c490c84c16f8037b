internal import Model
internal import Runtime

/// Sees from outside who leads: whose effect was the last one, look by look.
struct LeaderWatch {
  private let opened: Int64
  private(set) var turns: [Turn] = []
  /// The number of the operation of the last leader when it was last seen.
  private var number: Int64?

  /// More would be no picture.
  private static let mostTurns = 10_000

  /// - Parameter opened: when the measured window opened.
  init(opened: Int64) { self.opened = opened }

  /// Looks who has entered last. A leader that has done nothing since is not seen to go on.
  mutating func look(_ memory: TrialMemory, _ now: Int64) {
    guard let leader = memory.lastToEnter(0) else { return }
    let operation = memory.position(ofWorker: leader).operation
    let second = Double(now - opened) / 1e9
    if turns.last?.worker != leader {
      guard turns.count < Self.mostTurns else { return }
      turns.append(Turn(worker: leader, beganSecond: second, endedSecond: second, ending: .done))
    } else if operation != number {
      turns[turns.count - 1].endedSecond = second
    }
    number = operation
  }
}
