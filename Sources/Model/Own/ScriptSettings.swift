/// What a scenario states of a user's own transactions: texts that are compiled before anything runs.
///
/// Files have been read: a stored scenario holds their texts.
public struct ScriptSettings: Sendable, Equatable, Codable {
  /// A text with the name that messages give it.
  public struct Source: Sendable, Equatable, Codable {
    /// Name of the file as stated, or of the key that holds the text.
    public var name: String
    /// What is in it.
    public var text: String
    /// Makes a source.
    public init(name: String, text: String) {
      self.name = name
      self.text = text
    }
  }

  /// A transaction script and how often it is chosen.
  public struct Transaction: Sendable, Equatable, Codable {
    /// A pgbench script.
    public var source: Source
    /// Its share is this over the sum of all weights; 0 for never.
    public var weight: Int
    /// Makes a transaction.
    public init(_ source: Source, weight: Int = 1) {
      self.source = source
      self.weight = weight
    }
  }

  /// A query that must hold.
  public struct Invariant: Sendable, Equatable, Codable {
    /// Name for messages and files.
    public var name: String
    /// One statement.
    public var query: String
    /// What its only value must be equal to, as an expression over what was acknowledged; nil when it must give no row.
    public var expected: String?
    /// Makes an invariant.
    public init(name: String, query: String, expected: String? = nil) {
      self.name = name
      self.query = query
      self.expected = expected
    }
  }

  /// How statements are sent, as pgbench's `--protocol`.
  public enum Mode: String, Sendable, Codable, CaseIterable {
    /// Values are put into the text, one text at a time.
    case simple
    /// Values are parameters of an unnamed statement.
    case extended
    /// Values are parameters of a statement that was prepared when the session opened.
    case prepared
  }

  /// What makes the tables and fills them.
  public var setup: Source?
  /// The transactions, in their order.
  public var transactions: [Transaction]
  /// What must hold, besides what the scripts themselves check.
  public var invariants: [Invariant]
  /// Values of variables by name, as pgbench's `-D`.
  public var definitions: [String: String]
  /// How statements are sent.
  public var mode: Mode
  /// How often invariants that ask for no rows are looked at while the trial runs; nil for only at the end.
  public var interval: Duration?
  /// The variant of the scripts that runs; nil for the plain one. Set for each strategy.
  public var variant: String?
  /// The store on which they run. Set for each strategy.
  public var store: String

  /// Makes settings.
  public init(
    setup: Source? = nil, transactions: [Transaction] = [], invariants: [Invariant] = [],
    definitions: [String: String] = [:], mode: Mode = .prepared, interval: Duration? = nil, variant: String? = nil,
    store: String = "postgres"
  ) {
    self.setup = setup
    self.transactions = transactions
    self.invariants = invariants
    self.definitions = definitions
    self.mode = mode
    self.interval = interval
    self.variant = variant
    self.store = store
  }
}
