internal import Checking
public import Model
public import Runtime

extension ChoreographedSaga where Transport: ~Copyable {
  /// The strategy as registries list it, with what the driver does once the workers are gone: it is an instance of every
  /// service until nothing is left, and then asks what became of all sagas.
  public static func entry(_ descriptor: StrategyDescriptor) -> StrategyEntry {
    StrategyEntry(descriptor, Self.self).leaving(
      Aftermath(judgedBy: [SagaEndings(), HandledMessages()]) { environment throws(SetupFailure) in
        let rows = try finish(environment)
        var remains = try SagaAftermath.remains(environment, holders: 0..<(environment.sharding?.count ?? 0))
        remains[HandledMessages.question] = rows
        return remains
      })
  }

  private static func finish(_ environment: StrategyEnvironment) throws(SetupFailure) -> [[Int64]] {
    let settings = ChoreographySettings(environment.options).undisturbed
    let choreography = try ChoreographyConfiguration(environment, settings, isCareful: Kind.isCareful)
    let transport = try Transport.configure(environment)
    return try DriverLoop.run { worker async throws(SetupFailure) in
      var services: [ServiceInstance<Transport>] = []
      for service in 0..<choreography.sharding.count {
        let role = MessageRole(service: service, receiver: -1, patience: 0)
        services.append(
          try await ServiceInstance(
            choreography, try await Transport.open(transport, as: role, worker), service: service, worker))
      }
      return try await drain(services)
    }
  }

  /// Handles events until nothing is left, or nothing has come for too long.
  private static func drain(_ services: [ServiceInstance<Transport>]) async throws(SetupFailure) -> [[Int64]] {
    let limit = monotonicNow() &+ 60_000_000_000
    var lastProgress = monotonicNow()
    while true {
      do throws(AttemptFailure) {
        for service in services where try await service.handleAll() { lastProgress = monotonicNow() }
        var rows: [[Int64]] = []
        for service in services {
          let (written, held) = try await service.count()
          rows.append([Int64(service.service), written, held.waiting, held.dead])
        }
        let isEmpty = rows.allSatisfy { $0[1] == 0 && $0[2] == 0 }
        if isEmpty || monotonicNow() &- lastProgress > 5_000_000_000 || monotonicNow() > limit { return rows }
      } catch {
        guard monotonicNow() < limit else {
          let text = services.lazy.compactMap(\.errorText).first
          throw SetupFailure("unfinished sagas could not be ended: \(text ?? "a server does not answer")")
        }
      }
    }
  }
}

extension ServiceInstance where Transport: ~Copyable {
  /// Publishes and handles what there is. Returns whether there was anything.
  fileprivate func handleAll() async throws(AttemptFailure) -> Bool {
    var hasCome = try await relayLeft()
    while await turn(until: monotonicNow() &+ 20_000_000) { hasCome = true }
    return hasCome
  }
}
