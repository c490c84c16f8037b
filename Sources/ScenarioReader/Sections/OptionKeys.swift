internal import Model

/// A mapping that holds options of a workload or of a strategy beside its own keys.
protocol StatesOptions: Sendable {
  /// The options that the file states, by name.
  var statedOptions: [String: OptionValue] { get set }
}

extension Section where Target: StatesOptions {
  /// The same section with the declared options as further keys.
  func with(_ options: [OptionSpecification]) -> Section {
    Section(path: path, keys: keys + options.map(Key.init(option:)))
  }
}

extension Key where Target: StatesOptions {
  /// The key of a declared option.
  init(option: OptionSpecification) {
    let format = ValueFormat<OptionValue>.option(option.kind)
    self.init(option.name, schema: format.schema, option.summary) { node, subject, diagnostics, target in
      guard let value = format.read(node, subject, &diagnostics) else { return false }
      target.statedOptions[option.name] = value
      return true
    } show: {
      format.show($0.statedOptions[option.name] ?? option.defaultValue)
    }
  }
}
