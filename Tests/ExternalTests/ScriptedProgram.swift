import Foundation
import Model

@testable import ExternalStrategies
@testable import Runtime

/// A program in Python that behaves until a lock is asked for, and then does what a test wants.
struct ScriptedProgram {
  private let folder: URL
  let settings: AdapterSettings

  /// - Parameters:
  ///   - acquire: statements in Python that answer `request`, by `say(...)`.
  ///   - hello: members of its hello, in Python.
  init(acquire: String = "say(type='granted')", hello: String = "version=1, role='lock'") throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("program-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let indented = acquire.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
    try """
    import json, os, signal, subprocess, sys, time
    def raw(text):
      os.write(4, text.encode())
    def say(**reply):
      raw(json.dumps({'id': request['id'], **reply}) + '\\n')
    def acquire():
    \(indented)
    for line in os.fdopen(3):
      request = json.loads(line)
      kind = request['type']
      if kind == 'hello': say(type='hello', \(hello))
      elif kind in ('acquire', 'ping'): acquire()
      elif kind == 'bye': break
      else: say(type={'open': 'opened', 'release': 'released'}.get(kind, 'ok'))
    """.write(to: folder.appendingPathComponent("program.py"), atomically: true, encoding: .utf8)
    let python = "/usr/bin/python3"
    settings = AdapterSettings(
      command: [python, folder.appendingPathComponent("program.py").path], program: python,
      options: ["word": .word("a b"), "number": .integer(3)])
  }

  /// Removes its file.
  func remove() { try? FileManager.default.removeItem(at: folder) }

  /// What came of asking for a lock.
  struct Outcome: Sendable {
    let reply: ReplyKind?
    /// Why the program is of no use any more; empty when it is.
    let failure: String
    /// Processes that it has left behind.
    let left: Int
  }

  /// Starts it, asks for a lock, and ends it.
  ///
  /// - Parameter patience: how long the reply is waited for.
  func ask(_ kind: RequestKind = .acquire, patience: Duration = .seconds(10)) throws -> Outcome {
    let memory = try TrialMemory(
      TrialLayout(records: 2, threads: 1, workers: 2, ringLength: 2, stepsPerOperation: 1, comparesValues: false))
    let options = Options(AdapterOptions.all, stated: ["wait": .duration(.seconds(1)), "ttl": .duration(.seconds(1))])
    let environment = StrategyEnvironment(
      options: options, records: memory.records, workers: 2, endpoints: ["redis": "unix:///x"], namespace: "n",
      adapter: settings)
    let plan = try AdapterPlan(environment, role: .lock)
    return try DriverLoop.run { worker async throws(SetupFailure) in
      let session = try await AdapterSession(plan, worker)
      let answer = await session.adapter.ask(session.call, kind, patience: patience.nanoseconds) {
        $0.append(lock: 0, worker: 0, shared: false, wait: 1000, lease: 1000)
      }
      let isReply = if case .reply = answer { true } else { false }
      let reply = isReply ? session.call.reply.kind : nil
      let marker = session.adapter.program.marker
      let failure = session.adapter.failure?.message ?? ""
      await session.close()
      // What is killed takes a moment to be gone.
      for _ in 0..<200 where !Leftovers.look(for: marker).marked.isEmpty {
        await worker.loop.sleep(nanoseconds: 10_000_000)
      }
      return Outcome(reply: reply, failure: failure, left: Leftovers.look(for: marker).marked.count)
    }
  }
}
