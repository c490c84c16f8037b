internal import Model

/// What an error reply of Redis means for an attempt: one table, by the first word of the reply.
///
/// Redis answers with an error before it has changed anything, so none of these leaves an effect behind.
enum ErrorReply: UInt8, Sendable {
  /// The server does not serve requests now: it loads its data, runs a script that does not end, waits for its cluster,
  /// has become a replica, or has too few replicas. The session is replaced, with growing pauses, until it does: not a `conflict`, because nobody has won,
  /// and because a policy without backoff would hammer the server.
  case notReady
  /// The server does not know the script: it was restarted or its cache flushed. Send the source instead.
  case missingScript
  /// Everything else, such as `OOM`, `MISCONF`, `NOAUTH`, `WRONGTYPE` or `EXECABORT`: a retry would not help.
  case rejected

  /// The codes that do not mean ``rejected``.
  private static let meanings: [(code: String, meaning: ErrorReply)] = [
    ("BUSY", .notReady), ("LOADING", .notReady), ("TRYAGAIN", .notReady), ("CLUSTERDOWN", .notReady),
    ("MASTERDOWN", .notReady), ("READONLY", .notReady), ("NOREPLICAS", .notReady), ("NOSCRIPT", .missingScript),
  ]

  /// The meaning of an error reply, given without its leading minus sign.
  init(_ text: UnsafeRawBufferPointer) {
    let code = text.prefix { $0 != UInt8(ascii: " ") }
    self = Self.meanings.first { $0.code.utf8.elementsEqual(code) }?.meaning ?? .rejected
  }

  /// How an attempt ends that met this error.
  var failure: AttemptFailure {
    switch self {
    case .notReady: .connectionLost
    case .missingScript, .rejected: .error
    }
  }
}
