internal import Checking
internal import Model
internal import Runtime

/// What the driver does about sagas once the workers are gone.
enum SagaAftermath {
  /// How long ending them may take.
  private static let limit: Int64 = 60_000_000_000

  /// Ends what is unfinished, as a process that starts again would, and asks what became of all sagas.
  static let recovering = Aftermath(judgedBy: [SagaEndings()]) { environment throws(SetupFailure) in
    let settings = SagaSettings(environment.options).undisturbed
    let configuration = try SagaConfiguration(environment, settings, SagaOrchestrator.SagaCare())
    try DriverLoop.run { worker async throws(SetupFailure) in
      let orchestrator = try await SagaOrchestrator(configuration, worker)
      orchestrator.deadline = monotonicNow() + limit
      do throws(AttemptFailure) { try await orchestrator.recover(0...Int64.max) } catch {
        throw SetupFailure(
          "unfinished sagas could not be ended: \(orchestrator.errorText ?? "a database does not answer")")
      }
    }
    return try remains(environment, holders: 0..<1)
  }

  /// Only asks: nobody goes on with what this kind forgets.
  static let watching = Aftermath(judgedBy: [SagaEndings()]) { environment throws(SetupFailure) in
    try remains(environment, holders: 0..<1)
  }

  /// Rows of sagas and of their steps.
  ///
  /// - Parameter holders: the databases that hold rows of sagas.
  static func remains(_ environment: StrategyEnvironment, holders: Range<Int>) throws(SetupFailure) -> Remains {
    var remains = Remains()
    remains[SagaEndings.instances] = []
    remains[SagaEndings.steps] = []
    for database in 0..<(environment.sharding?.count ?? 0) {
      let own = try environment.database(database)
      let session = try AdministrationConnection(
        ConnectionAddress(try own.endpoint("postgres")), namespace: own.namespace)
      do throws(AdministrationConnection.Refusal) {
        if holders.contains(database) {
          remains[SagaEndings.instances]? += try rows(
            session, "SELECT saga, state, steps FROM \"\(own.namespace)\".saga_instances")
        }
        remains[SagaEndings.steps]? += try rows(
          session, "SELECT saga, step, applied, undone FROM \"\(own.namespace)\".saga_steps")
      } catch {
        throw SetupFailure("PostgreSQL could not tell what became of the sagas: \(error.text)")
      }
    }
    return remains
  }

  private static func rows(
    _ session: AdministrationConnection, _ query: String
  ) throws(AdministrationConnection.Refusal) -> [[Int64]] {
    try session.run(query).map { $0.compactMap { Int64($0) } }
  }
}
