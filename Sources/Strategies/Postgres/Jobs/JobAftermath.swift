internal import Checking
internal import Model
internal import Runtime

/// After a trial of a job: what its table says of every run, with the times of the server's clock as microseconds of
/// ``monotonicNow()``.
enum JobAftermath {
  /// Of a guard.
  static func of<Guard: TickGuard>(_: Guard.Type) -> Aftermath {
    Aftermath(judgedBy: [TickRuns(apart: Guard.keepsRunsApart)]) { (environment) throws(SetupFailure) in
      try AftermathSession.run(environment, "say what became of the runs") {
        (session) throws(AdministrationConnection.Refusal) in
        var remains = Remains()
        let now = monotonicNow() / 1000
        remains[JobQuestion.runs] = try session.run(
          """
          SELECT tick, worker, (extract(epoch FROM began - now()) * 1e6)::int8,
            (extract(epoch FROM ended - now()) * 1e6)::int8, failed::int4
          FROM job_runs ORDER BY began
          """
        ).map { row in
          let values = row.map { Int64($0) }
          return [
            values[0] ?? 0, values[1] ?? 0, now + (values[2] ?? 0), values[3].map { now + $0 } ?? 0, values[4] ?? 0,
          ]
        }
        return remains
      }
    }
  }
}
