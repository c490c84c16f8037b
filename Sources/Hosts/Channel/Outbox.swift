/// What is to be sent and has not gone: frames in their order, of which pings and their answers go before the next piece.
struct Outbox {
  /// Pings and pongs.
  private var urgent: [ChannelFrame] = []
  private var frames: [ChannelFrame] = []
  /// How many at the front of `frames` have gone as a whole.
  private var done = 0
  /// How much of the payload of the frame at the front has been taken.
  private var taken = 0
  /// The piece that is being sent, and how much of it has gone.
  private var piece: [UInt8] = []
  private var sent = 0
  /// Payload bytes that have not been taken into a piece.
  private var waiting = 0

  /// Whether all has gone.
  var isEmpty: Bool { sent == piece.count && urgent.isEmpty && done == frames.count }
  /// Bytes that have not gone, headers left out.
  var count: Int { piece.count - sent + waiting }

  /// Adds a frame, of which nothing is copied yet.
  mutating func append(_ frame: ChannelFrame) {
    if frame.kind == .ping || frame.kind == .pong { urgent.append(frame) } else { frames.append(frame) }
    waiting += frame.payload.count
  }

  /// Hands over the bytes that go next until all have gone or the writer takes no more.
  ///
  /// - Parameter write: says how many of the bytes it has taken; 0 for none now.
  mutating func write(_ write: (UnsafeRawBufferPointer) throws(HostFailure) -> Int) throws(HostFailure) {
    while !isEmpty {
      if sent == piece.count { takeNextPiece() }
      var count = 0
      do {
        count = try piece.withUnsafeBytes { try write(UnsafeRawBufferPointer(rebasing: $0[sent...])) }
      } catch let failure as HostFailure {
        throw failure
      } catch {
        return
      }
      if count == 0 { return }
      sent += count
    }
  }

  private mutating func takeNextPiece() {
    sent = 0
    if !urgent.isEmpty {
      let frame = urgent.removeFirst()
      fill(with: frame, from: 0, count: frame.payload.count)
      return
    }
    let frame = frames[done]
    let left = frame.payload.count - taken
    let count = frame.kind == .evidence ? min(left, FrameHeader.pieceSize) : left
    fill(with: frame, from: taken, count: count)
    taken += count
    guard taken == frame.payload.count else { return }
    taken = 0
    // Frees the payload now, the place in the list now and then.
    frames[done].payload = []
    done += 1
    if done == frames.count || done >= 64 {
      frames.removeFirst(done)
      done = 0
    }
  }

  private mutating func fill(with frame: ChannelFrame, from start: Int, count: Int) {
    waiting -= count
    frame.payload.withUnsafeBytes { all in
      let part = UnsafeRawBufferPointer(rebasing: all[start..<start + count])
      let header = FrameHeader(
        kind: frame.kind, trial: frame.trial, isContinued: start + count < all.count, payload: part)
      piece.removeAll(keepingCapacity: true)
      piece.append(contentsOf: header.bytes)
      piece.append(contentsOf: part)
    }
  }
}
