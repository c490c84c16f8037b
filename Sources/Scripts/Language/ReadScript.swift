internal import Model

/// A script as it stands in its file, for every variant and store.
struct ReadScript {
  /// What it does, in its order, and what is said about that.
  enum Item {
    case statement(ReadStatement, Alternatives)
    /// A command whose name is in lower case, with its arguments.
    case command(name: String, arguments: Fragment, ScriptPlace)
    case hold(ScriptPlace)
    case enter
    case leave
  }

  /// What replaces a statement, and what its answers mean.
  struct Alternatives {
    var replacements: [(qualifier: Qualifier, statements: [ReadStatement], place: ScriptPlace)] = []
    var rules: [(qualifier: Qualifier, rule: ScriptRule, place: ScriptPlace)] = []
  }

  /// A text that an administrator runs.
  struct AdministrativeText {
    let qualifier: Qualifier
    let sql: Fragment
  }

  let source: String
  var items: [Item] = []
  var setup: [AdministrativeText] = []
  var teardown: [AdministrativeText] = []
  var isolation: [(qualifier: Qualifier, level: String, place: ScriptPlace)] = []
  var backends: (names: [String], place: ScriptPlace)?
  var definitions: [(name: String, value: String, place: ScriptPlace)] = []
  var acknowledgements: [(name: String, amount: Fragment, place: ScriptPlace)] = []
  var refusals: [Fragment] = []
  var checks: [Check] = []
  /// The variants that it names, each once.
  var variants: [String] = []

  /// A query that must hold.
  struct Check {
    enum Expectation {
      case noRows
      case between(Fragment, Fragment)
      /// What is acknowledged under a name.
      case acknowledged(String)
    }

    let name: String
    let query: Fragment
    let expectation: Expectation
    let place: ScriptPlace
  }

  /// Remembers a variant that an annotation names.
  mutating func note(_ qualifier: Qualifier) {
    if let variant = qualifier.variant, !variants.contains(variant) { variants.append(variant) }
  }
}

/// For which variant and store something holds: nil for every one.
struct Qualifier: Equatable {
  var variant: String?
  var store: String?

  /// Whether it holds, and the better the more it says; nil when it does not.
  func rank(variant: String?, store: String) -> Int? {
    if let own = self.variant, own != variant { return nil }
    if let own = self.store, own != store { return nil }
    return (self.variant == nil ? 0 : 2) + (self.store == nil ? 0 : 1)
  }

  func holds(_ settings: ScriptSettings) -> Bool { rank(variant: settings.variant, store: settings.store) != nil }
}
