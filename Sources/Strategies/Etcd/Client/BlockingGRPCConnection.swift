#if Etcd
internal import NetworkTransport
internal import Model

/// The driver's connection, which blocks: one call at a time.
final class BlockingGRPCConnection {
  private(set) var endpoints: Endpoints
  private let transport = BlockingTransport(application: "h2")
  private var session: GRPCSession?
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 1)

  init(_ endpoints: Endpoints) { self.endpoints = endpoints }

  deinit { buffer.deallocate() }

  /// Makes a call that must succeed.
  func require<Call: Request>(_ request: Call) throws(SetupFailure) -> Call.Response {
    switch ask(request) {
    case .success(let response): return response
    case .lost: throw endpoints.unreachable("etcd", transport.problem)
    case let answer: throw SetupFailure("etcd at \(endpoints): \(answer.text)")
    }
  }

  /// Makes a call that is answered once; connects again when the server has closed the connection meanwhile, and asks the
  /// other servers when one does not answer. All calls of the driver can be carried out twice: they put what is fixed,
  /// delete whatever is there, or read.
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
      guard sendOutput(of: session), session.isAlive, let count = transport.receive(into: buffer),
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
    guard transport.send(session.output) else { return false }
    session.hasSent(session.output.count)
    return true
  }

  private func open() -> Bool {
    if let session, !session.takesCalls { close() }
    if session != nil && transport.isOpen { return true }
    session = nil
    guard transport.open(endpoints.current) else { return false }
    session = GRPCSession(to: endpoints.current)
    return true
  }

  func close() {
    session = nil
    transport.close()
  }
}
#endif
