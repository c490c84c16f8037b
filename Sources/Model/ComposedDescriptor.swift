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
    self.init(
      id: lock.id + Self.around + inner.id, summary: "\(inner.id), queued by \(lock.id)",
      needs: lock.needs + inner.needs.filter { !lock.needs.contains($0) }, store: inner.store,
      options: lock.options + options, scope: inner.scope, threading: lock.threading.with(inner.threading),
      applicability: inner.applicability, grade: inner.grade, returnsValues: inner.returnsValues,
      // What the strategy inside needs while it holds its own, and giving the lock back.
      roundTripsUnderLock: max(1, inner.roundTripsUnderLock) + 1)
  }
}

extension Threading {
  /// How workers use threads when they do both: a lock that blocks needs one each.
  fileprivate func with(_ other: Threading) -> Threading {
    if self == .perWorker || other == .perWorker { return .perWorker }
    return self == .perConnection || other == .perConnection ? .perConnection : .shared
  }
}
