#if MariaDB
internal import Model

/// `mariadb.script`: a user's own transactions.
extension MariaDBScripts {
  static let documentation = Documentation(
    introduction: """
      your own transactions, as pgbench scripts, on your own tables. What they promise is what you say must hold: the
      invariants of the workload `script`.
      """,
    algorithm: """
      each session uses the database of the scripts, in which the setup has made the tables, and the isolation that the
      scripts state (`--@ isolation`), else the server's. It prepares every statement when it opens, so that an error in
      one is told before anything runs, and sends values with their types; the mode `simple` puts them into the text,
      `extended` is the same as `prepared`, and a pipeline is the same as one statement after the other. `0 rows` counts
      rows that an `UPDATE` finds, changed or not. An operation is one run of one script. After 1020 (conflict), 1213
      (deadlock) and 1205 (lock timeout) the transaction is rolled back and the script runs again with the same drawn values
      and with the variables that it began with, as the retry policy says; other errors are failures, unless a rule of the
      statement (`--@ on 1062: conflict`) says otherwise.
      """,
    guarantees: """
      a lost answer to `COMMIT`, or to a statement that changes data outside a transaction, makes the operation unknown
      and is never repeated; after a lock timeout, which leaves the transaction open in MariaDB, it is rolled back, so that
      no half of an operation is committed; a transaction that is open at the end of a script is rolled back and is a failure.
      """,
    doesNotGuarantee: """
      anything about your data: that is what is measured. A script that names another database works there, and what it
      leaves there stays; functions and procedures with side effects are your own responsibility.
      """,
    failureWindow: "that of your transactions.",
    roundTrips: "one for each statement.",
    source: #"MariaDB manual, "Error Codes", "START TRANSACTION"; PostgreSQL manual, "pgbench"."#)

  static let descriptor = StrategyDescriptor(
    id: "mariadb.script", summary: "your own SQL: pgbench scripts with invariants", documentation: documentation,
    needs: ["mariadb"], store: "mariadb", options: MariaDBConfiguration.options + [.scriptVariant], scope: .network,
    threading: .perConnection, applicability: .script)
}
#endif
