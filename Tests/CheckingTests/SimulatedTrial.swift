import Model
import Testing
import Workloads

/// Runs the operations of a workload one after the other, as a strategy does, and keeps the evidence that workers keep;
/// on request with the faults of a bad strategy.
struct SimulatedTrial {
  /// What goes wrong, and how often.
  enum Fault {
    /// An operation decides on the values from before the last commit, as an unprotected read-modify-write does that
    /// raced with it. Of a read, only the first record is old.
    case race
    /// Additions are stored twice, as after a blind retry.
    case doubledWrite
    /// Only the first of the changes is stored.
    case partialWrite
  }

  private let workload: any Workload
  private let fault: Fault?
  private let faultRate: Double
  private let unknownRate: Double
  private var random: RandomSource

  private var values: [Int64]
  private var valuesBeforeLastCommit: [Int64]
  private var returned: [Set<Int64>]
  private(set) var evidence: Evidence
  /// The workers run on so many hosts, one after the other.
  var hosts = 1
  /// What this one's workers are told never arrives; nil when all arrives.
  var lostHost: Int?
  /// Only this one's operations are faulty; nil for all.
  var faultyHost: Int?
  private var isFaultyHost = true
  /// Operations to which the fault happened in a way that must leave a trace.
  private(set) var faults: Int64 = 0

  init(
    _ workload: any Workload, seed: UInt64, unknownRate: Double = 0, fault: Fault? = nil, faultRate: Double = 0
  ) {
    self.workload = workload
    self.fault = fault
    self.faultRate = faultRate
    self.unknownRate = unknownRate
    random = RandomSource(seed: seed, stream: 99)
    values = (0..<workload.recordCount).map(workload.initialValue)
    valuesBeforeLastCommit = values
    returned = Array(repeating: [], count: values.count)
    evidence = Evidence(
      initial: values, final: nil, ledger: Array(repeating: LedgerEntry(), count: values.count), total: Tally())
  }

  /// Runs `count` turns of workers that are drawn at random, and reads the final state.
  mutating func run(_ count: Int, workers: Int = 4, seed: UInt64 = 1) {
    let rings = (0..<workers).map { worker -> [OperationTemplate] in
      var source = RandomSource(seed: seed, stream: UInt64(worker))
      return workload.operations(count: 64, using: &source)
    }
    var positions = Array(repeating: 0, count: workers)
    var committedBefore = Array(repeating: false, count: workers)
    evidence.tokens = 1...Int64(workers)
    for _ in 0..<count {
      let worker = Int(random.below(UInt64(workers)))
      let template = rings[worker][positions[worker] % rings[worker].count]
      positions[worker] += 1
      if template.followsCommit, !committedBefore[worker] { continue }
      let host = worker % hosts
      isFaultyHost = faultyHost ?? host == host
      let told = (evidence, returned)
      committedBefore[worker] = runOnce(template, token: Int64(worker + 1)) == .committed
      if host == lostHost { (evidence, returned) = told }
    }
    if let lostHost { evidence.missing = ["so\(lostHost)"] }
    evidence.final = values
  }

  private mutating func runOnce(_ template: OperationTemplate, token: Int64) -> Outcome {
    let keys = template.steps.map { Int($0.key) }
    let isReadOnly = template.steps.allSatisfy { $0.effect == .read }
    let isFaulty = fault != nil && random.fraction() < faultRate && isFaultyHost
    var seen = keys.map { values[$0] }
    if isFaulty, case .race = fault {
      let old = keys.map { valuesBeforeLastCommit[$0] }
      if isReadOnly { seen[0] = old[0] } else { seen = old }
      if seen != keys.map({ values[$0] }) { faults += 1 }
    }
    let read = seen
    let decision = decide(template, token: token, &seen)
    evidence.total[.started] += 1
    let outcome: Outcome
    switch decision {
    case .refuse: outcome = .refused
    case .readOnly:
      outcome = .committed
      compareRead(read, keys: keys)
    case .write:
      outcome = random.fraction() < unknownRate ? .unknown : .committed
      if outcome == .committed || random.below(2) == 0 {
        if isFaulty { damage(&seen, template.steps, keys: keys) }
        store(seen, template.steps)
      }
      keepAccount(of: template.steps, outcome, returned: seen)
      let partner = template.steps.firstIndex { $0.effect == .read }
      if outcome == .committed, let partner, seen[partner] != 0 { evidence.total[.uncoveredPairs] += 1 }
    }
    evidence.total[.of(outcome)] += 1
    return outcome
  }

  private func decide(_ template: OperationTemplate, token: Int64, _ seen: inout [Int64]) -> Decision {
    let size = Operation.byteCount(steps: template.steps.count)
    return withUnsafeTemporaryAllocation(byteCount: size, alignment: 8) { bytes in
      seen.withUnsafeMutableBufferPointer { values in
        guard let header = bytes.baseAddress, let value = values.baseAddress else { return .refuse }
        Operation.store(template, index: 0, at: header)
        return Operation(header.assumingMemoryBound(to: Operation.Header.self), token: token).decide(value)
      }
    }
  }

  private mutating func damage(_ new: inout [Int64], _ steps: [Step], keys: [Int]) {
    switch fault {
    case .doubledWrite:
      for index in steps.indices where steps[index].effect == .add { new[index] += steps[index].operand }
      faults += 1
    case .partialWrite:
      for index in steps.indices.dropFirst() { new[index] = values[keys[index]] }
      if steps.count > 1 { faults += 1 }
    case .race, nil: break
    }
  }

  private mutating func store(_ new: [Int64], _ steps: [Step]) {
    valuesBeforeLastCommit = values
    for (step, value) in zip(steps, new) where step.writes { values[Int(step.key)] = value }
  }

  private mutating func keepAccount(of steps: [Step], _ outcome: Outcome, returned new: [Int64]) {
    for (step, value) in zip(steps, new) {
      let key = Int(step.key)
      if outcome == .unknown {
        evidence.ledger[key].unknownLow += min(0, step.ledgerDelta)
        evidence.ledger[key].unknownHigh += max(0, step.ledgerDelta)
      } else {
        evidence.ledger[key].acknowledged += step.ledgerDelta
        evidence.ledger[key].acknowledgedCount += 1
        guard step.effect == .add else { continue }
        evidence.total[.comparedValues] += 1
        if !returned[key].insert(value).inserted {
          evidence.total[.duplicateValues] += 1
          if evidence.duplicates.count < 10 { evidence.duplicates.append((key: key, value: value)) }
        }
      }
    }
  }

  private mutating func compareRead(_ seen: [Int64], keys: [Int]) {
    evidence.total[.committedReads] += 1
    evidence.total[.auditedSnapshots] += 1
    if Set(seen).count > 1 { evidence.total[.tornReads] += 1 }
    if zip(seen, keys).contains(where: { $0 < values[$1] }) { evidence.total[.staleReads] += 1 }
  }
}
