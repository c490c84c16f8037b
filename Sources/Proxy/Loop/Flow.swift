@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// One direction of a connection: a line on which bytes travel for as long as the distance says, any number at a time,
/// and arrive in order.
final class Flow {
  let source: Socket
  let sink: Socket
  /// Whether it goes from the client to the server.
  let isRequests: Bool
  /// The entry of the loop's heap that is valid; `.max` for none.
  var scheduled = Int64.max
  /// Nothing that is taken from now on arrives before.
  var notBefore: Int64 = 0
  private(set) var sourceHasEnded = false
  private(set) var sinkWasTold = false

  private var bytes: [UInt8] = []
  private var head = 0
  private var segments: [(count: Int, due: Int64)] = []
  private var firstSegment = 0
  private var lastDue: Int64 = 0
  private var endDue: Int64 = 0

  /// What is on its way at most: a sender that is faster than the receiver must wait in the end.
  private static let capacity = 1 << 20
  private static let slowCapacity = 8192

  init(_ source: Socket, _ sink: Socket, isRequests: Bool) {
    self.source = source
    self.sink = sink
    self.isRequests = isRequests
  }

  private var queued: Int { bytes.count - head }

  /// Reads what has arrived as far as there is room, and sends what is due.
  func pump(_ connection: Connection, _ loop: ProxyLoop) {
    let link = connection.link
    if link.isHeld || connection.isHeld || connection.isClosed { return }
    loop.now = monotonicNow()
    // What was sent has made room for more, of which no event will tell.
    repeat {
      if connection.isRead(isRequests: isRequests) { read(connection, loop) }
      flush(connection, loop)
    } while connection.isRead(isRequests: isRequests) && source.isReadable && source.isOpen && !sourceHasEnded
      && queued < capacity(connection.link)
  }

  private func capacity(_ link: ProxyLink) -> Int {
    link.bytesPerSecond != nil && !isRequests ? Self.slowCapacity : Self.capacity
  }

  private func read(_ connection: Connection, _ loop: ProxyLoop) {
    let isSlow = connection.link.bytesPerSecond != nil && !isRequests
    let capacity = capacity(connection.link)
    while source.isReadable, source.isOpen, queued < capacity, !sourceHasEnded {
      let wanted = isSlow ? min(capacity - queued, loop.scratch.count) : loop.scratch.count
      let count = recv(source.descriptor, loop.scratch.baseAddress, wanted, 0)
      if count > 0 {
        // What fills less than was offered was all of it; another event tells of more, but not of the end that has come.
        if count < wanted && !source.hasHungUp { source.isReadable = false }
        connection.take(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(loop.scratch)[..<count]), self, loop)
      } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
        end(connection.link, loop)
      } else if errno == EAGAIN {
        source.isReadable = false
      }
    }
  }

  /// Nothing more comes; the receiver is told when everything on the line has arrived.
  func end(_ link: ProxyLink, _ loop: ProxyLoop) {
    guard !sourceHasEnded else { return }
    sourceHasEnded = true
    endDue = arrival(of: 0, link, loop)
  }

  /// Loses everything on the line.
  func lose() {
    bytes = []
    segments = []
    (head, firstSegment) = (0, 0)
  }

  /// When what is taken now arrives.
  private func arrival(of count: Int, _ link: ProxyLink, _ loop: ProxyLoop) -> Int64 {
    let delay = link.delay(isRequests: isRequests)
    var moment = loop.now
    if delay > 0 {
      moment = moment &+ delay &- loop.lag
      moment = max(loop.now, moment &- link.drowsiness(isRequests: isRequests, at: moment, loop.lead))
    }
    var due = max(moment, notBefore, lastDue)
    if let rate = link.bytesPerSecond, !isRequests {
      due = max(due, loop.now) &+ Int64(Double(count) / Double(rate) * 1e9)
    }
    lastDue = due
    return due
  }

  /// Puts bytes on the line.
  func append(_ piece: UnsafeRawBufferPointer, _ link: ProxyLink, _ loop: ProxyLoop) {
    guard !piece.isEmpty else { return }
    let due = arrival(of: piece.count, link, loop)
    var rest = piece
    if queued == 0 && due <= loop.now && sink.isWritable && sink.isOpen {
      let sent = send(sink.descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
      if sent == rest.count { return }
      if sent > 0 { rest = UnsafeRawBufferPointer(rebasing: rest[sent...]) }
      sink.isWritable = false
    }
    bytes.append(contentsOf: rest)
    if segments.count > firstSegment, segments[segments.count - 1].due == due {
      segments[segments.count - 1].count += rest.count
    } else {
      segments.append((rest.count, due))
    }
  }

  /// Sends what is due; asks to be called again when there is more to come.
  func flush(_ connection: Connection, _ loop: ProxyLoop) {
    while sink.isOpen, sink.isWritable, let due = dueCount(loop.now &+ loop.horizon) {
      let sent = bytes[head..<(head + due)].withUnsafeBytes {
        send(sink.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if sent < 0 && errno == EINTR { continue }
      if sent < 0 {
        sink.isWritable = false
        // The receiver has gone: what is on its way reaches nobody.
        if errno != EAGAIN { return connection.close(loop) }
        break
      }
      connection.link.deliver(isRequests: isRequests, at: loop.now)
      drop(sent)
      if sent < due { sink.isWritable = false }
    }
    let next = firstSegment < segments.count ? segments[firstSegment].due : sourceHasEnded ? endDue : .max
    if queued == 0 && sourceHasEnded && !sinkWasTold && endDue <= loop.now &+ loop.horizon {
      sinkWasTold = true
      sink.finish()
      connection.flowHasEnded(loop)
    } else if next != .max && next > loop.now &+ loop.horizon && next != scheduled {
      scheduled = next
      loop.heap.insert(next, self, connection)
    }
  }

  /// How many bytes are due; nil when none are.
  private func dueCount(_ now: Int64) -> Int? {
    var count = 0
    var index = firstSegment
    while index < segments.count, segments[index].due <= now {
      count += segments[index].count
      index += 1
    }
    return count == 0 ? nil : count
  }

  private func drop(_ count: Int) {
    head += count
    var left = count
    while left > 0 {
      if segments[firstSegment].count > left {
        segments[firstSegment].count -= left
        break
      }
      left -= segments[firstSegment].count
      firstSegment += 1
    }
    if head == bytes.count {
      bytes.removeAll(keepingCapacity: true)
      segments.removeAll(keepingCapacity: true)
      (head, firstSegment) = (0, 0)
    } else if head > 1 << 16 {
      bytes.removeSubrange(..<head)
      segments.removeSubrange(..<firstSegment)
      (head, firstSegment) = (0, 0)
    }
  }
}
