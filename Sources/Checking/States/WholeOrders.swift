public import Model

/// Whole orders: each order took effect in all services or in none, so that what the services count adds up.
///
/// Orders that were noted, paid, taken from the stock and sent, each from the values of the records of one service. That
/// an outcome is unknown does not matter: such an order took effect wholly or not at all. How many there must be is for
/// the ledgers; halves of different orders that cancel each other, on different records, too.
public struct WholeOrders: Checker {
  /// What one order does in a service.
  public struct Service: Sendable {
    /// What its records tell, for people: `paid`.
    let word: String
    /// By how much one order changes one of its records; not 0.
    let change: Int64

    /// - Parameters:
    ///   - word: what its records tell, for people: `paid`.
    ///   - change: by how much one order changes one of its records; not 0.
    public init(_ word: String, change: Int64) {
      self.word = word
      self.change = change
    }
  }

  private let services: [Service]

  /// - Parameter services: in the order of their records: record `k` belongs to service `k mod n`.
  public init(_ services: [Service]) { self.services = services }

  /// `whole-orders`.
  public var name: String { "whole-orders" }

  /// What the services count at the end holds the orders of lost workers, too.
  public var whenHostsAreLost: LostHostRule { .decides }

  /// Compares the counts of the services.
  public func check(_ evidence: Evidence, of workload: any Workload) -> CheckResult? {
    let records = RecordAccounts(workload, evidence)
    var findings = Findings()
    // What a part of the records adds up to says nothing.
    guard records.gap == nil else { return records.conclude(name, findings) }
    var changes = [Int128](repeating: 0, count: services.count)
    records.forEach { account in changes[account.key % services.count] += (account.final ?? 0) - account.initial }
    let counts = zip(changes, services).map { $0.quotientAndRemainder(dividingBy: Int128($1.change)) }
    let most = counts.map(\.quotient).max() ?? 0
    let least = counts.map(\.quotient).min() ?? 0
    let isWhole = counts.allSatisfy { $0.remainder == 0 }
    if most != least || !isWhole {
      findings.add(.mixedOutcome, key: nil, count: max(1, Int64(clamping: most - least))) {
        (
          "as many orders in every service",
          zip(counts, services).map { "\($0.quotient) \($1.word)" }.joined(separator: ", "),
          isWhole
            ? "some orders took effect in some services and not in others"
            : "the records of a service have changed by no whole number of orders"
        )
      }
    }
    return records.conclude(name, findings)
  }
}
