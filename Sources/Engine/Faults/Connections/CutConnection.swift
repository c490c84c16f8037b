public import Model
internal import Proxy
internal import Words

/// Cuts connections between workers and a service, by a proxy between them: all at once, or each at a request of its own,
/// before the server hears it or before the client hears the answer.
///
/// It has fired when the first connection was cut. Until it is healed, connections that come are treated alike. What is
/// encrypted passes and cannot be cut by request.
public struct CutConnection: Fault {
  /// Name of the service.
  public let service: String
  /// What becomes of the connections.
  public let means: CutMeans
  /// At which requests; nil for all connections at once.
  public let selection: RequestSelection?
  /// Which of several servers of the service, from 0 in the order of its URL; nil for all.
  public let member: Int?
  private let seed: UInt64
  private var stand: ProxyStand?
  private var cuts: CutTally?

  /// Makes a fault.
  ///
  /// - Parameter seed: of the choice of requests, and of jitter.
  public init(
    _ service: String, _ means: CutMeans = .reset, at selection: RequestSelection? = nil, member: Int? = nil,
    seed: UInt64 = 1
  ) {
    self.service = service
    self.means = means
    self.selection = selection
    self.member = member
    self.seed = seed
  }

  /// What it does.
  public var summary: String {
    let server = member.map { "member \($0) of \(service)" } ?? service
    let connections =
      switch means {
      case .reset: "cut connections to \(server)"
      case .refuse: "refuse connections to \(server)"
      case .blackHole: "let connections to \(server) hang"
      case .halfOpen: "leave connections to \(server) half open"
      case .delay: "delay connections to \(server)"
      case .slowReader: "slow down answers of \(server)"
      }
    guard let selection else { return connections }
    let side = selection.moment == .beforeReply ? "before the reply to" : "before"
    return switch selection.which {
    case .number(let number): "\(connections) \(side) \(selection.kind) number \(number)"
    case .share(let share): "\(connections) \(side) \(formatPercent(share)) of \(selection.kind)"
    }
  }

  /// How many connections were cut at a request by now.
  public var cutCount: Int { cuts?.count ?? 0 }

  /// Needs connections, and a protocol in which requests are recognised.
  public func obstacle(in trial: ResolvedTrial, managed: ManagedServices) -> String? {
    guard trial.services.contains(service) else { return "the trial does not use it" }
    if ["sqlite", "lock-files"].contains(service) { return "there is no connection to it" }
    switch means {
    case .delay(let delay, let jitter) where delay < .zero || jitter < .zero || jitter > delay:
      return "a delay is at least zero, and its jitter no longer than itself"
    case .slowReader(let rate) where rate < 1: return "a reader takes at least one byte per second"
    case .slowReader where selection != nil: return "a slow reader is slow with all answers; leave the requests out"
    case .refuse where selection != nil: return "who is refused sends no requests; leave them out"
    default: break
    }
    guard let selection else { return nil }
    guard WireProtocol(service: service) != nil else {
      return "requests are not recognised in the protocol of \(service); cut all connections at a moment"
    }
    if selection.kind.isEmpty { return "the kind of request has no name" }
    return switch selection.which {
    case .number(let number): number < 1 ? "requests are numbered from 1" : nil
    case .share(let share): share > 0 && share <= 1 ? nil : "a share is above 0 and at most 1"
    }
  }

  /// It is done between workers and servers.
  public var needsProxy: Bool { true }

  /// Stands between workers and servers.
  public mutating func prepare(_ addresses: inout [String: String]) throws(FaultFailure) {
    let wire = selection == nil ? nil : WireProtocol(service: service)
    stand = try ProxyStand(before: service, &addresses, recognising: wire, member: member, seed: seed)
  }

  /// Cuts everything, or begins to wait for requests and answers whether one was cut by now.
  public mutating func inject(into trial: TrialController) throws(FaultFailure) -> Bool {
    guard let stand else { return false }
    guard let selection else {
      stand.proxy.disturb(means, stand.links)
      return true
    }
    if cuts == nil { cuts = stand.proxy.arm(selection, means, stand.links, until: trial.times.closes) }
    return cutCount > 0
  }

  /// Lets everything pass again, and ends connections that hang.
  public mutating func heal(_ trial: TrialController) throws(FaultFailure) -> Bool {
    stand?.proxy.disarm(stand?.links ?? [])
    stand?.proxy.calm(stand?.links ?? [])
    return true
  }
}

extension CutConnection: ScenarioFault {
  /// `cut-connection`.
  public static let descriptor = FaultDescriptor(
    id: "cut-connection",
    summary:
      "Cuts connections to a service: all at once, or each at a request, before or after the server has done it.",
    subject: .service, length: .share(0.2),
    options: [
      OptionSpecification(
        "how", .word(["reset", "refuse", "black-hole", "half-open", "delay", "slow-reader"]), default: .word("reset"),
        "What becomes of the connections; of 'half-open' only the client is told, of 'black-hole' nobody."),
      OptionSpecification(
        "when", .word(["now"] + RequestSelection.Moment.allCases.map(\.rawValue)), default: .word("now"),
        "All at once, or at a request: the server never hears of it, or does it and the client never learns."),
      OptionSpecification(
        "of", .word(requestKinds), default: .word("COMMIT"), "Which requests, by how the statement or command begins."),
      OptionSpecification("share", .share, default: .number(0.01), "The share of these requests."),
      OptionSpecification(
        "number", .integer(0...1_000_000_000), default: .integer(0),
        "Instead of a share: the one request of this number, from 1, over all connections; 0 for the share."),
      OptionSpecification(
        "delay", .duration(.zero ... .seconds(60)), default: .duration(.milliseconds(100)),
        "Of 'how: delay': how much longer each way takes."),
      OptionSpecification(
        "jitter", .duration(.zero ... .seconds(60)), default: .duration(.zero),
        "Of 'how: delay': by how much more or less at most."),
      OptionSpecification(
        "bytes-per-second", .integer(1...1_000_000_000), default: .integer(1000),
        "Of 'how: slow-reader': how much of the answers is taken."),
      memberOption,
    ])

  static let memberOption = OptionSpecification(
    "member", .wordOrInteger(["all"], 0...99), default: .word("all"),
    "Which of several servers of the service, from 0.")

  private static let requestKinds = [
    "BEGIN", "COMMIT", "ROLLBACK", "SELECT", "INSERT", "UPDATE", "DELETE", "CALL", "GET", "SET", "DEL", "WATCH",
    "MULTI",
    "EXEC", "EVAL", "EVALSHA", "INCR", "ADD", "CAS", "GETS", "CREATE", "CHILDREN",
  ]

  /// As the scenario states it.
  public init(_ settings: FaultSettings, in trial: ResolvedTrial) {
    let options = settings.options
    let means: CutMeans =
      switch options.word("how") {
      case "refuse": .refuse
      case "black-hole": .blackHole
      case "half-open": .halfOpen
      case "delay": .delay(options.duration("delay"), jitter: options.duration("jitter"))
      case "slow-reader": .slowReader(bytesPerSecond: options.integer("bytes-per-second"))
      default: .reset
      }
    let number = options.integer("number")
    let selection = RequestSelection.Moment(rawValue: options.word("when")).map { moment in
      RequestSelection(
        moment, of: options.word("of"), number > 0 ? .number(number) : .share(options.number("share")))
    }
    self.init(
      settings.service(in: trial), means, at: selection, member: options.member,
      seed: trial.planned.seed)
  }
}

extension Options {
  /// The number of a server of a service; nil for all.
  var member: Int? { if case .integer(let member) = values["member"] { member } else { nil } }
}
