#if Etcd
@preconcurrency internal import Glibc
internal import HTTPClient
internal import Model

/// The driver's connection, which blocks: one call at a time.
final class BlockingGRPCConnection {
  private(set) var endpoints: Endpoints
  private var descriptor: Int32 = -1
  private var session: GRPCSession?
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 1)

  /// How long to wait for an answer, in seconds.
  private static let patience = 10

  init(_ endpoints: Endpoints) { self.endpoints = endpoints }

  deinit {
    close()
    buffer.deallocate()
  }

  /// Makes a call that must succeed.
  func require<Call: Request>(_ request: Call) throws(SetupFailure) -> Call.Response {
    switch ask(request) {
    case .success(let response): return response
    case .lost: throw SetupFailure("cannot reach etcd at \(endpoints): is it running there?", isTransient: true)
    case let answer: throw SetupFailure("etcd at \(endpoints): \(answer.text)")
    }
  }

  /// Makes a call that is answered once; connects again when the server has closed the connection meanwhile, and asks the
  /// other servers when one does not answer.
  func ask<Call: Request>(_ request: Call) -> Answer<Call.Response> {
    var answer = attempt(request)
    for _ in 0..<endpoints.count {
      guard case .lost = answer else { break }
      answer = attempt(request)
    }
    return answer
  }

  private func attempt<Call: Request>(_ request: Call) -> Answer<Call.Response> {
    guard open(), let session, session.begin(Call.method) else {
      close()
      endpoints.moveOn()
      return .lost(wasSent: false)
    }
    session.send(request, isLast: true)
    while !session.isEnded {
      guard sendOutput(of: session), session.isAlive, let count = receive(),
        session.receive(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      else {
        close()
        endpoints.moveOn()
        return .lost(wasSent: true)
      }
    }
    return Answer(session)
  }

  private func sendOutput(of session: GRPCSession) -> Bool {
    session.flush()
    while !session.output.isEmpty {
      let count = send(descriptor, session.output, session.output.count, Int32(MSG_NOSIGNAL))
      if count <= 0 { return false }
      session.hasSent(count)
    }
    return true
  }

  // MARK: the socket

  private func open() -> Bool {
    if let session, !session.takesCalls { close() }
    if descriptor >= 0 { return true }
    guard let made = endpoints.current.connectedSocket(blocking: true) else { return false }
    descriptor = made
    var patience = timeval(tv_sec: Self.patience, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(made, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
    }
    session = GRPCSession(authority: endpoints.current.description)
    return true
  }

  /// How many bytes have arrived in the buffer; nil when the connection is lost.
  private func receive() -> Int? {
    let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
    return count > 0 ? count : nil
  }

  private func close() {
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
    session = nil
  }
}
#endif
