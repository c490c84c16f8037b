#if DynamoDB
internal import NetworkTransport
internal import Model

/// What a request to DynamoDB got.
enum Answer {
  /// Status 200, with the object that the body holds.
  case success(JSONValue)
  /// Another status.
  ///
  /// - Parameters:
  ///   - name: of the exception, without its namespace.
  ///   - reasons: codes of the items of a transaction that was cancelled.
  case refused(status: Int, name: String, message: String, reasons: [String])
  /// The connection was lost, or could not be made.
  ///
  /// - Parameter wasSent: whether the server may have the request.
  case lost(wasSent: Bool)

  /// Reads what came back.
  init(_ answer: HTTPAnswer) {
    guard case .response(let status, let body) = answer else {
      if case .lost(wasSent: false) = answer { self = .lost(wasSent: false) } else { self = .lost(wasSent: true) }
      return
    }
    let value = JSONValue(body[...])
    if status == 200, let value {
      self = .success(value)
    } else {
      let type = value?["__type"]?.text ?? ""
      self = .refused(
        status: status, name: type.split(separator: "#").last.map(String.init) ?? "status \(status)",
        message: value?["message"]?.text ?? value?["Message"]?.text ?? "no reason given",
        reasons: (value?["CancellationReasons"]?.elements ?? []).compactMap { $0["Code"]?.text })
    }
  }

  /// Whether it is this exception.
  func isRefusal(named expected: String) -> Bool {
    if case .refused(_, expected, _, _) = self { true } else { false }
  }

  /// Whether a condition did not hold; in a transaction, one of an item.
  var isConditionFailed: Bool {
    guard case .refused(_, let name, _, let reasons) = self else { return false }
    return name == "ConditionalCheckFailedException" || reasons.contains("ConditionalCheckFailed")
  }

  /// How the attempt failed; nil for a success.
  ///
  /// - Parameter decides: whether the request may have had its effect when its answer was lost.
  /// Source: AWS, "Error handling with DynamoDB", table of exceptions.
  func failure(decides: Bool) -> AttemptFailure? {
    switch self {
    case .success: nil
    case .lost(let wasSent): wasSent && decides ? .ambiguous : .connectionLost
    case .refused where isConditionFailed: .conflict
    case .refused(let status, _, _, _) where status >= 500: decides ? .ambiguous : .connectionLost
    case .refused(_, let name, _, let reasons): Self.failure(named: name, reasons)
    }
  }

  /// What an exception means that refuses the request as a whole.
  private static func failure(named name: String, _ reasons: [String]) -> AttemptFailure {
    switch name {
    case "TransactionConflictException", "TransactionInProgressException": .conflict
    // Not carried out: the service wants less of us.
    case "ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded": .notAcquired
    case "TransactionCanceledException" where reasons.contains("TransactionConflict"): .conflict
    case "TransactionCanceledException"
    where !Set(reasons).isDisjoint(with: ["ThrottlingError", "ProvisionedThroughputExceeded"]):
      .notAcquired
    default: .error
    }
  }

  /// What to show.
  var text: String {
    switch self {
    case .success: "success"
    case .refused(_, let name, let message, _): "\(name): \(message)"
    case .lost: "the connection was lost"
    }
  }
}
#endif
