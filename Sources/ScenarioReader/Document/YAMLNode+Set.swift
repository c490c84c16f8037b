extension YAMLNode {
  /// Puts a value under a path of keys; elements of a list go by their number from 0. Mappings that are missing on the
  /// way are made.
  ///
  /// - Parameter place: where the new value was asked for.
  mutating func set(
    _ path: [String], to value: YAMLNode, at place: Problem.Place, _ diagnostics: inout Diagnostics
  ) {
    set(path[...], of: path, to: value, at: place, &diagnostics)
  }

  private mutating func set(
    _ keys: ArraySlice<String>, of path: [String], to value: YAMLNode, at place: Problem.Place,
    _ diagnostics: inout Diagnostics
  ) {
    guard let key = keys.first else {
      self = value
      return
    }
    expandShortForm(for: path)
    switch content {
    case .mapping(var entries):
      if let index = entries.firstIndex(where: { $0.key == key }) {
        entries[index].value.set(keys.dropFirst(), of: path, to: value, at: place, &diagnostics)
      } else {
        var new = YAMLNode(.mapping([]), at: place)
        new.set(keys.dropFirst(), of: path, to: value, at: place, &diagnostics)
        entries.append(Entry(key: key, place: place, value: new))
      }
      content = .mapping(entries)
    case .sequence(var nodes):
      guard DecimalText.isWhole(key), let index = Int(key), nodes.indices.contains(index) else {
        let message = "the list has no element \(key.quotedForMessage); it has \(nodes.count), counted from 0"
        diagnostics.report(place, nil, message)
        return
      }
      nodes[index].set(keys.dropFirst(), of: path, to: value, at: place, &diagnostics)
      content = .sequence(nodes)
    case .scalar:
      diagnostics.report(place, nil, "\(key.quotedForMessage) cannot be set in \(kindForMessage)")
    }
  }

  /// `workload: counter` becomes `workload: {kind: counter}`, `- memory.mutex` becomes `- id: memory.mutex`, and
  /// `redis: managed` becomes `redis: {url: managed}`, once a key of theirs is set.
  private mutating func expandShortForm(for path: [String]) {
    guard case .scalar = content else { return }
    if isNothing {
      self = YAMLNode(.mapping([]), at: place)
      return
    }
    let name: String? =
      switch path[0] {
      case "workload": "kind"
      case "strategies" where path.count == 3: "id"
      case "services" where path.count == 3: "url"
      default: nil
      }
    if let name { self = YAMLNode(.mapping([Entry(key: name, place: place, value: self)]), at: place) }
  }

  /// Takes a key out of a mapping; nil when it is not there.
  mutating func remove(_ key: String) -> Entry? {
    guard case .mapping(var entries) = content, let index = entries.firstIndex(where: { $0.key == key }) else {
      return nil
    }
    let removed = entries.remove(at: index)
    content = .mapping(entries)
    return removed
  }

  /// Takes entries out of the mapping under a key.
  mutating func removeEntries(of key: String, where isUnwanted: (Entry) -> Bool) {
    guard case .mapping(var entries) = content, let index = entries.firstIndex(where: { $0.key == key }),
      case .mapping(var inner) = entries[index].value.content
    else { return }
    inner.removeAll(where: isUnwanted)
    entries[index].value.content = .mapping(inner)
    content = .mapping(entries)
  }

  /// Takes a key out of every mapping in the mapping under another one.
  mutating func removeKey(_ inner: String, fromEntriesOf key: String) {
    guard case .mapping(var entries) = content, let index = entries.firstIndex(where: { $0.key == key }),
      case .mapping(var members) = entries[index].value.content
    else { return }
    for member in members.indices { _ = members[member].value.remove(inner) }
    entries[index].value.content = .mapping(members)
    content = .mapping(entries)
  }
}
