internal import Hosts
internal import Model
internal import Runtime

/// What the hosts of a trial have delivered, put together.
struct HostParts {
  /// The hosts, for the result.
  let hosts: TrialHosts
  /// The evidence of those that are not lost, merged.
  let evidence: CollectedEvidence
  /// Those whose evidence is missing, in words.
  let missing: [String]
  let timeline: [TimelinePoint]
  let parts: [Int64]
  let encounters: Encounters
  /// How the machines of the hosts were shared, the driver's own not among them.
  let machine: HostMachines

  /// Merges what is there, and completes how the trial ended: when its window opened and closed, what happened on its
  /// hosts, and why it failed if it did.
  init(_ members: [FleetMember], setup: TrialSetup, ending: inout RunningTrial.Ending) {
    let opens = ending.opens
    let outcomes = members.compactMap(\.outcome)
    if let first = outcomes.map(\.opened).min(), let last = outcomes.map(\.closed).max() {
      (ending.windowOpened, ending.windowClosed) = (opens + first, opens + max(first, last))
    }
    var merged = CollectedEvidence(setup.memory.layout)
    var lost: [String] = []
    for member in members {
      guard let evidence = member.evidence, member.state == .over else {
        lost.append(member.name)
        continue
      }
      do throws(EvidenceFailure) { try merged.merge(evidence) } catch {
        member.trouble = "\(error)"
        lost.append(member.name)
      }
    }
    evidence = merged
    missing = ending.started > 0 ? lost : []
    if ending.failure == nil, !ending.isInterrupted, let first = members.first(where: { lost.contains($0.name) }) {
      ending.failure =
        "\(first.name) was lost: \(first.trouble ?? "it left no evidence"); what its workers did is unknown"
    }
    ending.events += members.flatMap { member in (member.outcome?.events ?? []).map { $0.on(member.name) } }
    ending.events.sort { $0.second < $1.second }
    ending.faults += outcomes.flatMap(\.faults).map(\.ofOneHost)
    timeline = Self.timeline(outcomes)
    parts = Self.parts(outcomes, of: members.count)
    encounters = outcomes.reduce(into: Encounters()) { $0 += $1.encounters }
    machine = HostMachines(members, seconds: Double(max(1, ending.windowClosed - ending.windowOpened)) / 1e9)
    hosts = Self.records(members, setup: setup, lost: lost, machine: machine, ending)
  }

  /// Puts into a result what is told by hosts, in the place of what the driver saw.
  ///
  /// - Parameter machine: the driver's.
  func complete(_ result: inout TrialResult, on machine: String) {
    result.hosts = hosts
    result.timeline = timeline
    result.parts = parts
    result.encounters = encounters
    result.machine = self.machine.merged(with: result.machine, on: machine)
  }

  private static func records(
    _ members: [FleetMember], setup: TrialSetup, lost: [String], machine: HostMachines, _ ending: RunningTrial.Ending
  ) -> TrialHosts {
    let beats = FleetBeats(of: setup.trial)
    let middle = ending.windowOpened + (ending.windowClosed - ending.windowOpened) / 2
    let perHost = setup.trial.processesPerHost
    var hosts = TrialHosts(
      members.map { member in
        let assignments = setup.assignments[member.rank * perHost..<(member.rank + 1) * perHost]
        var record = HostRecord(
          rank: member.rank, name: member.hello.host, processors: member.hello.processors,
          workers: assignments.reduce(0) { $0 + $1.workers.count })
        let offset = member.clock.offset(at: middle)
        (record.offsetNanoseconds, record.boundNanoseconds) = (offset?.midpoint, offset?.halfWidth)
        record.committed = member.evidence.map { $0.tallies[.measured]?[.committed] ?? 0 }
        record.p99Nanoseconds = member.evidence?.latency.supportedValue(atQuantile: 0.99)
        record.startDelayNanoseconds = member.outcome?.startDelay
        record.isLost = lost.contains(member.name)
        record.isDelivered = member.isDelivered && !record.isLost
        record.beatsMissed = max(0, beats.due(ending) - member.beats)
        machine.complete(&record)
        return record
      })
    hosts.holds = Self.holds(members, ending)
    let bounds = members.compactMap { $0.clock.offset(at: ending.started)?.halfWidth }.sorted(by: >)
    if bounds.count == members.count { hosts.startSkewNanoseconds = bounds.prefix(2).reduce(0, +) }
    return hosts
  }

  /// Critical sections of different hosts, compared by what is known of their clocks over the whole trial.
  private static func holds(_ members: [FleetMember], _ ending: RunningTrial.Ending) -> HoldsBetweenHosts? {
    let holds = members.enumerated().flatMap { index, member in
      member.sections.map { PlacedHold(host: index, key: $0.key, entered: $0.entered, left: $0.left) }
    }
    let moments = [ending.started, ending.windowOpened, ending.windowClosed]
    let clocks = members.compactMap { $0.clock.hull(at: moments) }
    guard !holds.isEmpty, clocks.count == members.count else { return nil }
    let judgement = HoldJudgement.judge(holds, offsets: clocks)
    var found = HoldsBetweenHosts()
    found.compared = Int64(holds.count)
    (found.overlaps, found.apart, found.undecided) = (judgement.sure, judgement.apart, judgement.undecided)
    found.resolutionNanoseconds = judgement.shortestSeen
    return found
  }

  /// Seconds of all hosts added up; percentiles of several hosts cannot be told from those of each.
  private static func timeline(_ outcomes: [HostOutcome]) -> [TimelinePoint] {
    var points: [Int: TimelinePoint] = [:]
    for point in outcomes.flatMap(\.timeline) {
      let second = Int(point.second.rounded())
      var sum =
        points[second]
        ?? TimelinePoint(
          second: point.second, seconds: point.seconds, committed: 0, failedAttempts: 0, p50Nanoseconds: nil,
          p99Nanoseconds: nil)
      sum.committed += point.committed
      sum.failedAttempts += point.failedAttempts
      points[second] = sum
    }
    return points.sorted { $0.key < $1.key }.map(\.value)
  }

  /// Parts of the window over all hosts; empty where they did not have the same.
  private static func parts(_ outcomes: [HostOutcome], of hosts: Int) -> [Int64] {
    guard let first = outcomes.first?.parts, outcomes.count == hosts,
      outcomes.allSatisfy({ $0.parts.count == first.count })
    else { return [] }
    return first.indices.map { index in outcomes.reduce(0) { $0 + $1.parts[index] } }
  }
}

extension FaultRecord {
  /// The same without what its host could only see of its own workers.
  fileprivate var ofOneHost: FaultRecord {
    var record = self
    (record.goodputBefore, record.goodputDuring, record.goodputAfter) = (nil, nil, nil)
    (record.longestStallSeconds, record.recoverySeconds) = (nil, nil)
    return record
  }
}

extension TrialEvent {
  /// The same, with the host on which it happened.
  fileprivate func on(_ host: String) -> TrialEvent {
    TrialEvent(second: second, kind: kind, subject: "\(subject) on \(host)", detail: detail)
  }
}

extension ClockEstimate {
  /// An interval that holds the offset at all of some moments; nil when one of them is not known.
  fileprivate func hull(at moments: [Int64]) -> ClockInterval? {
    let known = moments.compactMap { offset(at: $0) }
    guard known.count == moments.count, let low = known.map(\.low).min(), let high = known.map(\.high).max() else {
      return nil
    }
    return ClockInterval(low: low, high: high)
  }
}
