internal import Model
internal import Runtime

/// How a pod finds out, in the database of the work, whether a tick is its own.
protocol TickGuard: Sendable {
  /// What it is.
  static var descriptor: StrategyDescriptor { get }
  /// What it sends.
  static var statements: [Statement] { get }
  /// Whether runs of two ticks must not overlap either.
  static var keepsRunsApart: Bool { get }
  /// What another job takes its lock by, at every second tick; nil when there is none.
  var takenByOtherJob: Statement? { get }
  /// Takes its options.
  init(_ options: Options)
  /// Begins the transaction of a run. False when the tick is somebody else's; a transaction may be open then.
  func begin(
    _ begin: Statement, tick: Int64, worker: Int, _ connection: inout Connection
  ) async throws(AttemptFailure) -> Bool
}

extension TickGuard {
  var takenByOtherJob: Statement? { nil }

  /// Sends a statement that takes a tick: one row when it is ours. `$1` is the tick, `$2` the worker.
  ///
  /// Where a transaction sees one moment, who comes second fails with 40001 instead of finding nothing. It means the same:
  /// the tick is lost, and to try again would be wrong.
  func takes(
    _ statement: Statement, tick: Int64, worker: Int, _ connection: inout Connection
  ) async throws(AttemptFailure) -> Bool {
    connection.parameters.set(0, int8: tick)
    connection.parameters.set(1, int4: Int32(worker))
    do throws(AttemptFailure) {
      try await connection.run(statement, parameters: 2)
      return connection.reply.rows == 1
    } catch {
      if error == .conflict { return false }
      throw error
    }
  }
}

/// Descriptors of purges.
extension StrategyDescriptor {
  static func job(
    _ name: String, _ summary: String, _ documentation: Documentation, options: [OptionSpecification] = [],
    grade: Grade = .forbidden
  ) -> StrategyDescriptor {
    StrategyDescriptor(
      id: "postgres.\(name)", summary: summary, documentation: documentation, needs: ["postgres"], store: "postgres",
      options: [
        OptionSpecification(
          "isolation", .word(PurgeIsolation.allCases.map(\.rawValue)), default: .word("read-committed"),
          "At which level it deletes.")
      ] + options, scope: .network, threading: .perConnection, applicability: .job, grade: grade,
      stages: JobStage.names)
  }
}

extension OptionSpecification {
  /// How much a transaction of a purge deletes.
  static var purgeBatch: OptionSpecification {
    OptionSpecification(
      "batch", .integer(0...1_000_000), default: .integer(0),
      "Rows of one transaction, taken with SKIP LOCKED; 0 for all at once.")
  }
}
