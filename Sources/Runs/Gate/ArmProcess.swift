internal import Engine
internal import Gate
@preconcurrency internal import Glibc
internal import Model
internal import Results
internal import ScenarioReader

/// `contend arm`: one side of a live gate. Keeps its services up, and measures and stores one slice per request.
///
/// The connection is the only thing that it obeys: Ctrl-C reaches the gate, which then closes it. Anything that arrives
/// during a slice, the end of the connection too, cuts the slice off.
public enum ArmProcess {
  /// The connection, as ``PartnerProcess`` hands it over.
  private static let descriptor: Int32 = 3

  /// Runs until the gate closes the arm or is gone.
  ///
  /// - Parameter explanation: the exit code of a failure, and what to say about it.
  /// - Throws: what ended the conversation.
  public static func run(explanation: @escaping (any Error) -> (status: Int32, message: String)) throws {
    for ignored in [SIGINT, SIGHUP, SIGPIPE] { signal(ignored, SIG_IGN) }
    var session = ArmSession(FrameSocket<ArmMessage>(descriptor), explanation)
    try session.run()
  }
}

/// The conversation of an arm with its gate.
private struct ArmSession {
  private let socket: FrameSocket<ArmMessage>
  private let explanation: (any Error) -> (status: Int32, message: String)
  private var inbox: [ArmMessage] = []
  private var source: (scenario: Scenario, path: String)?
  private var bench: Bench?

  /// What is there between the requests to open and to close.
  private struct Bench {
    let testbed: Testbed
    let folder: ResultsFolder
  }

  init(_ socket: FrameSocket<ArmMessage>, _ explanation: @escaping (any Error) -> (status: Int32, message: String)) {
    self.socket = socket
    self.explanation = explanation
  }

  mutating func run() throws {
    defer { try? bench?.testbed.close() }
    try socket.send(.hello(version: ArmMessage.version))
    while let request = try next() {
      do {
        guard let answer = try answer(request) else { return }
        try socket.send(answer)
        if case .closed = answer { return }
      } catch let failure as EngineFailure where failure.kind == .interrupted {
        // What interrupted it is the next request, or the end.
        continue
      } catch {
        let (status, message) = explanation(error)
        try socket.send(.refused(status: status, message: message))
      }
    }
  }

  /// The answer to a request; nil when the conversation is over.
  private mutating func answer(_ request: ArmMessage) throws -> ArmMessage? {
    switch request {
    case .read(let file): return .plan(try read(file))
    case .open(let opening): return .opened(runID: try open(opening))
    case .measure(let slice):
      try measure(slice)
      return .measured
    case .close:
      let testbed = bench?.testbed
      bench = nil
      try testbed?.close()
      return .closed
    case .hello, .plan, .opened, .measured, .closed, .refused: return nil
    }
  }

  private mutating func read(_ file: ArmScenario) throws -> ArmPlan {
    let overrides = file.overrides.compactMap(Override.init(parsing:))
    let scenario = try ScenarioReader(vocabulary: .program).read(path: file.path, overrides: overrides)
    source = (scenario, file.path)
    var once = scenario
    for index in once.variants.indices { once.variants[index].load.repetitions = 1 }
    let trials = Plan(once).trials.sorted { once.order(of: $0.cell) < once.order(of: $1.cell) }
    return ArmPlan(
      name: scenario.name,
      cells: try trials.map { planned in
        let trial = try ResolvedTrial(planned, of: scenario)
        return ArmPlan.PlannedCell(
          cell: planned.cell, isControl: trial.expectation == .violation, warmup: trial.load.warmup,
          window: trial.load.duration)
      }, services: try scenario.services(), locations: scenario.services, workers: scenario.workers,
      policy: scenario.gate)
  }

  private mutating func open(_ opening: ArmOpening) throws -> String {
    guard let source else { throw GateFailure(.internal, "the arm has read no scenario") }
    let testbed = try Testbed(
      source.scenario, executable: "/proc/self/exe", interruption: socket.descriptor, shared: opening.shared)
    do {
      let program = ProgramVersion.description(seed: opening.seed, arguments: opening.arguments)
      let folder = try ResultsFolder(
        .exactly(opening.folder), source.scenario, path: source.path, plan: opening.planned.map(planned),
        program: program, servers: testbed.servers, endpoints: testbed.endpoints)
      bench = Bench(testbed: testbed, folder: folder)
      return folder.runID
    } catch {
      try? testbed.close()
      throw error
    }
  }

  private func measure(_ slice: ArmSlice) throws {
    guard let bench, let source else { throw GateFailure(.internal, "the arm is not open") }
    var trial = try ResolvedTrial(planned(slice), of: source.scenario)
    trial.load.warmup = min(trial.load.warmup, slice.warmup)
    if trial.load.duration != nil { trial.load.duration = slice.window }
    try bench.folder.append(try bench.testbed.run(trial))
  }

  private func planned(_ slice: ArmSlice) -> PlannedTrial {
    let index = source?.scenario.strategies.firstIndex { $0.label == slice.cell.strategy }
    return PlannedTrial(
      cell: slice.cell, strategyIndex: index ?? 0, repetition: slice.repetition, position: slice.position,
      seed: slice.seed)
  }

  /// The next request; nil when the gate is gone.
  private mutating func next() throws -> ArmMessage? {
    while inbox.isEmpty {
      var descriptors = [pollfd(fd: socket.descriptor, events: Int16(POLLIN), revents: 0)]
      _ = poll(&descriptors, 1, -1)
      guard let requests = try socket.receive() else { return nil }
      inbox += requests
    }
    return inbox.removeFirst()
  }
}

extension Scenario {
  /// Place of a cell in the order of the file: strategies, then variants, then numbers of workers.
  fileprivate func order(of cell: Cell) -> Int {
    let strategy = strategies.firstIndex { $0.label == cell.strategy } ?? 0
    let variant = variants.firstIndex { $0.name == cell.variant } ?? 0
    let point = workers.firstIndex(of: cell.workers) ?? 0
    return (strategy * variants.count + variant) * workers.count + point
  }
}
