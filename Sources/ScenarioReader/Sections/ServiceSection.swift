internal import Model
internal import Words

/// The keys of `services`: one for each service that a strategy of the vocabulary may need.
enum ServiceSection {
  static func section(_ services: [ServiceDescriptor]) -> Section<ServiceSettings> {
    Section(path: "services", keys: services.map(key))
  }

  /// Reads `services`; services that it does not name are managed.
  static func read(
    _ node: YAMLNode?, _ vocabulary: Vocabulary, _ diagnostics: inout Diagnostics
  ) -> ServiceSettings {
    guard let node else { return ServiceSettings() }
    return section(vocabulary.services).read(node, into: ServiceSettings(), &diagnostics).value
  }

  private static func key(_ descriptor: ServiceDescriptor) -> Key<ServiceSettings> {
    let (service, schemes) = (descriptor.name, descriptor.schemes)
    let words = descriptor.hasEnsembles ? ["managed", "ensemble"] : ["managed"]
    let scheme = schemes.isEmpty ? "[a-z][a-z0-9+.-]*" : schemes.joined(separator: "|")
    let pattern = "^(\(words.joined(separator: "|"))|(\(scheme))://\\S+)$"
    return Key(
      service, schema: [("type", .string("string")), ("pattern", .string(pattern))],
      "Where \(service) is: managed for a private instance of this run, "
        + (descriptor.hasEnsembles ? "ensemble for three that agree, " : "") + "or a URL."
    ) { node, subject, diagnostics, settings in
      guard let location = location(node, subject, words, schemes, &diagnostics) else { return false }
      settings.locations[service] = location
      return true
    } show: {
      $0.locations[service].map { .string($0.redacted) }
    }
  }

  /// Reads a location. Messages never show the value: it may hold a password.
  private static func location(
    _ node: YAMLNode, _ subject: Subject, _ words: [String], _ schemes: [String], _ diagnostics: inout Diagnostics
  ) -> ServiceLocation? {
    let prefixes = schemes.isEmpty ? ["scheme://"] : schemes.map { "\($0)://" }
    let expected = "\(words.joined(separator: ", ")) or a URL that starts with \(prefixes.joined(separator: " or "))"
    guard let text = node.text else {
      diagnostics.reportKind(node, subject, expected: expected)
      return nil
    }
    if words.contains(text) { return text == "ensemble" ? .ensemble : .managed }
    guard let separator = text.firstRange(of: "://"),
      schemes.isEmpty || schemes.contains(String(text[..<separator.lowerBound]))
    else {
      let hint = Suggestion.nearest(to: text, among: words).map { " (did you mean '\($0)'?)" } ?? ""
      diagnostics.report(node.place, subject.path, "expected \(expected)\(hint)")
      return nil
    }
    guard separator.upperBound < text.endIndex, !text.contains(where: \.isWhitespace) else {
      let message = "the URL must name a host or a path after '://' and hold no spaces"
      diagnostics.report(node.place, subject.path, message)
      return nil
    }
    return .url(text)
  }
}
