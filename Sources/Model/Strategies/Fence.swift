/// What the records do with the fencing tokens of the lock around them.
///
/// A fencing token is the number of a grant: of two grants of the same lock the later one has the greater number.
public enum Fence: String, Sendable, CaseIterable {
  /// Nothing: no token is asked for.
  case none
  /// A write is refused when its token is lower than one that was written with.
  case write
  /// The same, and whoever reads leaves the token behind, too.
  case readAndWrite = "read-and-write"

  /// Name of the option.
  public static let optionName = "fence"

  /// What the option takes.
  static let kind = OptionKind.word(allCases.map(\.rawValue))

  /// The option of a lock that gives tokens over records that compare them.
  static func option(default level: Fence) -> OptionSpecification {
    OptionSpecification(
      optionName, kind, default: .word(level.rawValue),
      "What the records do with the fencing token of the lock: nothing, refuse late writes, or have reads count, too.")
  }
}

extension Options {
  /// What was stated for ``Fence``; nothing where there is no such option.
  public var fence: Fence {
    guard case .word(let word) = values[Fence.optionName] else { return .none }
    return Fence(rawValue: word) ?? .none
  }
}

extension StrategyDescriptor {
  /// Whether there is a choice of ``Fence``.
  public var hasFence: Bool { options.contains { $0.name == Fence.optionName && $0.kind == Fence.kind } }

  /// The same lock over records that compare its tokens.
  public func fenced(by level: Fence) -> StrategyDescriptor {
    if hasFence { return self }
    var fenced = self
    fenced.options.append(Fence.option(default: level))
    fenced.documentation.fencing = Documentation.ofFence
    fenced.fencedStores = [store]
    return fenced
  }

  /// The same lock with the choice that it has over another store.
  public func fenced(as other: StrategyDescriptor) -> StrategyDescriptor {
    guard other.hasFence else { return self }
    var fenced = self
    if !hasFence {
      fenced.options += other.options.filter { $0.name == Fence.optionName }
      fenced.documentation.fencing = other.documentation.fencing
    }
    fenced.fencedStores += other.fencedStores
    return fenced
  }
}

extension Documentation {
  /// What each level protects from; true of every lock that gives tokens.
  fileprivate static let ofFence = """
    with `fence: none`, nothing stops a holder that has lost the lock: its late write overwrites what others wrote.

    With `fence: write`, each record keeps the highest token that it was written with, and refuses a write with a lower
    one. A late write still lands between the read and the write of the next holder, who overwrites it: updates are
    lost, only fewer.

    With `fence: read-and-write`, a read leaves its token behind, too. A late write is refused once the next holder has
    read: no update is lost. It makes a read as dear as a write.

    A refusal ends the attempt as `lease-lost`. At every level two may believe to hold the lock at once. Late writes are
    counted: all of them, and those that the records took.
    """
}
