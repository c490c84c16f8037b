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
    // Strategies are named with dots themselves, and settings that are swept by their paths.
    let isNested = ["expect", "sweep"].contains(parts[0])
    let keys = isNested && parts.count > 2 ? [parts[0], parts.dropFirst().joined(separator: ".")] : parts
    makeWay(in: &root)
    root.set(keys, to: value, at: place, &diagnostics)
  }

  /// Removes what the new value replaces besides its own place.
  private func makeWay(in root: inout YAMLNode) {
    // A single value ends the sweep of its setting, and that of everything in it.
    root.removeEntries(of: "sweep") { $0.key == path || $0.key.hasPrefix(path + ".") }
    // Whoever puts all servers at a distance means those with a distance of their own, too.
    if path == ServiceSection.commonRoundTrip {
      root.removeEntries(of: "sweep") { ServiceSection.isRoundTrip($0.key) }
      root.removeKey("rtt", fromEntriesOf: "services")
    }
    // Whoever sets one bound of a trial does not want the other one of the file.
    for (bound, other) in [("operations", "duration"), ("duration", "operations")]
    where path == "load.\(bound)" || path == "sweep.load.\(bound)" {
      root.removeEntries(of: "load") { $0.key == other && !$0.isOverride }
      root.removeEntries(of: "sweep") { $0.key == "load.\(other)" && !$0.isOverride }
    }
  }

  private var place: Problem.Place { .override(path) }

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
}

extension YAMLNode.Entry {
  /// Whether the key or its value comes from the command line.
  fileprivate var isOverride: Bool {
    if case .override = place { true } else { value.isOverride }
  }
}
