internal import Model
internal import Words

/// One key of a section: the single source for what is allowed, read, shown, and described to editors.
struct Key<Target>: Sendable {
  /// Name in scenario files.
  let name: String
  /// One line for editors.
  let summary: String
  /// The members of the value's JSON schema.
  let schema: [(key: String, value: JSON)]
  /// Stores the value; false after reporting why it cannot.
  let read: @Sendable (YAMLNode, Subject, inout Diagnostics, inout Target) -> Bool
  /// The value as it is written; nil when there is none to write.
  let show: @Sendable (Target) -> JSON?

  init(
    _ name: String, schema: [(key: String, value: JSON)], _ summary: String,
    read: @escaping @Sendable (YAMLNode, Subject, inout Diagnostics, inout Target) -> Bool,
    show: @escaping @Sendable (Target) -> JSON?
  ) {
    self.name = name
    self.summary = summary
    self.schema = schema
    self.read = read
    self.show = show
  }

  /// A key for a property.
  init<Value>(
    _ name: String, _ property: any (WritableKeyPath<Target, Value> & Sendable), _ format: ValueFormat<Value>,
    _ summary: String
  ) {
    self.init(name, schema: format.schema, summary) { node, subject, diagnostics, target in
      guard let value = format.read(node, subject, &diagnostics) else { return false }
      target[keyPath: property] = value
      return true
    } show: {
      format.show($0[keyPath: property])
    }
  }

  /// A key for a property that is absent when it is not stated.
  init<Value>(
    _ name: String, ifStated property: any (WritableKeyPath<Target, Value?> & Sendable), _ format: ValueFormat<Value>,
    _ summary: String
  ) {
    self.init(name, schema: format.schema, summary) { node, subject, diagnostics, target in
      guard let value = format.read(node, subject, &diagnostics) else { return false }
      target[keyPath: property] = value
      return true
    } show: {
      $0[keyPath: property].map(format.show)
    }
  }
}

/// A mapping of a scenario file: `load`, `retry`, an entry of `strategies`, ...
struct Section<Target>: Sendable {
  /// Its path in the file, for messages.
  let path: String
  /// Its keys, in the order in which they are read and shown.
  let keys: [Key<Target>]
  /// Keys that others of its kind have, and why this one has not.
  var refusals: [String: String] = [:]

  /// What was read of a section.
  struct Reading {
    /// The target with every value that could be read; defaults otherwise.
    var value: Target
    /// The values that were stated, by key, whether or not they could be read.
    var stated: [String: YAMLNode] = [:]
    /// Keys whose values could not be read: no further conclusion may be drawn from them.
    var failed: Set<String> = []

    /// Whether all of these keys have values that mean something.
    func isSound(_ keys: String...) -> Bool { failed.isDisjoint(with: keys) }
  }

  /// Reads a mapping, with all problems.
  ///
  /// - Parameter acceptsUnknown: set when the keys are not all known, because the mapping names something unknown.
  func read(
    _ node: YAMLNode, into target: Target, acceptsUnknown: Bool = false, _ diagnostics: inout Diagnostics
  ) -> Reading {
    var reading = Reading(value: target)
    guard let entries = node.entries else {
      diagnostics.reportKind(node, Subject(path), expected: "a mapping of \(keys.map(\.name).joined(separator: ", "))")
      reading.failed = Set(keys.map(\.name))
      return reading
    }
    for entry in entries where keys.allSatisfy({ $0.name != entry.key }) && !acceptsUnknown {
      if let refusal = refusals[entry.key] {
        diagnostics.report(entry.place, "\(path).\(entry.key)", refusal)
      } else {
        diagnostics.reportUnknownKey(entry, among: keys.map(\.name))
      }
    }
    for key in keys {
      guard let entry = entries.first(where: { $0.key == key.name }) else { continue }
      reading.stated[key.name] = entry.value
      if !key.read(entry.value, Subject("\(path).\(key.name)"), &diagnostics, &reading.value) {
        reading.failed.insert(key.name)
      }
    }
    return reading
  }

  /// The section as it is written, with every value.
  func show(_ target: Target) -> [(key: String, value: JSON)] {
    keys.compactMap { key in key.show(target).map { (key.name, $0) } }
  }
}

extension Diagnostics {
  /// Reports a key that a mapping does not know.
  mutating func reportUnknownKey(_ entry: YAMLNode.Entry, among names: [String]) {
    var hint = Suggestion.phrase(for: entry.key, among: names)
    if entry.key == "<<" { hint = "; merging is not supported, repeat the keys" }
    if hint.isEmpty { hint = "; the keys here are \(names.joined(separator: ", "))" }
    report(entry.place, nil, "unknown key \(entry.key.quotedForMessage)\(hint)")
  }
}
