internal import Checking
internal import Model
internal import Runtime

/// After a trial of a job: what its table says of every run.
enum JobAftermath {
  /// Of a guard.
  static func of<Guard: TickGuard>(_: Guard.Type) -> Aftermath {
    Aftermath(judgedBy: [TickRuns(apart: Guard.keepsRunsApart)]) { (environment) throws(SetupFailure) in
      try AftermathSession.run(environment, "say what became of the runs") {
        (session) throws(AdministrationConnection.Refusal) in
        var remains = Remains()
        remains[JobQuestion.runs] = try session.run(
          """
          SELECT tick, worker, (extract(epoch FROM began) * 1e6)::int8,
            coalesce((extract(epoch FROM ended) * 1e6)::int8, 0), failed::int4
          FROM job_runs ORDER BY began
          """
        ).map { row in row.map { Int64($0) ?? 0 } }
        return remains
      }
    }
  }
}
