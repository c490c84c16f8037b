internal import Model
internal import Runtime

/// Records on a primary, which takes every change as one statement, and on the standbys that follow it.
struct ReplicatedRecords<Reading: ReplicaReading>: Strategy, ~Copyable {
  private let members: ReplicaMembers
  private var reading: Reading
  private let heartbeat: ReplicationHeartbeat?

  struct Configuration: Sendable {
    let plans: [SessionPlan]
    let heartbeats: [SessionPlan]
    let options: Options
  }

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    let statements: [Statement] = [.guardedAdd, .guardedExchange, Reading.read] + Reading.further
    var (plans, heartbeats): ([SessionPlan], [SessionPlan]) = ([], [])
    for address in try ReplicaAddresses.all(in: environment.endpoint(ReplicaAddresses.service)) {
      let level = Reading.commitLevel(environment.options)
      plans.append(try SessionPlan(environment, statements, at: address).committing(at: level))
      heartbeats.append(
        try SessionPlan(environment, ReplicationHeartbeat.statements, at: address).committing(at: .local))
    }
    return Configuration(plans: plans, heartbeats: heartbeats, options: environment.options)
  }

  static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> ReplicatedRecords<Reading> {
    let members = try await ReplicaMembers(configuration.plans, worker, readsStandbys: Reading.readsStandbys)
    let reading = Reading(configuration.options, worker)
    guard worker.index == 0, Reading.readsStandbys else {
      return ReplicatedRecords(members: members, reading: reading, heartbeat: nil)
    }
    let heartbeat = ReplicationHeartbeat(
      try await ReplicaMembers(configuration.heartbeats, worker, readsStandbys: true), worker)
    heartbeat.start()
    return ReplicatedRecords(members: members, reading: reading, heartbeat: heartbeat)
  }

  private init(members: ReplicaMembers, reading: Reading, heartbeat: ReplicationHeartbeat?) {
    self.members = members
    self.reading = reading
    self.heartbeat = heartbeat
  }

  mutating func reopen() async throws(SetupFailure) { try await members.reopen() }
  consuming func close() async { heartbeat?.end() }

  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    if attempt.operation.isReadOnly {
      try await read(attempt)
      return .committed
    }
    // There is no time between reading and writing: the client thinks before.
    await attempt.hold()
    guard try await change(attempt) else { return .refused }
    await reading.hasChanged(members)
    return .committed
  }

  private mutating func read(_ attempt: Attempt) async throws(AttemptFailure) {
    let position = try await reading.choose(members, attempt)
    let progress = try await members.with(position) { connection throws(AttemptFailure) in
      do throws(AttemptFailure) {
        connection.parameters.set(0, int4: attempt.operation[0].key)
        try await connection.run(Reading.read, parameters: 1)
        try connection.requireRecords(connection.reply.rows, of: 1)
        attempt.values[0] = connection.reply[0, 0]
        return connection.reply[0, 1]
      } catch {
        throw await connection.abandon(error, attempt)
      }
    }
    reading.hasRead(from: position, progress: progress)
  }

  /// Returns false when the guard refused.
  private func change(_ attempt: Attempt) async throws(AttemptFailure) -> Bool {
    try await members.with(members.primary) { connection throws(AttemptFailure) in
      do throws(AttemptFailure) {
        return try await connection.change(0, attempt, decides: true)
      } catch {
        guard connection.reply.state == .readOnlyTransaction else { throw await connection.abandon(error, attempt) }
        // The server is a standby: it has done nothing, and another one is to be asked.
        members.forgetPrimary()
        throw .connectionLost
      }
    }
  }
}
