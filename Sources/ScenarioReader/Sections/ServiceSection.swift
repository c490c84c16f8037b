internal import Model
internal import Words

/// What `services` says, before its distances go to the variants.
struct ServiceDraft: Sendable {
  /// Where the services are.
  var settings = ServiceSettings()
  /// What is stated of their distances; the round trip is zero where only jitter is.
  private(set) var stated: [String: (roundTrip: Duration?, jitter: Duration?)] = [:]
  /// The round trip to those of which none is stated.
  var roundTrip: Duration?

  init() {}

  /// All of them managed.
  init(managed names: [String]) {
    settings.locations = Dictionary(uniqueKeysWithValues: names.map { ($0, .managed) })
  }

  /// What is the same in all variants; the sweep states the rest.
  init(_ scenario: Scenario) {
    settings = scenario.services
    let distances = scenario.variants.map(\.distances)
    func common(_ name: String, _ part: (Distance) -> Duration) -> Duration? {
      let values = distances.map { $0[name].map(part) ?? .zero }
      return values.allSatisfy { $0 == values[0] } && values[0] != .zero ? values[0] : nil
    }
    for name in Set(distances.flatMap(\.keys)) {
      stated[name] = (common(name, \.roundTrip), common(name, \.jitter))
    }
  }

  /// The distances that make a difference, of those of these services that the scenario has.
  func distances(of services: [ServiceDescriptor]) -> [String: Distance] {
    var distances: [String: Distance] = [:]
    for service in services where !service.isEmbedded && settings.locations[service.name] != nil {
      let stated = self[service.name]
      guard let roundTrip = stated.roundTrip ?? roundTrip, roundTrip != .zero else { continue }
      distances[service.name] = Distance(roundTrip: roundTrip, jitter: stated.jitter ?? .zero)
    }
    return distances
  }

  /// Of one service.
  subscript(name: String) -> (roundTrip: Duration?, jitter: Duration?) {
    get { stated[name] ?? (nil, nil) }
    set { stated[name] = newValue }
  }
}

/// The keys of `services`: one for each service that a strategy of the vocabulary may need.
enum ServiceSection {
  static func section(_ services: [ServiceDescriptor]) -> Section<ServiceDraft> {
    Section(path: "services", keys: common.keys + services.map(key))
  }

  /// What holds for all services of which nothing else is stated. It is shown with each of them.
  static let common = Section<ServiceDraft>(
    path: "services",
    keys: [
      Key("rtt", schema: roundTrips.schema, "By how much longer a round trip to any of the servers takes.") {
        node, subject, diagnostics, draft in
        guard let value = roundTrips.read(node, subject, &diagnostics) else { return false }
        draft.roundTrip = value
        return true
      } show: { _ in
        nil
      }
    ])

  private static let roundTrips = ValueFormat.duration(.zero...Duration.seconds(10))

  /// Reads `services`; services that it does not name are managed.
  static func read(
    _ node: YAMLNode?, _ vocabulary: Vocabulary, _ diagnostics: inout Diagnostics
  ) -> ServiceDraft {
    guard let node else { return ServiceDraft() }
    let draft = section(vocabulary.services).read(node, into: ServiceDraft(), &diagnostics).value
    for (name, stated) in draft.stated.sorted(by: { $0.key < $1.key }) where stated.roundTrip == nil {
      guard let roundTrip = draft.roundTrip, roundTrip > .zero, let jitter = stated.jitter, jitter * 2 > roundTrip
      else { continue }
      diagnostics.report(
        node.place, "services.\(name).jitter",
        "\(DurationText.text(of: jitter)) is more than half of the rtt \(DurationText.text(of: roundTrip)), which is one way"
      )
    }
    return draft
  }

  private static func words(_ descriptor: ServiceDescriptor) -> [String] {
    descriptor.hasEnsembles ? ["managed", "ensemble"] : ["managed"]
  }

