/// The tables with which services tell each other about sagas: one of each in every database. Made with the table
/// `records`, empty at the start of each trial.
enum ChoreographyTables {
  /// Names and columns.
  static let all: [(name: String, columns: String)] = [
    // What a service has to say, written in the transaction of its step; removed when the transport keeps it.
    (
      "saga_outbox",
      """
      saga int8, event int4, service int4 NOT NULL, data int8[] NOT NULL,
      written timestamptz NOT NULL DEFAULT clock_timestamp(), PRIMARY KEY (saga, event)
      """
    ),
    // What others have told a service, where the transport is its database; removed in the transaction of its step.
    (
      "saga_inbox",
      """
      saga int8, event int4, data int8[] NOT NULL, arrival int8 GENERATED ALWAYS AS IDENTITY UNIQUE,
      PRIMARY KEY (saga, event)
      """
    ),
    ("saga_dead_letters", "saga int8, event int4, data int8[] NOT NULL, PRIMARY KEY (saga, event)"),
  ]
}
