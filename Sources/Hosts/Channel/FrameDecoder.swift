/// Makes frames of bytes as they arrive.
///
/// Holds at most one frame that is not complete: nothing is kept of what exceeds its limit, which is refused as soon as
/// the header is there.
struct FrameDecoder {
  /// For the messages.
  let peer: String
  private var buffer: [UInt8] = []
  /// How much of the buffer has been used.
  private var used = 0
  /// The pieces of evidence so far.
  private var joined: ChannelFrame?

  /// Of a connection on which nothing has arrived.
  init(peer: String) { self.peer = peer }

  /// Whether nothing of a frame has arrived that is not complete.
  var isBetweenFrames: Bool { used == buffer.count && joined == nil }

  /// Adds what has arrived.
  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    if used == buffer.count {
      buffer.removeAll(keepingCapacity: true)
      used = 0
    } else if used > 1 << 20 {
      buffer.removeFirst(used)
      used = 0
    }
    buffer.append(contentsOf: bytes)
  }

  /// The next frame that is complete; nil when there is none.
  ///
  /// - Throws: when what has arrived was damaged or exceeds a limit; what follows then makes no sense.
  mutating func next() throws(HostFailure) -> ChannelFrame? {
    while buffer.count - used >= FrameHeader.size {
      let read: FrameHeader? = buffer.withUnsafeBytes { FrameHeader(UnsafeRawBufferPointer(rebasing: $0[used...])) }
      guard let header = read else { throw damage("a message that no worker or driver of contend sends") }
      let start = used + FrameHeader.size
      guard buffer.count - start >= header.length else { return nil }
      let isIntact = buffer.withUnsafeBytes {
        header.sum(UnsafeRawBufferPointer(rebasing: $0[start..<start + header.length])) == header.checksum
      }
      guard isIntact else { throw damage("a message with a wrong checksum") }
      used = start + header.length
      let payload = buffer[start..<used]
      if header.kind != .evidence {
        return ChannelFrame(kind: header.kind, trial: header.trial, payload: Array(payload))
      }
      if let frame = try join(header, payload) { return frame }
    }
    return nil
  }

  private mutating func join(
    _ header: FrameHeader, _ payload: ArraySlice<UInt8>
  ) throws(HostFailure) -> ChannelFrame? {
    let sofar = joined?.payload.count ?? 0
    guard joined == nil || joined?.trial == header.trial else { throw damage("pieces of two trials in one message") }
    guard sofar + payload.count <= header.kind.limit else { throw damage("more than 1 GiB in one message") }
    if joined == nil {
      if !header.isContinued { return ChannelFrame(kind: .evidence, trial: header.trial, payload: Array(payload)) }
      joined = ChannelFrame(kind: .evidence, trial: header.trial, payload: [])
    }
    joined?.payload.append(contentsOf: payload)
    if header.isContinued { return nil }
    defer { joined = nil }
    return joined
  }

  private func damage(_ what: String) -> HostFailure {
    HostFailure(.damaged, "\(peer) has sent \(what): use the same build on all hosts, and look at their network")
  }
}
