public import Model

extension HostSummary {
  /// How far its processors were used where that was most: `97 % busy, 88 % with our workers`; nil when nobody knows.
  public var load: String? {
    guard let busiest, let busy = busiest.busyRatio else { return nil }
    return "\(formatPercent(busy)) busy" + (busiest.clientRatio.map { ", \(formatPercent($0)) with our workers" } ?? "")
  }

  /// What a reader must know of it, in sentences: that it was lost, that it set the pace, that it was disturbed. Empty when
  /// there is nothing to say.
  public var sentences: [String] {
    [lossSentence, deliverySentence, bottleneckSentence, disturbanceSentence].compactMap { $0?.printable }
  }

  private var lossSentence: String? {
    guard lostCount > 0 else { return nil }
    let beats = records.filter { $0.isLost && !$0.isDelivered }.reduce(0) { $0 + $1.beatsMissed }
    let missed = beats > 0 ? "\(counted(beats, "sign")) of life did not come, and " : ""
    return
      "\(inWords) was lost\(share(lostCount)): \(missed)its evidence is missing. What its workers did is unknown, so "
      + "the trial has no figure and cannot pass."
  }

  private var deliverySentence: String? {
    guard deliveredCount > 0 else { return nil }
    return "\(inWords) was lost\(share(deliveredCount)) and its evidence came later, from what it had left behind."
  }

  private var bottleneckSentence: String? {
    guard isSaturated, let load else { return nil }
    return "The load generator was the bottleneck on \(inWords): its processors were \(load)."
  }

  private var disturbanceSentence: String? {
    disturbances.isEmpty ? nil : "\(inWords) was disturbed: \(disturbances.joined(separator: "; "))."
  }

  /// ` in 1 of 3 trials`; nothing for the only trial.
  private func share(_ count: Int) -> String {
    trialCount == 1 ? "" : " in \(formatCount(count)) of \(counted(trialCount, "trial"))"
  }
}

extension HoldsBetweenHosts {
  /// What the comparison shows, and how long an overlap must be so that it is not missed.
  public var sentence: String {
    guard compared > 0 else { return "No critical sections of different hosts were compared." }
    let power =
      "an overlap longer than \(formatDuration(nanoseconds: Double(resolutionNanoseconds))) cannot have been missed"
    return "\(counted(compared, "critical section")) of different hosts were compared: \(formatCount(overlaps)) "
      + "overlapped, \(formatCount(undecided)) undecided; \(power)."
  }
}

extension TrialHosts {
  /// How far apart two hosts may have begun; nil when it is not known.
  public var startSentence: String? {
    startSkewNanoseconds.map {
      "Hosts began at most \(formatDuration(nanoseconds: Double($0))) apart, by the bounds of their clocks."
    }
  }
}

extension TrialResult {
  /// The machines that generated its load, for comparisons: `one host`, `3 hosts of 4 CPUs`, `3 hosts of 4 to 8 CPUs`.
  public var loadGenerators: String {
    let processors = hosts?.hosts.map(\.processors) ?? []
    guard processors.count > 1, let least = processors.min(), let most = processors.max() else { return "one host" }
    let size = least == most ? counted(least, "CPU") : "\(least) to \(most) CPUs"
    return "\(counted(processors.count, "host")) of \(size)"
  }
}
