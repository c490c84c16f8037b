/// Locks around strategies that protect their own records: their names, and what they promise.
extension StrategyDescriptor {
  /// What stands between the ids of the two parts.
  public static let around = " over "

  /// The ids of both parts of a composed id: `redis.lock over postgres.for-update`; nil for a strategy of one part.
  public static func parts(of id: String) -> (lock: String, inner: String)? {
    guard let place = id.firstRange(of: around) else { return nil }
    return (String(id[..<place.lowerBound]), String(id[place.upperBound...]))
  }

  /// A lock around a strategy: the promises are those of the strategy inside, the lock only keeps others away from it.
  ///
  /// Its options are those of both; one of the strategy inside whose name the lock has too is called `inner-NAME`.
  public init(_ lock: StrategyDescriptor, around inner: StrategyDescriptor) {
    let names = Set(lock.options.map(\.name))
    let options = inner.options.map { option in
      names.contains(option.name)
        ? OptionSpecification(
          Options.innerPrefix + option.name, option.kind, default: option.defaultValue,
          "\(inner.id): \(option.summary)")
        : option
    }
    // A job without a guard of its own is what the lock around it makes of it.
    let isBareJob = inner.applicability == .job && inner.grade == .required
    self.init(
      id: lock.id + Self.around + inner.id, summary: "\(inner.id), queued by \(lock.id)",
      documentation: isBareJob ? lock.documentation : Documentation(lock.id, around: inner.id),
      needs: lock.needs + inner.needs.filter { !lock.needs.contains($0) }, store: inner.store,
      options: lock.options + options, scope: isBareJob ? lock.scope : inner.scope,
      threading: lock.threading.with(inner.threading),
      applicability: inner.applicability, grade: isBareJob ? lock.grade : inner.grade,
      returnsValues: inner.returnsValues,
      // What the strategy inside needs while it holds its own, and giving the lock back.
      roundTripsUnderLock: max(1, inner.roundTripsUnderLock) + 1, stages: inner.stages,
      points: inner.points, keepsLog: inner.keepsLog, readsSnapshots: inner.alwaysReadsSnapshots,
      snapshotFlag: inner.snapshotFlag)
    takesProgram = lock.takesProgram
  }
}

extension Documentation {
  /// What is true of any lock around any strategy; the parts have documentations of their own.
  fileprivate init(_ lock: String, around inner: String) {
    self.init(
      introduction: "the lock keeps others in a queue of its own, the strategy inside protects the records.",
      algorithm:
        "take the lock of each record in the order of the steps, as `\(lock)` does; try the operation as `\(inner)` does; "
        + "give the locks back, last first.",
      guarantees:
        "those of `\(inner)`, whatever happens to the lock. As long as the lock holds, nobody else is inside, so that "
        + "`\(inner)` meets no conflict and no queue.",
      doesNotGuarantee:
        "that the lock saves anything: it costs its own round trips, which the strategy inside may not.",
      failureWindow: "that of `\(inner)`. A lock that expires or is lost only lets others in to it.",
      roundTrips: "those of `\(inner)`, and one to give the lock back.",
      source: "Kleppmann, \"How to do distributed locking\" (2016): a lock for efficiency, a check for correctness.")
  }
}

extension Threading {
  /// How workers use threads when they do both: a lock that blocks needs one each.
  fileprivate func with(_ other: Threading) -> Threading {
    if self == .perWorker || other == .perWorker { return .perWorker }
    return self == .perConnection || other == .perConnection ? .perConnection : .shared
  }
}
