#if SQLite
internal import Model

/// `sqlite.script`: a user's own transactions.
extension SQLiteScripts {
  static let documentation = Documentation(
    introduction: """
      your own transactions, as pgbench scripts, on your own tables in a file of their own. What they promise is what you
      say must hold: the invariants of the workload `script`.
      """,
    algorithm: """
      each session opens the file of the scripts, which lies beside that of `services.sqlite` and in which the setup has made
      the tables, and compiles every statement, so that an error in one is told before anything runs. Values are bound
      with their types; the mode `simple` puts them into the text, `extended` is the same as `prepared`, and a pipeline is
      the same as one statement after the other, for there is no server. An operation is one run of one script. After
      `SQLITE_BUSY` (lock timeout) and `SQLITE_BUSY_SNAPSHOT` (conflict) the transaction is rolled back and the script runs
      again with the same drawn values and with the variables that it began with, as the retry policy says; other errors
      are failures, unless a rule of the statement (`--@ on 19: refused`, or with its extension `--@ on 2067: conflict`)
      says otherwise.
      """,
    guarantees: """
      an input/output error of `COMMIT`, or of a statement that changes data outside a transaction, makes the operation
      unknown and is never repeated; a transaction that is open at the end of a script is rolled back and is a failure.
      """,
    doesNotGuarantee: """
      anything about your data: that is what is measured. A plain `BEGIN` that has read may be refused the write lock however
      long `busy-timeout` is; `BEGIN IMMEDIATE` asks first.
      """,
    failureWindow: "that of your transactions.",
    roundTrips: "0; there is no server.",
    source: #"SQLite manual, "Result and Error Codes", "Transaction"; PostgreSQL manual, "pgbench"."#)

  static let descriptor = StrategyDescriptor(
    id: "sqlite.script", summary: "your own SQL: pgbench scripts with invariants", documentation: documentation,
    needs: ["sqlite"], store: "sqlite", options: SQLiteSettings.options + [.scriptVariant], scope: .host,
    threading: .perWorker, applicability: .script)
}
#endif
