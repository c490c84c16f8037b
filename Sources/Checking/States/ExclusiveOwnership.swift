public import Model
internal import Synchronization

/// Exclusive ownership: a record has at most one owner at a time.
///
/// Acknowledged claims less acknowledged releases are the owners at the end. More of them than the record can name are
/// double bookings: each extra owner was told that the unit is its own and lost it to another without giving it back.
/// Claims that were granted while another worker was known to own the record are double bookings too, also when both
/// gave the unit back, so that nothing is left to see at the end. A record that names an owner too many is left to the
/// ledger.
public struct ExclusiveOwnership: Checker {
  /// Nothing to state.
  public init() {}

  /// `exclusive-ownership`.
  public var name: String { "exclusive-ownership" }

  /// Records and counts.
  public var needs: Set<EvidenceKind> { [.records, .counts] }

  /// Owners as they are told.
  public var observer: (any Observer.Type)? { OwnershipObserver.self }

  /// Lost releases explain any claims; what workers saw, and claims that nobody can release, they do not.
  public var whenHostsAreLost: LostHostRule { .accuses }

  /// Compares owners with claims, and judges the claims that were granted twice.
  public func check(_ evidence: Evidence, of workload: any Workload) -> CheckResult? {
    let records = RecordAccounts(workload, evidence)
    var findings = Findings()
    var left: Int64 = 0
    records.forEach { account in
      // A record that could not be read names one owner at most.
      let owners = account.final ?? 1
      if account.least > owners {
        let extra = Int64(clamping: account.least - owners)
        left += extra
        findings.add(.doubleBooking, key: account.key, count: extra) {
          (
            "as many owners as the record names: \(owners)", "\(account.least) owners, \(account.finalSummary)",
            account.acknowledgedSummary
          )
        }
      }
      if let stored = account.stored, stored != 0, let tokens = evidence.tokens, !tokens.contains(stored) {
        findings.add(.phantomUpdate, key: account.key, count: 1) {
          (
            "0 or a token from \(tokens.lowerBound) to \(tokens.upperBound)", "\(stored)",
            "the value in the store is not the token of any worker"
          )
        }
      }
    }
    let granted = evidence.total[.doubleClaims]
    // Those that are left at the end are counted with their records.
    if granted > left {
      findings.add(.doubleBooking, key: nil, count: granted - left) {
        (
          "no claim granted before the owner gave the unit back", "\(granted) granted, \(left) of them left at the end",
          "an acknowledged claim of a record that another worker had claimed and not begun to release"
        )
      }
    }
    return records.conclude(name, findings)
  }
}

/// An owner holds a record at least from the answer to its claim to the sending of its release; two such intervals that
/// overlap are a double booking, also when everything was given back in the end.
struct OwnershipObserver: Observer {
  /// The token of the worker that owns the record as far as the workers were told; 0 for nobody.
  static let wordsPerRecord = 1
  static let looksAhead = true
  private let memory: ObservedMemory

  init(_ memory: ObservedMemory) { self.memory = memory }

  func begins(_ operation: Operation) {
    for index in 0..<operation.count where operation[index].effect == .release {
      _ = memory.word(operation[index].key).pointee
        .compareExchange(expected: operation.token, desired: 0, ordering: .acquiringAndReleasing)
    }
  }

  func committed(_ operation: Operation, _ values: UnsafePointer<Int64>, _ counts: ObservedCounts) {
    for index in 0..<operation.count where operation[index].effect == .claim {
      let before = memory.word(operation[index].key).pointee
        .exchange(operation.token, ordering: .acquiringAndReleasing)
      if before != 0 { counts.add(.doubleClaims) }
    }
  }
}
