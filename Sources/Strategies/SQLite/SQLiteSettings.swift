#if SQLite
internal import Model
internal import Runtime

/// What every strategy of this backend lets a scenario choose.
struct SQLiteSettings: Sendable {
  let journal: String
  let synchronous: String
  let busyTimeout: Duration

  static let options = [
    OptionSpecification(
      "journal", .word(["wal", "delete"]), default: .word("wal"),
      "wal: readers and one writer side by side; delete: SQLite's default, a writer waits for readers."),
    OptionSpecification(
      "synchronous", .word(["full", "normal", "off"]), default: .word("full"),
      "full: every commit is synced; normal: a WAL loses its last commits when the power fails; off: no syncs."),
    OptionSpecification(
      "busy-timeout", .duration(.zero ... .seconds(3600)), default: .duration(.seconds(5)),
      "How long a statement polls for a lock of others before it fails with SQLITE_BUSY."),
  ]

  /// Options of a strategy that has none of these, such as a lock in memory over this store, get the defaults.
  init(_ options: Options) {
    let complete = Options(Self.options, stated: options.values)
    journal = complete.word("journal")
    synchronous = complete.word("synchronous")
    busyTimeout = complete.duration("busy-timeout")
  }

  /// As SQLite takes it.
  var busyMilliseconds: Int32 { Int32(clamping: busyTimeout.nanoseconds / 1_000_000) }
}
#endif
