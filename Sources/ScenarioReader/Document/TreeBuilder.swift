internal import Yams

/// Turns nodes of Yams into ours: expands aliases under a limit, and reports duplicate keys, tags and odd keys.
struct TreeBuilder {
  /// The most values that a scenario may have after its aliases are expanded.
  static let maximumNodes = 10_000
  /// How deep values may nest; a scenario needs 4 levels.
  static let maximumDepth = 32

  /// A finished part of the tree, with its size after expansion.
  private struct Part {
    let node: YAMLNode
    let size: Int
    let depth: Int
  }

  let masked: MaskedText
  private(set) var diagnostics: Diagnostics
  private var anchors: [String: Part] = [:]
  private var isTooLarge = false

  init(masked: MaskedText, diagnostics: Diagnostics) {
    self.masked = masked
    self.diagnostics = diagnostics
  }

  /// The whole tree, or nil when it is too large to be meant as a scenario.
  mutating func tree(of root: Node) -> YAMLNode? {
    let part = part(of: root)
    return isTooLarge ? nil : part.node
  }

  private mutating func part(of node: Node) -> Part {
    let place = node.mark.map(Problem.Place.init) ?? .file
    refuseTag(of: node, at: place)
    let part: Part
    switch node {
    case .scalar(let scalar):
      if scalar.style == .plain, let name = masked.aliasName(scalar.string) { return expansion(of: name, at: place) }
      part = Part(
        node: YAMLNode(.scalar(masked.original(scalar.string), isPlain: scalar.style == .plain), at: place), size: 1,
        depth: 1)
    case .sequence(let sequence):
      part = whole(sequence.map { self.part(of: $0) }, at: place) { .sequence($0) }
    case .mapping(let mapping):
      part = self.part(of: mapping, at: place)
    case .alias:  // because Yams only makes these when it writes YAML
      part = Part(node: YAMLNode(.scalar("", isPlain: true), at: place), size: 1, depth: 1)
    }
    if let anchor = node.anchor { anchors[masked.original(anchor.rawValue)] = part }
    return part
  }

  private mutating func part(of mapping: Node.Mapping, at place: Problem.Place) -> Part {
    var keys: [(name: String, place: Problem.Place)] = []
    var values: [Part] = []
    for (key, value) in mapping {
      let keyPlace = key.mark.map(Problem.Place.init) ?? place
      let value = part(of: value)
      guard case .scalar(let scalar) = key, scalar.style != .plain || masked.aliasName(scalar.string) == nil else {
        diagnostics.report(keyPlace, nil, "a key must be a word; lists, mappings and aliases cannot be keys")
        continue
      }
      let name = masked.original(scalar.string)
      if let first = keys.first(where: { $0.name == name }) {
        let line = if case .position(let line, _) = first.place { " on line \(line)" } else { "" }
        diagnostics.report(
          keyPlace, nil, "the key \(name.quotedForMessage) is already stated\(line); keep one of them")
        continue
      }
      keys.append((name, keyPlace))
      values.append(value)
    }
    return whole(values, at: place) { nodes in
      .mapping(zip(keys, nodes).map { YAMLNode.Entry(key: $0.name, place: $0.place, value: $1) })
    }
  }

  /// Puts parts together; leaves them out once the tree is too large, so that nothing large is ever built.
  private mutating func whole(
    _ parts: [Part], at place: Problem.Place, _ content: ([YAMLNode]) -> YAMLNode.Content
  ) -> Part {
    let size = parts.reduce(1) { $0 + $1.size }
    let depth = 1 + (parts.map(\.depth).max() ?? 0)
    guard size <= Self.maximumNodes, depth <= Self.maximumDepth else {
      if !isTooLarge {
        let limit = size > Self.maximumNodes ? "more than \(Self.maximumNodes) values" : "too many levels"
        diagnostics.report(place, nil, "this has \(limit) once its aliases are expanded; a scenario needs far less")
      }
      isTooLarge = true
      return Part(node: YAMLNode(content([]), at: place), size: 1, depth: 1)
    }
    return Part(node: YAMLNode(content(parts.map(\.node)), at: place), size: size, depth: depth)
  }

  private mutating func expansion(of name: String, at place: Problem.Place) -> Part {
    if let part = anchors[name] { return part }
    diagnostics.report(
      place, nil,
      "the alias \("*\(name)".quotedForMessage) has no anchor before it; write '&' and its name at the value it stands for"
    )
    diagnostics.distrust(place)
    return Part(node: YAMLNode(.scalar("", isPlain: true), at: place), size: 1, depth: 1)
  }

  private mutating func refuseTag(of node: Node, at place: Problem.Place) {
    let tag = node.tag.rawValue
    let known: [Tag.Name] = [.str, .seq, .map]
    if !known.contains(Tag.Name(rawValue: tag)) {
      diagnostics.report(place, nil, "the tag \(masked.original(tag).quotedForMessage) is not supported; remove it")
    }
  }
}
