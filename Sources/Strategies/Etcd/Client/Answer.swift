#if Etcd
internal import HTTPClient
internal import Model

/// What a request to the gateway got.
enum Answer {
  /// Status 200, with the object that the body holds.
  case success(JSONValue)
  /// Another status; the code is that of gRPC.
  case refused(code: Int64, message: String)
  /// The connection was lost, or could not be made.
  ///
  /// - Parameter wasSent: whether the server may have the request.
  case lost(wasSent: Bool)
  /// The moment has passed until which the answer was waited for.
  case late

  /// Reads what came back.
  init(_ answer: HTTPAnswer) {
    switch answer {
    case .response(let status, let body): self.init(status: status, body: body)
    case .lost(let wasSent): self = .lost(wasSent: wasSent)
    case .late: self = .late
    }
  }

  private init(status: Int, body: [UInt8]) {
    let value = JSONValue(body[...])
    if status == 200, let value {
      self = .success(value)
    } else {
      self = .refused(
        code: value?["code"]?.number ?? -1, message: value?["message"]?.text ?? "status \(status) without a reason")
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
