public import Model

/// What is written down about who leads: the `spec` of a Kubernetes `Lease`, and its `resourceVersion`.
///
/// Times of renewal are not among it: candidates see that a record has changed, and go by their own clock.
public struct LeaseRecord: Sendable, Equatable {
  /// The identity of the leader; 0 when the office was given back.
  public var holder: Int64
  /// How long others wait after they have seen a change, in nanoseconds.
  public var duration: Int64
  /// How often the holder has changed.
  public var transitions: Int64
  /// The version in which it was read; 0 for one that is not stored.
  public var version: Int64

  /// Makes a record.
  public init(holder: Int64, duration: Int64, transitions: Int64, version: Int64 = 0) {
    self.holder = holder
    self.duration = duration
    self.transitions = transitions
    self.version = version
  }
}

/// Where such records are kept: anything that can read, create, and replace what has not changed.
public protocol LeaseRecords: WorkerSession, ~Copyable {
  /// The record; nil when there is none.
  mutating func get(_ key: Int32) async throws(AttemptFailure) -> LeaseRecord?
  /// Stores the first record. Returns its version; nil when there is one already.
  mutating func create(_ key: Int32, _ record: LeaseRecord) async throws(AttemptFailure) -> Int64?
  /// Replaces the record if it still has the version of this one. Returns the new version; nil when it has changed.
  mutating func update(_ key: Int32, _ record: LeaseRecord) async throws(AttemptFailure) -> Int64?
  /// Ends the session.
  mutating func end() async
}

extension LeaseRecords where Self: ~Copyable {
  /// Nothing to do where a connection is closed with its owner.
  public mutating func end() async {}
}
