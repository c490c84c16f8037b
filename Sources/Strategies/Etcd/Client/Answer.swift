#if Etcd
internal import Model

/// What a call got.
enum Answer<Response: DecodableMessage> {
  case success(Response)
  /// The server has refused it, or has broken it off; the code is that of gRPC, -1 for what is not gRPC.
  case refused(code: Int64, message: String)
  /// The connection was lost, or could not be made.
  ///
  /// - Parameter wasSent: whether the server may have the request.
  case lost(wasSent: Bool)
  /// The moment has passed until which the answer was waited for.
  case late

  /// Reads how a call has ended that is answered once.
  init(_ session: GRPCSession) {
    if session.wasRefusedUnseen {
      self = .lost(wasSent: false)
    } else if session.code == 0, let bytes = session.takeMessage() {
      self.init(message: bytes)
    } else {
      self = .refused(
        code: session.code == 0 ? -1 : session.code ?? -1,
        message: session.message.isEmpty ? "an answer without message" : session.message)
    }
  }

  /// Reads a message of the server.
  init(message bytes: ArraySlice<UInt8>) {
    do throws(DamagedMessage) {
      self = .success(try Response(bytes))
    } catch {
      self = .refused(code: -1, message: "an answer that cannot be read")
    }
  }

  /// How the attempt failed; nil for a success.
  ///
  /// - Parameter decides: whether the request may have had its effect when its answer was lost. The codes are those that
  ///   etcd's own client does not take for a failure of a mutation (`clientv3/retry.go`).
  func failure(decides: Bool) -> AttemptFailure? {
    switch self {
    case .success: nil
    case .late: .notAcquired
    case .lost(let wasSent): wasSent && decides ? .ambiguous : .connectionLost
    // NOT_FOUND: the lease has expired.
    case .refused(code: 5, _): .leaseLost
    // RESOURCE_EXHAUSTED: too many requests; not carried out.
    case .refused(code: 8, _): .connectionLost
    // UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, UNKNOWN: no leader, or it has changed meanwhile.
    case .refused(code: 14, _), .refused(code: 4, _), .refused(code: 1, _), .refused(code: 2, _):
      decides ? .ambiguous : .connectionLost
    case .refused: .error
    }
  }

  /// What to show.
  var text: String {
    switch self {
    case .success: "success"
    case .refused(_, let message): message
    case .lost: "the connection was lost"
    case .late: "no answer in time"
    }
  }
}
#endif
