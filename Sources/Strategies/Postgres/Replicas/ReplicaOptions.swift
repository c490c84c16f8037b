internal import Model

/// What can be asked of a primary and its standbys, by the options of strategies.
struct ReplicationSettings: Equatable {
  /// How long standbys wait before they apply a commit.
  var lag = Duration.zero
  /// So many standbys must confirm a commit.
  var synchronousStandbys = 0

  init() {}

  /// Takes the defaults for what a strategy does not know.
  init(_ options: Options) {
    if case .duration(let lag) = options.values[Self.lag.name] { self.lag = lag }
    if case .integer(let number) = options.values[Self.standbysName] { synchronousStandbys = number }
  }

  private static let standbysName = "synchronous-standbys"

  /// For strategies that read from standbys.
  static let lag = OptionSpecification(
    "lag", .duration(.zero ... .seconds(60)), default: .duration(.zero),
    "How long standbys wait before they apply a commit (recovery_min_apply_delay): replicas that lag for certain.")

  static func synchronousStandbys(default number: Int) -> OptionSpecification {
    OptionSpecification(
      standbysName, .integer(0...8), default: .integer(number),
      "So many standbys must confirm each commit (synchronous_standby_names, FIRST n); 0 for asynchronous replication.")
  }

  /// - Parameter levels: what commits may wait for.
  static func commitLevel(_ levels: [CommitLevel] = CommitLevel.allCases) -> OptionSpecification {
    OptionSpecification(
      "synchronous-commit", .word(levels.map(\.word)), default: .word(CommitLevel.on.word),
      "What a commit waits for; remote-write, on and remote-apply wait for the synchronous standbys, if there are any.")
  }
}

extension CommitLevel {
  /// As an option states it.
  init(_ options: Options) {
    let word = options.word("synchronous-commit")
    self = Self.allCases.first { $0.word == word } ?? .on
  }
}
