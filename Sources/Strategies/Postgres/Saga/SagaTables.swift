/// The tables of sagas: in every database that of its steps, and in the first one that of the orchestrator. Made with the
/// table `records`, empty at the start of each trial.
enum SagaTables {
  /// Names and columns.
  static let all: [(name: String, columns: String)] = [
    (
      "saga_instances",
      "saga int8 PRIMARY KEY, state int4 NOT NULL, step int4 NOT NULL, steps int4 NOT NULL, data int8[] NOT NULL"
    ),
    // A row without an effect is a tombstone: its step was undone before it came.
    (
      "saga_steps",
      "saga int8, step int4, applied int4 NOT NULL, undone int4 NOT NULL, PRIMARY KEY (saga, step)"
    ),
  ]
}

/// How far a saga has come, as its row says.
enum SagaState: Int64, Sendable {
  /// Steps are being done.
  case running = 0
  /// Steps are being undone.
  case compensating = 1
  /// Every step is done.
  case finished = 2
  /// Every step that was done is undone.
  case compensated = 3
  /// A step that was done cannot be undone: somebody has to look at it.
  case stuck = 4
}
