#if ZooKeeper
internal import CZooKeeper
internal import Model

/// What an answer says about a request: a code of `zookeeper.h`, 0 for success.
struct ResultCode: Equatable {
  let number: Int32

  static let success = ResultCode(ZOK)
  static let noNode = ResultCode(ZNONODE)
  static let nodeExists = ResultCode(ZNODEEXISTS)
  static let badVersion = ResultCode(ZBADVERSION)
  /// Not sent: there is no session.
  static let invalidState = ResultCode(ZINVALIDSTATE)

  init(_ code: ZOO_ERRORS) { number = code.rawValue }
  init(number: Int32) { self.number = number }

  /// Whether the session must be opened anew, or at least waited for.
  var breaksSession: Bool {
    switch ZOO_ERRORS(number) {
    case ZCONNECTIONLOSS, ZOPERATIONTIMEOUT, ZSESSIONEXPIRED, ZSESSIONMOVED, ZINVALIDSTATE, ZCLOSING, ZAUTHFAILED,
      ZRUNTIMEINCONSISTENCY:
      true
    default: false
    }
  }

  /// How the attempt failed.
  ///
  /// - Parameter decides: whether the request may have had its effect when its answer was lost.
  func failure(decides: Bool) -> AttemptFailure {
    if self == .badVersion { return .conflict }
    guard breaksSession else { return .error }
    // A handle whose session has expired sends nothing any more.
    return decides && self != .invalidState ? .ambiguous : .connectionLost
  }

  /// As the library says it.
  var text: String { zerror(number).map { String(cString: $0) } ?? "code \(number)" }
}
#endif
