import Glibc
import Model
import Testing

@testable import Runtime

/// Transactions over several databases: their names, the log of decisions, and recovery by it.
struct BranchTests {
  private static let coordinator = TransactionNumber.Coordinator(process: 4711, birth: 12)

  private static func number(_ sequence: Int64, worker: Int64 = 3) -> TransactionNumber {
    TransactionNumber(coordinator, worker: worker, sequence: sequence)
  }

  @Test("the name of a branch is read back, and others are left alone")
  func names() throws {
    let names = BranchNames(namespace: "contend_0123456789abc_2")
    var text = StatementText()
    names.append(Self.number(Int64.max), to: &text)
    let name = String(decoding: text.text.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    #expect(name == "contend_0123456789abc_2/4711.12.3.9223372036854775807")
    #expect(name.utf8.count <= 64, "XA allows no more")
    #expect(names.number(in: name) == Self.number(.max))
    for other in ["contend_0123456789abc/1.2.3.4", "contend_0123456789abc_2/1.2.3", "x", names.prefix + "1.2.3.y"] {
      #expect(names.number(in: other) == nil, "\(other)")
    }
  }

  /// A log in a file of its own.
  private struct LogFile {
    let descriptor = NamelessFile.open(in: "/tmp")
    var path: String { "/proc/self/fd/\(descriptor)" }
  }

  private func run(_ body: @escaping @Sendable () async -> Void) throws {
    let loop = try EventLoop()
    loop.start(body)
    loop.run()
  }

  @Test("what was decided is in the log, for whoever opens it later", arguments: [false, true])
  func log(inGroups: Bool) throws {
    let file = LogFile()
    defer { close(file.descriptor) }
    let log = try DecisionLog(file.path, inGroups: inGroups)
    let syncs = Exclusive<Int64>(0)
    try run {
      for sequence in 1...20 as ClosedRange<Int64> {
        do {
          let count = try await log.commit(Self.number(sequence))
          syncs.withLock { $0 += count }
        } catch { Issue.record("\(error)") }
      }
    }
    #expect(syncs.withLock { $0 } == 20, "one at a time there is nobody to go with")
    let read = try DecisionLog(file.path).committed()
    #expect(read == Set((1...20).map { Self.number($0) }))
  }

  @Test("decisions of one moment are forced to the disk together")
  func group() throws {
    let file = LogFile()
    defer { close(file.descriptor) }
    let log = try DecisionLog(file.path, inGroups: true)
    let syncs = Exclusive<Int64>(0)
    let loop = try EventLoop()
    for worker in 0..<64 as Range<Int64> {
      loop.start {
        do {
          for sequence in 1...20 as ClosedRange<Int64> {
            let count = try await log.commit(Self.number(sequence, worker: worker))
            syncs.withLock { $0 += count }
          }
        } catch { Issue.record("\(error)") }
      }
    }
    loop.run()
    #expect(try DecisionLog(file.path).committed().count == 64 * 20)
    #expect((1..<64 * 20).contains(syncs.withLock { $0 }))
  }

  /// A database in memory whose branches only recovery ends.
  private final class Branches: PreparedBranches {
    var open: [String]
    var age = 0.0
    var commits: [String] = []
    var aborts: [String] = []
    init(_ open: [String]) { self.open = open }
    func list() -> [(name: String, age: Double)] { open.map { ($0, age) } }
    func end(_ name: String, commits: Bool) -> Bool {
      open.removeAll { $0 == name }
      if commits { self.commits.append(name) } else { aborts.append(name) }
      return true
    }
  }

  @Test("recovery commits what the log names, rolls back what it does not, and leaves strangers alone")
  func recovery() throws {
    let file = LogFile()
    defer { close(file.descriptor) }
    let log = try DecisionLog(file.path)
    try run { _ = try? await log.commit(Self.number(1)) }
    let branches = Branches(["ns/4711.12.3.1", "ns/4711.12.3.2", "other/4711.12.3.1", "somebody's own"])
    let recovery = BranchRecovery([.init(namespace: "ns", branches)], log)
    #expect(try recovery.remaining() == [2])
    #expect(try recovery.recover { _ in false }.map(\.commits) == [0])
    #expect(branches.open.count == 4)
    let ended = try recovery.recover { _ in true }
    #expect(ended.map(\.commits) == [1] && ended.map(\.aborts) == [1])
    #expect(branches.commits == ["ns/4711.12.3.1"] && branches.aborts == ["ns/4711.12.3.2"])
    #expect(branches.open == ["other/4711.12.3.1", "somebody's own"])
  }

  @Test("by age a branch is rolled back although it was decided to commit: the trap of a timeout")
  func heuristics() throws {
    let file = LogFile()
    defer { close(file.descriptor) }
    let log = try DecisionLog(file.path)
    try run { _ = try? await log.commit(Self.number(1)) }
    let branches = Branches(["ns/4711.12.3.1"])
    branches.age = 2
    try BranchRecovery([.init(namespace: "ns", branches)], log, heuristicAge: 3).recover { _ in false }
    #expect(branches.aborts.isEmpty)
    try BranchRecovery([.init(namespace: "ns", branches)], log, heuristicAge: 1).recover { _ in false }
    #expect(branches.aborts == ["ns/4711.12.3.1"])
  }

  @Test("the steps of an operation are told apart by database")
  func parts() {
    let sharding = Sharding(over: ["a", "b"])
    let template = OperationTemplate(steps: [
      Step(key: 0, .read), Step(key: 3, .add, operand: 1), Step(key: 4, .add, operand: 1),
    ])
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: Operation.byteCount(steps: 3), alignment: 8)
    defer { bytes.deallocate() }
    Operation.store(template, index: 0, at: bytes)
    let operation = Operation(UnsafePointer(bytes.assumingMemoryBound(to: Operation.Header.self)), token: 1)
    let (even, odd) = (Part(of: operation, in: 0, sharding), Part(of: operation, in: 1, sharding))
    #expect((0..<3).map(even.contains) == [true, false, true] && even.count == 2)
    #expect((0..<3).map(odd.contains) == [false, true, false] && odd.writes(operation))
    #expect(Part().isEmpty && !Part().writes(operation))
  }
}
