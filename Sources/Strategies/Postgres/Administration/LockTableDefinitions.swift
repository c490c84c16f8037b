/// The tables of locks that live in rows; made with the table `records`, empty at the start of each trial.
enum LockTableDefinitions {
  /// Names and columns.
  static let all: [(name: String, columns: String)] = [
    (
      "lock_rows",
      """
      name int4 PRIMARY KEY, status text NOT NULL, owner int8 NOT NULL, until timestamptz NOT NULL,
      fence int8 NOT NULL
      """
    ),
    (
      "leases",
      """
      name int4 PRIMARY KEY, holder int8 NOT NULL, duration int8 NOT NULL, transitions int8 NOT NULL,
      version int8 NOT NULL
      """
    ),
    ("leaders", "name int4 PRIMARY KEY, leader int8 NOT NULL, heartbeat timestamptz NOT NULL"),
    ("lock_keys", "name int4 PRIMARY KEY, owner int8 NOT NULL"),
    // As ShedLock documents it.
    (
      "shedlock",
      """
      name varchar(64) NOT NULL PRIMARY KEY, lock_until timestamp(3) NOT NULL, locked_at timestamp(3) NOT NULL,
      locked_by varchar(255) NOT NULL
      """
    ),
    // As Spring Integration's schema, but for time zones.
    (
      "int_lock",
      """
      lock_key char(36) NOT NULL, region varchar(100) NOT NULL, client_id char(36),
      created_date timestamptz NOT NULL, expired_after timestamptz NOT NULL,
      CONSTRAINT int_lock_pk PRIMARY KEY (lock_key, region)
      """
    ),
  ]
}
