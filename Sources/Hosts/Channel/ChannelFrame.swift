/// What a frame is about.
public enum FrameKind: UInt8, Sendable {
  /// JSON of the engine: assignment, ready, start, finished. At most 16 MiB.
  case control = 0
  /// Counters of one second. At most 64 KiB.
  case beat = 1
  /// What a host has found in a trial. At most 1 GiB; travels in pieces, between which pings pass.
  case evidence = 2
  /// Asks for the time of the other side. At most 64 KiB.
  case ping = 3
  /// Tells it. At most 64 KiB.
  case pong = 4

  /// The longest payload in bytes.
  var limit: Int {
    switch self {
    case .control: 16 << 20
    case .evidence: 1 << 30
    case .beat, .ping, .pong: FrameHeader.pieceSize
    }
  }
}

/// What is sent over a ``Channel`` as a whole.
public struct ChannelFrame: Sendable, Equatable {
  /// What it is about.
  public var kind: FrameKind
  /// The number of the trial; 0 for what belongs to none.
  public var trial: UInt32
  /// The content.
  public var payload: [UInt8]

  /// Makes a frame.
  public init(kind: FrameKind, trial: UInt32, payload: [UInt8]) {
    self.kind = kind
    self.trial = trial
    self.payload = payload
  }
}
