public import Model

/// An expression over acknowledged sums and counts.
public struct ScriptBound: Sendable {
  /// A step: takes values from a stack and puts one there.
  enum Step: Sendable {
    case number(Double)
    /// What is acknowledged, by its position.
    case acknowledged(Int)
    /// Committed runs of a transaction, by its position.
    case count(Int)
    case add, subtract, multiply, divide
  }

  /// As it was stated.
  public let text: String
  let steps: [Step]

  /// The least and the greatest value that it may have, given what the workers were told.
  ///
  /// - Parameters:
  ///   - ledger: of acknowledged sums, by position in ``ScriptProgram/acknowledgements``.
  ///   - counts: of transactions, by position in ``ScriptProgram/transactions``.
  public func interval(ledger: [LedgerEntry], counts: [LedgerEntry]) -> ClosedRange<Double> {
    var stack: [ClosedRange<Double>] = []
    for step in steps {
      switch step {
      case .number(let value): stack.append(value...value)
      case .acknowledged(let index): stack.append(ledger[index].interval)
      case .count(let index): stack.append(counts[index].interval)
      case .add, .subtract, .multiply, .divide:
        guard let right = stack.popLast(), let left = stack.popLast() else { return -.infinity ... .infinity }
        stack.append(Self.combined(step, left, right))
      }
    }
    return stack.last ?? -.infinity ... .infinity
  }

  private static func combined(
    _ step: Step, _ left: ClosedRange<Double>, _ right: ClosedRange<Double>
  ) -> ClosedRange<Double> {
    let (low, high) = (left.lowerBound, left.upperBound)
    let ends: [Double]
    switch step {
    case .add: ends = [low + right.lowerBound, high + right.upperBound]
    case .subtract: ends = [low - right.upperBound, high - right.lowerBound]
    case .divide:
      // A divisor that may be 0 bounds nothing.
      guard !right.contains(0) else { return -.infinity ... .infinity }
      ends = [
        low / right.lowerBound, low / right.upperBound, high / right.lowerBound, high / right.upperBound,
      ]
    default:
      ends = [
        low * right.lowerBound, low * right.upperBound, high * right.lowerBound, high * right.upperBound,
      ]
    }
    guard !ends.contains(where: \.isNaN), let least = ends.min(), let greatest = ends.max() else {
      return -.infinity ... .infinity
    }
    return least...greatest
  }
}

extension LedgerEntry {
  /// What may be in the store, of what was acknowledged and of what is unknown.
  fileprivate var interval: ClosedRange<Double> {
    Double(acknowledged) + Double(unknownLow)...Double(acknowledged) + Double(unknownHigh)
  }
}
