internal import Model

/// `postgres.script`: a user's own transactions.
extension PostgresScripts {
  static let documentation = Documentation(
    introduction: """
      your own transactions, as pgbench scripts, on your own tables. What they promise is what you say must hold: the
      invariants of the workload `script`.
      """,
    algorithm: """
      each session opens with the schema of the scripts as its only `search_path`, in which the setup has made the tables,
      and with the isolation that the scripts state (`--@ isolation`), else with the server's. In the mode `prepared` it
      prepares every statement then, so that an error in one is told before anything runs; `extended` sends the values
      beside the text, `simple` puts them into it, as pgbench does. An operation is one run of one script. After
      `40001` (conflict), `40P01` (deadlock) and `55P03` (lock timeout) the transaction is rolled back and the script runs
      again with the same drawn values and with the variables that it began with, as the retry policy says; other errors
      are failures, unless a rule of the statement (`--@ on 23505: conflict`) says otherwise.
      """,
    guarantees: """
      a lost answer to `COMMIT`, or to a statement that changes data outside a transaction, makes the operation unknown
      and is never repeated; a `COMMIT` that is answered with `ROLLBACK` is no commit; a transaction that is open at the
      end of a script is rolled back and is a failure.
      """,
    doesNotGuarantee: """
      anything about your data: that is what is measured. A script that names another schema works there, and what it
      leaves there stays; extensions, `COPY ... PROGRAM` and functions with side effects are your own responsibility.
      """,
    failureWindow: "that of your transactions.",
    roundTrips: "one for each statement; one for each pipeline.",
    source: #"PostgreSQL manual, "pgbench", "Custom Scripts"; appendix A, "PostgreSQL Error Codes"."#)

  static let descriptor = StrategyDescriptor(
    id: "postgres.script", summary: "your own SQL: pgbench scripts with invariants", documentation: documentation,
    needs: ["postgres"], store: "postgres", options: [.scriptVariant], scope: .network, threading: .perConnection,
    applicability: .script)
}
