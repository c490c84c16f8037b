internal import Analysis
internal import Model
internal import Results

/// One block of a cell in both arms, after the slices that others disturbed were taken out.
struct BlockPair {
  /// Number of the block.
  let number: Int
  /// Stage of the block.
  let stage: Int
  /// Pairs of slices that are comparable.
  let slices: [(base: TrialResult, candidate: TrialResult)]
  /// Pairs taken out.
  let discarded: Int

  /// Above this share of slices taken out, a block says nothing.
  static let mostDiscarded = 0.25

  /// Whether enough slices are left.
  var isValid: Bool {
    !slices.isEmpty && Double(discarded) <= Self.mostDiscarded * Double(slices.count + discarded)
  }

  /// By how much the candidate's cost exceeds the base's; nil when a slice does not tell and the whole block neither.
  ///
  /// For ratios the Hodges-Lehmann centre over the slices: neighbours in time share what disturbs both. Where a slice is
  /// too short for the metric, and for rates, which may be zero in a slice, the slices of an arm are pooled first.
  func difference(of metric: GateMetric) -> Double? {
    if metric.isRatio, let slicewise = slicewiseDifference(of: metric) { return slicewise }
    guard let base = metric.cost(of: slices.map(\.base)), let candidate = metric.cost(of: slices.map(\.candidate))
    else { return nil }
    return candidate - base
  }

  private func slicewiseDifference(of metric: GateMetric) -> Double? {
    var differences: [Double] = []
    for slice in slices {
      guard let base = metric.cost(of: [slice.base]), let candidate = metric.cost(of: [slice.candidate]) else {
        return nil
      }
      differences.append(candidate - base)
    }
    return SignedRank(differences)?.estimate
  }
}

/// Which pairs of slices are comparable: decided without looking at any result, and alike for both arms.
struct SliceValidity {
  /// What the kernel leaves undecided of the idle time of a slice, in seconds: it states two numbers in ticks of 10 ms.
  static let resolution = 0.025

  /// Others may have used this much more CPU time in one slice than in the other, in CPUs.
  let limit: Double
  /// CPUs of the machine; nil when foreign use cannot be told from that of the servers under test.
  let cpuCount: Int?

  /// Takes the rule from what is known of both arms: with a server that we do not manage, its own work counts as foreign,
  /// and a candidate that needs less of it must not be taken out for that.
  init(base: GateArm, candidate: GateArm, policy: GatePolicy) {
    limit = policy.foreignLoad
    let environments = [base.environment, candidate.environment].compactMap { $0 }
    let isManaged = environments.allSatisfy { $0.services.values.allSatisfy { !$0.location.contains("://") } }
    cpuCount = environments.count == 2 && isManaged ? environments[0].machine.cpuCount : nil
  }

  /// Whether others used about the same CPU time in both slices.
  func accepts(_ base: TrialResult, _ candidate: TrialResult) -> Bool {
    guard let cpuCount else { return true }
    let difference = abs(base.machine.foreignRatio - candidate.machine.foreignRatio) * Double(cpuCount)
    let undecided = Self.resolution / max(1e-3, min(base.measuredSeconds, candidate.measuredSeconds))
    return difference <= max(limit, undecided) + 1e-9
  }
}

extension GateSchedule {
  /// The blocks of a cell, from the trials that both arms have. Trials that failed say nothing about speed.
  func pairs(
    of cell: Cell, _ base: [GateArm.TrialID: TrialResult], _ candidate: [GateArm.TrialID: TrialResult],
    _ validity: SliceValidity
  ) -> [BlockPair] {
    blocks.filter { $0.cells.contains(cell) }.map { block in
      let all = repetitions(of: block).compactMap { repetition -> (base: TrialResult, candidate: TrialResult)? in
        let id = GateArm.TrialID(cell: cell, repetition: repetition)
        guard let first = base[id], let second = candidate[id], first.failure == nil, second.failure == nil else {
          return nil
        }
        return (first, second)
      }
      let kept = all.filter { validity.accepts($0.base, $0.candidate) }
      return BlockPair(number: block.number, stage: block.stage, slices: kept, discarded: all.count - kept.count)
    }
  }
}
