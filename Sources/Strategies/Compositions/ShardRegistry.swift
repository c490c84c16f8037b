internal import Checking
internal import Model
internal import PostgresStrategies
public import Runtime

#if MariaDB
internal import MariaDBStrategies
#endif

/// Strategies over records that are spread over several databases.
public enum ShardRegistry {
  /// The backends, as the catalog holds them: one for each kind of databases.
  public static let backends: [BackendEntry] = {
    let choreographed = ChoreographyRegistry.strategies + ChoreographyRegistry.overRabbitMQ
    var all = [backend(PostgresParticipant.self, and: PostgresRegistry.sagas + choreographed)]
    #if MariaDB
    all += [backend(MariaDBParticipant.self), backend(MixedParticipant.self)]
    #endif
    return all
  }()

  private static func backend<Member: ShardMember & ~Copyable>(
    _: Member.Type, and further: [StrategyEntry] = []
  ) -> BackendEntry {
    BackendEntry(
      strategies: [
        StrategyEntry(.noneOverShards(Member.self), Unprotected<ShardedRecords<Member>>.self),
        StrategyEntry(.twoPhaseCommit(Member.self), TwoPhaseCommit<Member>.self)
          .leaving(twoPhaseAftermath(Member.self)),
      ] + further,
      records: RecordStore(
        ShardedRecords<Member>.self, name: Member.store, points: ShardedRecords<Member>.points))
  }

  /// The coordinator starts again at the latest now: what is left is ended, and counted before if it is not.
  private static func twoPhaseAftermath<Member: ShardMember & ~Copyable>(_: Member.Type) -> Aftermath {
    Aftermath(judgedBy: [InDoubtBranches()]) { environment throws(SetupFailure) in
      let sharding = try Member.sharding(environment)
      let log = try TwoPhaseCommit<Member>.decisionLog(environment)
      let recovery = try TwoPhaseCommit<Member>.recovery(environment, sharding, log)
      let found = try recovery.remaining()
      if environment.options.flag("recovery") { try recovery.recover { _ in true } }
      let left = try recovery.remaining()
      var remains = Remains()
      remains[InDoubtBranches.question] = (0..<sharding.count).map { [Int64($0), Int64(found[$0]), Int64(left[$0])] }
      return remains
    }
  }
}
