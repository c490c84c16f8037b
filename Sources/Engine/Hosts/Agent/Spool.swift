internal import FoundationEssentials
@preconcurrency internal import Glibc
internal import Hosts
internal import Model
internal import Runtime

/// A trial on the disk of its host, so that what its workers had counted outlives its agent: the memory of the workers as a
/// file, which they write as they go, and a note of what it belongs to. Both are removed once the evidence has arrived.
///
/// It survives whatever is killed on the host, not the host itself; in `/dev/shm` it costs no disk.
struct Spool {
  /// What the memory file belongs to. Holds no credentials.
  private struct Note: Codable {
    var order: HostOrder
    var number: UInt32
    /// When the window opens, by the clock of the host.
    var opening: Int64
  }

  private let note: String
  private var memory: String { note + ".memory" }

  /// The files of a trial in a folder.
  init(folder: String, order: HostOrder, number: UInt32) {
    note = "\(folder)/\(order.namespace)-\(number)-\(order.rank).trial"
  }

  /// A trial that an agent has left behind.
  ///
  /// - Parameter path: of its note.
  init(note path: String) { note = path }

  /// Memory in a file that is readable by its owner only.
  func makeMemory(_ layout: TrialLayout) throws(SystemFailure) -> TrialMemory {
    try TrialMemory(layout, creating: memory)
  }

  /// Notes what the memory belongs to, from the start on: before it nothing counts.
  func write(_ order: HostOrder, number: UInt32, opening: Int64) {
    var order = order
    order.endpoints = [:]
    guard let text = try? JSONEncoder().encode(Note(order: order, number: number, opening: opening)) else { return }
    let descriptor = open(note, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    _ = Array(text).withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
  }

  /// Removes both files.
  func remove() {
    unlink(note)
    unlink(memory)
  }

  /// What the workers of an agent that is gone have left behind.
  ///
  /// - Throws: when the files cannot be read, or are of another version of the program.
  func delivery() throws(HostFailure) -> (rank: Int, number: UInt32, outcome: HostOutcome, payload: [UInt8]) {
    do {
      let note = try JSONDecoder().decode(Note.self, from: Data(try Self.bytes(of: note)))
      let trial = try ResolvedTrial(note.order)
      let descriptor = open(memory, O_RDWR | O_CLOEXEC)
      guard descriptor >= 0 else { throw SystemFailure("open \(memory)") }
      let setup = try TrialSetup(trial, note.order, memory: try TrialMemory(note.order.layout, descriptor: descriptor))
      setup.memory.settleOpenOperations(windowEnd: note.opening)
      var outcome = HostOutcome()
      outcome.failure = "its agent was killed; what its workers had counted was delivered afterwards"
      outcome.startDelay = setup.memory.startDelay(of: setup.workers)
      let evidence = setup.memory.collect(workers: setup.workers, windowOpened: note.opening, withStore: false)
      let payload = HostDelivery(evidence: evidence.frame(), sections: setup.memory.heldSections).payload
      return (note.order.rank, note.number, outcome, payload)
    } catch {
      throw HostFailure(.usage, "\(note) and its memory cannot be delivered: \(error)")
    }
  }

  private static func bytes(of path: String) throws(SystemFailure) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemFailure("open \(path)") }
    defer { close(descriptor) }
    var content: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count <= 0 { return content }
      content += buffer[..<count]
    }
  }
}