  /// Where a service is, as a word or a URL or, with how far away it is to seem, as a mapping.
  private static func key(_ descriptor: ServiceDescriptor) -> Key<ServiceDraft> {
    let service = descriptor.name
    let place = place(descriptor)
    let properties = ([place] + distance(descriptor).keys).map { ($0.name, JSON.object($0.schema)) }
    let mapping = JSON.object([
      ("type", .string("object")), ("properties", .object(properties)), ("additionalProperties", .boolean(false)),
    ])
    return Key(
      service, schema: descriptor.isEmbedded ? place.schema : [("anyOf", .array([.object(place.schema), mapping]))],
      "Where \(service) is: managed for a private instance of this run, "
        + (descriptor.hasEnsembles ? "ensemble for three that agree, " : "") + "or a URL."
    ) { node, subject, diagnostics, draft in
      guard node.entries != nil else { return place.read(node, subject, &diagnostics, &draft) }
      return readMapping(node, descriptor, &diagnostics, &draft)
    } show: { draft in
      let distance = distance(descriptor).show(draft)
      return place.show(draft).map { $0 }.map { distance.isEmpty ? $0 : .object([("url", $0)] + distance) }
    }
  }

  private static func readMapping(
    _ node: YAMLNode, _ descriptor: ServiceDescriptor, _ diagnostics: inout Diagnostics, _ draft: inout ServiceDraft
  ) -> Bool {
    let distance = distance(descriptor)
    let section = Section(path: distance.path, keys: [place(descriptor)] + distance.keys)
    let reading = section.read(node, into: draft, &diagnostics)
    guard reading.failed.isEmpty else { return false }
    draft = reading.value
    if draft.settings.locations[descriptor.name] == nil { draft.settings.locations[descriptor.name] = .managed }
    let stated = draft[descriptor.name]
    guard let jitter = stated.jitter, let node = reading.stated["jitter"] else { return true }
    // Each way takes half of the round trip, and nothing arrives before it was sent.
    let roundTrip = stated.roundTrip ?? .zero
    guard roundTrip > .zero, jitter * 2 > roundTrip else { return true }
    diagnostics.report(
      node.place, "\(distance.path).jitter",
      "\(node.valueForMessage) is more than half of the rtt \(DurationText.text(of: roundTrip)), which is one way")
    return false
  }

  /// The keys that say how far away a service is to seem; none for one without a server.
  static func distance(_ descriptor: ServiceDescriptor) -> Section<ServiceDraft> {
    let (name, format) = (descriptor.name, roundTrips)
    func key(
      _ key: String, _ path: any (WritableKeyPath<(roundTrip: Duration?, jitter: Duration?), Duration?> & Sendable),
      _ summary: String
    ) -> Key<ServiceDraft> {
      Key(key, schema: format.schema, summary) { node, subject, diagnostics, draft in
        guard let value = format.read(node, subject, &diagnostics) else { return false }
        draft[name][keyPath: path] = value
        return true
      } show: {
        $0[name][keyPath: path].map(format.show)
      }
    }
    return Section(
      path: "services.\(name)",
      keys: descriptor.isEmbedded
        ? []
        : [
          key("rtt", \.roundTrip, "By how much longer a round trip to \(name) takes, half of it on each way."),
          key("jitter", \.jitter, "By how much each way varies at most, up or down."),
        ])
  }

  /// The path of the round trip to every server.
  static let commonRoundTrip = "services.rtt"

  /// Whether a path names the round trip to one service.
  static func isRoundTrip(_ path: String) -> Bool {
    path != commonRoundTrip && isDistance(path) && path.hasSuffix(".rtt")
  }

  /// Whether a path names the distance of a service, or of all.
  static func isDistance(_ path: String) -> Bool {
    let keys = path.split(separator: ".")
    return path == commonRoundTrip || keys.count == 3 && ["rtt", "jitter"].contains(keys[2])
  }

  private static func place(_ descriptor: ServiceDescriptor) -> Key<ServiceDraft> {
    let (service, schemes, words) = (descriptor.name, descriptor.schemes, words(descriptor))
    let scheme = schemes.isEmpty ? "[a-z][a-z0-9+.-]*" : schemes.joined(separator: "|")
    let pattern = "^(\(words.joined(separator: "|"))|(\(scheme))://\\S+)$"
    return Key("url", schema: [("type", .string("string")), ("pattern", .string(pattern))], "Where it is.") {
      node, subject, diagnostics, draft in
      guard let location = location(node, subject, words, schemes, &diagnostics) else { return false }
      draft.settings.locations[service] = location
      return true
    } show: {
      $0.settings.locations[service].map { .string($0.redacted) }
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
