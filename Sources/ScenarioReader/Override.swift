/// A setting from the command line that replaces one of the file: `--set load.workers=1,8`.
public struct Override: Sendable, Equatable {
  /// Keys separated by dots; elements of a list by their number from 0: `strategies.0.ttl`.
  public let path: String
  /// The value as it would be written in the file; a list may be written with commas only.
  public let value: String

  /// Makes an override.
  public init(path: String, value: String) {
    self.path = path
    self.value = value
  }

  /// Reads `path=value`; nil when there is no `=` or nothing before it.
  public init?(parsing text: String) {
    guard let separator = text.firstIndex(of: "="), separator > text.startIndex else { return nil }
    self.init(path: String(text[..<separator]), value: String(text[text.index(after: separator)...]))
  }
}

extension Override {
  /// Replaces the value in a scenario's tree, so that it is read and checked like any other.
  func apply(to root: inout YAMLNode, _ diagnostics: inout Diagnostics) {
    let parts = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard !parts.contains("") else {
      diagnostics.report(place, nil, "this is not a path of keys such as load.workers")
      return
    }
    guard let value = node(&diagnostics) else { return }
    // Strategies are named with dots themselves.
    let keys = parts[0] == "expect" && parts.count > 2 ? ["expect", parts.dropFirst().joined(separator: ".")] : parts
    root.set(keys[...], to: value, of: self, &diagnostics)
    // Whoever sets one bound of a trial does not want the other one of the file.
    if path == "load.operations" { root.removeStatedByFile("duration", in: "load") }
    if path == "load.duration" { root.removeStatedByFile("operations", in: "load") }
  }

  fileprivate var place: Problem.Place { .override(path) }

  /// The value as a tree: text, or YAML when it starts like a list or a mapping.
  private func node(_ diagnostics: inout Diagnostics) -> YAMLNode? {
    guard value.hasPrefix("[") || value.hasPrefix("{") else {
      return YAMLNode(.scalar(value, isPlain: true), at: place)
    }
    var inner = Diagnostics(path: diagnostics.path)
    let node = Document.root(of: value, &inner)
    for problem in inner.problems { diagnostics.report(place, problem.subject, problem.message) }
    return inner.problems.isEmpty ? node?.moved(to: place) : nil
  }
}

extension YAMLNode {
  /// The same values, all stated at one place.
  fileprivate func moved(to place: Problem.Place) -> YAMLNode {
    switch content {
    case .scalar: YAMLNode(content, at: place)
    case .sequence(let nodes): YAMLNode(.sequence(nodes.map { $0.moved(to: place) }), at: place)
    case .mapping(let entries):
      YAMLNode(.mapping(entries.map { Entry(key: $0.key, place: place, value: $0.value.moved(to: place)) }), at: place)
    }
  }

  fileprivate mutating func set(
    _ keys: ArraySlice<String>, to value: YAMLNode, of override: Override, _ diagnostics: inout Diagnostics
  ) {
    guard let key = keys.first else {
      self = value
      return
    }
    expandShortForm(before: key, of: override)
    switch content {
    case .mapping(var entries):
      if let index = entries.firstIndex(where: { $0.key == key }) {
        entries[index].value.set(keys.dropFirst(), to: value, of: override, &diagnostics)
      } else {
        var new = YAMLNode(.mapping([]), at: override.place)
        new.set(keys.dropFirst(), to: value, of: override, &diagnostics)
        entries.append(Entry(key: key, place: override.place, value: new))
      }
      content = .mapping(entries)
    case .sequence(var nodes):
      guard DecimalText.isWhole(key), let index = Int(key), nodes.indices.contains(index) else {
        let message = "the list has no element \(key.quotedForMessage); it has \(nodes.count), counted from 0"
        diagnostics.report(override.place, nil, message)
        return
      }
      nodes[index].set(keys.dropFirst(), to: value, of: override, &diagnostics)
      content = .sequence(nodes)
    case .scalar:
      diagnostics.report(override.place, nil, "\(key.quotedForMessage) cannot be set in \(kindForMessage)")
    }
  }

  /// `workload: counter` becomes `workload: {kind: counter}`, and `- memory.mutex` becomes `- id: memory.mutex`, once a
  /// key of theirs is set.
  private mutating func expandShortForm(before key: String, of override: Override) {
    guard case .scalar = content else { return }
    if isNothing {
      self = YAMLNode(.mapping([]), at: place)
      return
    }
    let name: String? =
      if override.path.hasPrefix("workload.") {
        "kind"
      } else if override.path.hasPrefix("strategies.") && override.path.split(separator: ".").count == 3 { "id" } else {
        nil
      }
    if let name { self = YAMLNode(.mapping([Entry(key: name, place: place, value: self)]), at: place) }
  }

  fileprivate mutating func removeStatedByFile(_ key: String, in section: String) {
    guard case .mapping(var entries) = content, let index = entries.firstIndex(where: { $0.key == section }),
      case .mapping(var inner) = entries[index].value.content
    else { return }
    inner.removeAll { entry in
      if case .override = entry.place { return false }
      if case .override = entry.value.place { return false }
      return entry.key == key
    }
    entries[index].value.content = .mapping(inner)
    content = .mapping(entries)
  }
}
