internal import Glibc

/// A time of day of its own for the processes of a server, which can jump: libfaketime, loaded before them, adds to the
/// system's time what a file says at each look.
///
/// Only the time of day is another one: what a process measures by `CLOCK_MONOTONIC` runs on, as it does when an
/// administrator or NTP sets a clock. Each look reads the file (no cache), so that a jump is seen by the next one.
struct ServerClock {
  private let path: String

  /// The clock of a member of a server.
  init(of member: Int, in directory: PrivateDirectory) { path = directory.file(Self.name(of: member)) }

  /// The file that says how far the clock is ahead.
  static func name(of member: Int) -> String { "clock-\(member)" }

  /// What the file says: always as long, so that it is overwritten at once.
  static func text(_ offset: Duration) -> String {
    let milliseconds = Int64(offset / .milliseconds(1))
    let digits = String(abs(milliseconds))
    let padded = String(repeating: "0", count: max(0, 15 - digits.count)) + digits
    return (milliseconds < 0 ? "-" : "+") + padded.dropLast(3) + "." + padded.suffix(3) + "s\n"
  }

  /// Puts the clock so far ahead of the system's, or behind it.
  func set(_ offset: Duration) throws(ServiceFailure) {
    let text = Self.text(offset)
    let descriptor = try Descriptor.open(path, O_WRONLY)
    guard
      Array(text.utf8).withUnsafeBytes({ pwrite(descriptor.number, $0.baseAddress, $0.count, 0) }) == text.utf8.count
    else { throw ServiceFailure("cannot write \(path): \(systemErrorText())") }
  }

  /// What the processes are started with.
  ///
  /// The C library comes next for the sake of Redis: its allocator, jemalloc, looks at the clock before libfaketime is
  /// there, which needs memory to begin with; neither would ever start. So Redis gets the allocator of the C library.
  /// The last one keeps the library from taking waits by a monotonic clock for waits by the time of day, as it does on its
  /// own account when that clock is left alone: every one of Java's then lasts far too long (ZooKeeper made 1 change a
  /// second instead of 40).
  func environment() throws(ServiceFailure) -> [String] {
    [
      "LD_PRELOAD=\(try Self.library()):libc.so.6", "FAKETIME_TIMESTAMP_FILE=\(path)", "FAKETIME_NO_CACHE=1",
      "FAKETIME_DONT_FAKE_MONOTONIC=1", "FAKETIME_FORCE_MONOTONIC_FIX=0",
    ]
  }

  /// Where Debian has the library, in a folder for each architecture.
  static func library() throws(ServiceFailure) -> String {
    let candidates = namesOfFiles(in: "/usr/lib").map { "/usr/lib/\($0)/faketime/libfaketimeMT.so.1" }
    if let found = candidates.first(where: { access($0, R_OK) == 0 }) { return found }
    throw ServiceFailure("a server with a clock of its own needs libfaketime: apt-get install libfaketime")
  }
}
