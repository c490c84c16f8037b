/// The tables of payments; made with the table `records`, empty at the start of each trial.
enum PaymentTables {
  /// Names and columns.
  static let all: [(name: String, columns: String)] = [
    // What a service knows of a request: whose claim it is, since when (null when it is nobody's), and the response once
    // it is finished. Record and amount are what is needed to finish a request whose service died.
    (
      "idempotency_keys",
      """
      worker int4 NOT NULL, number int8 NOT NULL, record int4 NOT NULL, amount int8 NOT NULL, request int8 NOT NULL,
      owner int8 NOT NULL, locked_at timestamptz, response int8, PRIMARY KEY (worker, number)
      """
    ),
    // The same without the constraint that makes it safe.
    ("unguarded_keys", "worker int4 NOT NULL, number int8 NOT NULL, record int4 NOT NULL, response int8 NOT NULL"),
    // One row for every charge that was made, in the transaction that made it; never changed.
    (
      "charges",
      """
      worker int4 NOT NULL, number int8 NOT NULL, record int4 NOT NULL, amount int8 NOT NULL, response int8 NOT NULL
      """
    ),
  ]
}
