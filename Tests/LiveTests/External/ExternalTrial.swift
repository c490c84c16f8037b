import Engine
import Foundation
import Glibc
import Model
import Runtime
import StrategyCatalog
import Testing

@testable import ExternalStrategies

/// One short trial of a program of the user's through the engine.
struct ExternalTrial {
  var id = "external.lock"
  var over: String?
  var adapter: AdapterSettings
  var options: [String: OptionValue] = ["wait": .duration(.seconds(2)), "ttl": .duration(.milliseconds(200))]
  var adjust: (inout Variant) -> Void = { _ in }

  init(_ adapter: AdapterSettings, over store: String? = nil) {
    self.adapter = adapter
    over = store
  }

  /// A program of the scenarios.
  init(example name: String, over store: String? = nil) {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("scenarios/external/\(name)").path
    self.init(AdapterSettings(command: [path], program: path), over: store)
  }

  /// A program whose text is stated: in Python, with `say` and the loop of requests around it.
  static func script(_ answer: String, role: String = "lock") -> AdapterSettings {
    let text = """
      import json, os, sys, time
      def say(**reply): os.write(4, (json.dumps({'id': request['id'], **reply}) + chr(10)).encode())
      for line in os.fdopen(3):
        request = json.loads(line)
        kind = request['type']
        if kind == 'hello': say(type='hello', version=1, role='\(role)')
        elif kind in ('acquire', 'perform'): \(answer)
        elif kind == 'bye': break
        else: say(type={'open': 'opened', 'release': 'released'}.get(kind, 'ok'))
      """
    return AdapterSettings(command: ["python3", "-c", text], program: "/usr/bin/python3")
  }

  func scenario(_ workload: String = "counter") throws -> Scenario {
    var scenario = try TestRun.scenario(workload, strategies: ["memory.none"], workers: 4) { variant in
      variant.load.processes = 2
      variant.load.duration = .milliseconds(600)
      variant.workload.hold = .milliseconds(2)
      adjust(&variant)
    }
    let descriptor = try #require(StrategyCatalog.entry(id: id, over: over)?.descriptor)
    scenario.strategies = [
      StrategySelection(
        id: id, over: over, options: Options(descriptor.options, stated: options), adapter: adapter)
    ]
    return scenario
  }

  /// Runs it, and expects that nothing of it stays.
  func run(_ workload: String = "counter", faults: [PlannedFault] = []) throws -> TrialResult {
    // Tests beside this one start programs, too.
    defer { #expect(throws: Never.self) { try waitUntil("no program is left") { Self.programs.isEmpty } } }
    return try FaultTrial.run(scenario(workload), faults)
  }

  /// Programs that workers of this process have started and that are still there.
  static var programs: [String] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return all.filter { process in
      guard pid_t(process) != nil,
        let variables = FileManager.default.contents(atPath: "/proc/\(process)/environ")
      else { return false }
      return String(decoding: variables, as: UTF8.self).contains("CONTEND_TEST_DRIVER=\(getpid())")
        && String(decoding: variables, as: UTF8.self).contains("CONTEND_ADAPTER=1")
    }
  }
}
