@preconcurrency internal import Glibc
internal import Model
internal import Runtime
internal import Synchronization

/// One connection of a client and the one to the server that belongs to it.
final class Connection {
  let link: ProxyLink
  let client: Socket
  private(set) var server = Socket(-1)
  private var requests: Flow?
  private var answers: Flow?
  private var pending: PendingConnection?
  /// Until then a server that refuses is tried again.
  private var deadline: Int64 = 0
  private var reader: RequestReader?
  /// The request that it was cut at is with the server, which has not finished it.
  private var unfinished: ArmedCut?
  private var state = State.open
  /// Nothing of it passes, as long as others of its link do.
  var isHeld = false

  private enum State {
    case open
    /// Neither side is read or told; what was on its way to the server arrives.
    case blackHole
    /// The server finishes what it has got and is told that nothing more comes; the client hears nothing, and of the end
    /// when the server has finished.
    case finishing
    /// The client is gone and the server was not told.
    case halfOpen
    case closed
  }

  init(_ link: ProxyLink, _ client: Socket) {
    self.link = link
    self.client = client
    reader = link.wire?.makeReader()
  }

  var isClosed: Bool { state == .closed }
  var isHalfOpen: Bool { state == .halfOpen }

  /// Whether a direction is read.
  func isRead(isRequests: Bool) -> Bool {
    switch state {
    case .open: true
    case .finishing, .halfOpen: !isRequests
    case .blackHole, .closed: false
    }
  }

  // MARK: the way to the server

  /// Begins to connect to the server.
  func connect(_ loop: ProxyLoop) {
    pending = PendingConnection(link.target)
    deadline = link.patience == 0 ? 0 : monotonicNow() &+ link.patience
    advance(loop)
  }

  /// Looks how far the connection to the server has come.
  func advance(_ loop: ProxyLoop) {
    guard let pending, state != .closed else { return }
    switch pending.advance() {
    case .waiting:
      loop.awaiting.append(self)
    case .failed(let error):
      self.pending = nil
      if error == ProxyLoop.again || (error == ECONNREFUSED && monotonicNow() < deadline) { return connectLater(loop) }
      close(loop, resetting: true)
    case .connected:
      self.pending = nil
      server = Socket(pending.take())
      requests = Flow(client, server, isRequests: true)
      answers = Flow(server, client, isRequests: false)
      loop.add(server, .connection(self))
      pump(loop)
    }
  }

  /// The queue of a unix socket is full: a thousand workers connect at once. Or a server is about to listen.
  private func connectLater(_ loop: ProxyLoop) {
    pending = PendingConnection(link.target)
    loop.awaiting.append(self)
  }

  /// Lets pass what was held, and connects if it has not come to that.
  func release(_ loop: ProxyLoop) {
    isHeld = false
    if requests == nil && pending == nil && state == .open { connect(loop) } else { pump(loop) }
  }

  // MARK: passing on

  /// Moves what can be moved, both ways.
  func pump(_ loop: ProxyLoop) {
    guard let requests, let answers else { return }
    requests.pump(self, loop)
    answers.pump(self, loop)
  }

  /// Takes a piece that a flow has read.
  func take(_ piece: UnsafeRawBufferPointer, _ flow: Flow, _ loop: ProxyLoop) {
    guard state == .open else { return }
    if reader == nil { return flow.append(piece, link, loop) }
    if flow.isRequests {
      takeRequests(piece, flow, loop)
    } else {
      reader?.readAnswer(piece)
      flow.append(piece, link, loop)
    }
  }

  private func takeRequests(_ piece: UnsafeRawBufferPointer, _ flow: Flow, _ loop: ProxyLoop) {
    var chosen: ArmedCut?
    var cut: (cut: ArmedCut, at: Int)?
    var slowed: (start: Int, cut: ArmedCut)?
    reader?.read(piece) { text in
      chosen = link.cuts.first { $0.chooses(text) }
    } message: { range, event in
      defer { chosen = nil }
      if let found = chosen {
        switch found.selection.moment {
        case .beforeForwarding:
          if case .delay = found.means {
            slowed = slowed ?? (range.lowerBound, found)
          } else {
            cut = (found, range.lowerBound)
          }
        case .beforeReply where event == .completeRequest: cut = (found, range.upperBound)
        case .beforeReply: unfinished = found
        }
      } else if event == .completion, let finished = unfinished {
        cut = (finished, range.upperBound)
      }
      return cut == nil
    }
    if let slowed {
      flow.append(UnsafeRawBufferPointer(rebasing: piece[..<slowed.start]), link, loop)
      flow.notBefore = loop.now + link.sample(slowed.cut.means)
      slowed.cut.tally.value.add(1, ordering: .relaxed)
      flow.append(UnsafeRawBufferPointer(rebasing: piece[slowed.start...]), link, loop)
    } else {
      flow.append(UnsafeRawBufferPointer(rebasing: piece[..<(cut?.at ?? piece.count)]), link, loop)
    }
    guard let cut else { return }
    if case .delay = cut.cut.means, let answers {
      flow.append(UnsafeRawBufferPointer(rebasing: piece[cut.at...]), link, loop)
      answers.notBefore = loop.now + link.sample(cut.cut.means)
      cut.cut.tally.value.add(1, ordering: .relaxed)
      unfinished = nil
    } else {
      apply(cut.cut, loop)
    }
  }

  // MARK: cutting

  private func apply(_ cut: ArmedCut, _ loop: ProxyLoop) {
    cut.tally.value.add(1, ordering: .relaxed)
    unfinished = nil
    answers?.lose()
    switch cut.means {
    case .blackHole:
      state = .blackHole
      cut.held.append(self)
    case .halfOpen:
      state = .halfOpen
      client.reset()
      cut.held.append(self)
    case .reset, .refuse, .delay, .slowReader:
      state = .finishing
      requests?.end(link, loop)
      if cut.selection.moment == .beforeForwarding { client.reset() }
    }
    requests?.flush(self, loop)
  }

  /// Cuts it wherever it is.
  func cut(_ means: CutMeans, _ loop: ProxyLoop) {
    switch means {
    case .halfOpen where state == .open:
      state = .halfOpen
      answers?.lose()
      client.reset()
    case .halfOpen: break
    case .reset, .refuse, .blackHole, .delay, .slowReader: close(loop, resetting: true)
    }
  }

  /// One direction has come to its end.
  func flowHasEnded(_ loop: ProxyLoop) {
    switch state {
    case .finishing, .halfOpen:
      if answers?.sourceHasEnded == true { close(loop, resetting: true) }
    case .open:
      if requests?.sinkWasTold == true && answers?.sinkWasTold == true { close(loop) }
    case .blackHole, .closed: break
    }
  }

  /// Ends both sides.
  func close(_ loop: ProxyLoop, resetting: Bool = false) {
    guard state != .closed else { return }
    state = .closed
    pending = nil
    for socket in [client, server] {
      if resetting { socket.reset() } else { socket.close() }
      loop.remove(socket)
    }
    link.connections.removeValue(forKey: ObjectIdentifier(self))
  }
}
