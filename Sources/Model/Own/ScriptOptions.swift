extension OptionSpecification {
  /// Which variant of a user's scripts a strategy runs.
  public static let scriptVariant = OptionSpecification(
    "variant", .name, default: .word(""),
    "The variant of the scripts that runs, by the name that their lines `--@ instead NAME: ...` give it; the plain one by "
      + "default.")
}

extension ScriptSettings {
  /// The scripts as a strategy of a scenario runs them: its own instead of the workload's where it states some, in its
  /// variant, on its store.
  public func selected(by selection: StrategySelection, on store: String) -> ScriptSettings {
    var selected = self
    if let own = selection.transactions { selected.transactions = own }
    if case .word(let variant)? = selection.options.values[OptionSpecification.scriptVariant.name], !variant.isEmpty {
      selected.variant = variant
    }
    selected.store = store
    return selected
  }
}
