import Engine
import Foundation
import Model
import Runtime
import Testing

/// What the driver and its worker processes say to each other.
struct FrameTests {
  /// The keys that every frame is written with at this version. When this fails, the content of a frame has changed: move
  /// ``Frame/version`` up, and then state here what it is.
  @Test func theVersionStandsForTheContent() throws {
    let frames: [Frame] = [
      .hello(version: 1), .assignment(assignment), .ready, .refused(message: "m"), .start(moment: 1, opening: 2), .stop,
      .finished(windowOpened: 1, windowClosed: 2),
    ]
    let written = try frames.flatMap { frame in
      try Self.paths(of: JSONSerialization.jsonObject(with: JSONEncoder().encode(frame)), "")
    }
    #expect(Frame.version == 8)
    #expect(
      written.map { $0.replacing("assignment._0.", with: "") } == [
        "hello.version", "adapter.command", "adapter.options", "adapter.program", "adapter.services", "affinity",
        "endpoints", "layout.comparesValues", "layout.historyCapacity", "layout.holdCapacity", "layout.records",
        "layout.ringLength", "layout.stepsPerOperation", "layout.threads", "layout.workers",
        "load.arrivals.poisson", "load.drain", "load.duration", "load.hosts", "load.operations", "load.pin",
        "load.processes",
        "load.rate", "load.remeasure",
        "load.repetitions", "load.seed", "load.threads", "load.warmup", "load.workers", "log", "namespace",
        "options.values",
        "over", "retry.attempts", "retry.backoff", "retry.base", "retry.cap", "retry.deadline", "retry.jitter",
        "samplingInterval", "seed", "sharding.services", "strategy", "threads", "workers",
        "workload.distribution.uniform", "workload.hold",
        "workload.keys", "workload.kind", "workload.options.values", "workload.script.definitions",
        "workload.script.interval", "workload.script.invariants", "workload.script.mode", "workload.script.setup.name",
        "workload.script.setup.text", "workload.script.store", "workload.script.transactions",
        "workload.script.variant", "workload.shards", "workload.think", "ready",
        "refused.message",
        "start.moment", "start.opening", "stop", "finished.windowClosed", "finished.windowOpened",
      ])
  }

  /// An assignment in which every optional part is stated.
  private var assignment: Assignment {
    var load = LoadSettings()
    load.threads = 1
    load.operations = 1
    load.rate = 1
    var retry = RetryPolicy()
    retry.attempts = 1
    var workload = WorkloadSettings(kind: "counter")
    workload.script = ScriptSettings(
      setup: ScriptSettings.Source(name: "n", text: "t"), interval: .seconds(1), variant: "v")
    return Assignment(
      layout: TrialLayout(
        records: 1, threads: 1, workers: 1, ringLength: 1, stepsPerOperation: 1, comparesValues: false),
      workers: 0..<1, threads: 0..<1, strategy: "s", over: "o", options: Options([]), endpoints: [:], namespace: "n",
      sharding: Sharding(over: ["a"]), log: "l", adapter: AdapterSettings(builtIn: "exclusive"), workload: workload,
      load: load, retry: retry, seed: 1, samplingInterval: 1,
      affinity: 1)
  }

  /// The paths of all values in an object, sorted.
  private static func paths(of value: Any, _ path: String) -> [String] {
    guard let object = value as? [String: Any], !object.isEmpty else { return [path] }
    return object.keys.sorted().flatMap { paths(of: object[$0] ?? 0, path.isEmpty ? $0 : "\(path).\($0)") }
  }
}
