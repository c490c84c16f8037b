internal import Model
internal import Runtime

/// The first operations of a history, as a whole that can be judged by itself, in memory that is bounded.
///
/// It ends at a moment. What was sent later is left out: nothing that had ended by then can have seen it. What had not
/// ended by then may have taken effect.
struct HistoryBeginning {
  /// Elements of lists that are kept: 128 MB.
  private static let mostElements = 1 << 24

  private let header: HistoryHeader
  private let most: Int
  private var operations: [RecordedOperation] = []
  private var elements = 0
  /// Nil as long as everything is kept.
  private var limit: Int64?

  /// - Parameter most: operations that are kept; a few more may be open when the last of them ends.
  init(_ header: HistoryHeader, most: Int) {
    self.header = header
    self.most = most
  }

  /// Takes what comes next in order of time.
  mutating func add(_ moment: RecordedTrial.Moment) {
    guard case .ended(var operation, let end) = moment else { return }
    if let limit {
      guard operation.invoke <= limit else { return }
      if operation.ending == .ok { (operation.ending, operation.end) = (.info, nil) }
    }
    operations.append(operation)
    for case .list(let seen) in operation.accesses.map(\.action) { elements += seen.count }
    if limit == nil && (operations.count >= most || elements >= Self.mostElements) { limit = end }
  }

  /// - Parameter missing: operations that ran and were not recorded.
  func history(missing: Int) -> History { History(header: header, operations: operations, dropped: missing) }
}
