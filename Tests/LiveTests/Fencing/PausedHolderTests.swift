import Engine
import Model
import Runtime
import StrategyCatalog
import Testing

extension EngineTests {
  /// The levels of a fence under a holder that is paused beyond its lease and does not know.
  @Suite(.serialized) struct PausedHolders {
    /// A lock and the store that its records are in.
    struct Place: Sendable, CustomTestStringConvertible {
      let lock: String
      let store: String
      var options: [String: OptionValue] = [:]
      /// Longer than the lease.
      var pause = Duration.milliseconds(300)
      var pauses = 3
      var testDescription: String { "\(lock) over \(store)" }

      static let redis = ["postgres", "redis"].map {
        Place(lock: "redis.lock", store: $0, options: ["ttl": .duration(.milliseconds(100))])
      }
    }

    #if Etcd
    /// The server makes a lease of a second two.
    private static let etcd = Place(
      lock: "etcd.lock", store: "etcd", options: ["lease": .duration(.seconds(1))], pause: .milliseconds(3500),
      pauses: 1)

    @Test("the revision of a key in etcd is a token, too", arguments: [Fence.none, .readAndWrite])
    func etcd(fence: Fence) throws {
      let results = try trials(Self.etcd, fence) { $0.total[.staleEffectsAttempted] > 0 && $0.total[.overlaps] > 0 }
      let result = try #require(results.last)
      #expect(result.total[.staleEffectsAttempted] > 0 && result.total[.overlaps] > 0)
      #expect((result.total[.staleEffectsAccepted] > 0) == (fence == .none))
      if fence != .none { #expect(result.verdict == .pass, "\(result.checks)") }
    }
    #endif

    private func run(_ place: Place, _ fence: Fence) throws -> TrialResult {
      let own = try #require(StrategyCatalog.entry(id: place.lock, over: nil)?.descriptor.store)
      let over = own == place.store ? nil : place.store
      let descriptor = try #require(StrategyCatalog.entry(id: place.lock, over: over)?.descriptor)
      var scenario = try TestRun.scenario("counter", strategies: [place.lock]) {
        $0.load.processes = 2
        $0.load.duration = (place.pause + .milliseconds(150)) * place.pauses + .milliseconds(300)
        $0.workload.hold = .milliseconds(5)
        $0.retry.cap = .milliseconds(5)
      }
      scenario.strategies[0].over = over
      scenario.strategies[0].options = Options(
        descriptor.options, stated: place.options.merging(["fence": .word(fence.rawValue)]) { $1 })
      let faults = (0..<place.pauses).map { index in
        PlannedFault(
          PauseWorkers(.holder), at: .milliseconds(50) + (place.pause + .milliseconds(150)) * index, for: place.pause)
      }
      let result = try FaultTrial.run(scenario, faults)
      FaultTrial.expectCountsAddUp(result)
      return result
    }

    private func lost(_ result: TrialResult) -> Int64 {
      result.violations.filter { $0.kind == .lostUpdate }.reduce(0) { $0 + $1.count }
    }

    /// Runs trials until a holder was paused where it matters, a few at most.
    private func trials(
      _ place: Place, _ fence: Fence, until isEnough: (TrialResult) -> Bool
    ) throws -> [TrialResult] {
      var results: [TrialResult] = []
      repeat { results.append(try run(place, fence)) } while results.count < 20 && !isEnough(results[results.count - 1])
      return results
    }

    @Test("without a fence the store takes what comes late", arguments: Place.redis)
    func none(place: Place) throws {
      let results = try trials(place, .none) {
        $0.total[.staleEffectsAccepted] > 0 && $0.total[.overlaps] > 0 && lost($0) > 0
      }
      let total = try #require(results.last).total
      #expect(total[.staleEffectsAccepted] > 0 && total[.overlaps] > 0)
      for result in results {
        #expect(result.total[.staleEffectsAttempted] == result.total[.staleEffectsAccepted])
        #expect(result.total[.leaseLost] == 0)
      }
    }

    @Test("a fence for writes refuses what comes after a later holder's write", arguments: Place.redis)
    func write(place: Place) throws {
      let results = try trials(place, .write) { $0.total[.staleEffectsAttempted] > 0 && $0.total[.overlaps] > 0 }
      let total = try #require(results.last).total
      #expect(total[.staleEffectsAttempted] > 0 && total[.overlaps] > 0)
      for result in results {
        #expect(result.total[.staleEffectsAccepted] == 0)
        #expect(result.total[.leaseLost] == result.total[.staleEffectsAttempted])
      }
    }

    @Test("a fence for reads and writes loses nothing, although two believe to hold the lock", arguments: Place.redis)
    func readAndWrite(place: Place) throws {
      let results = try trials(place, .readAndWrite) { $0.total[.staleEffectsAttempted] > 0 && $0.total[.overlaps] > 0 }
      let total = try #require(results.last).total
      #expect(total[.staleEffectsAttempted] > 0 && total[.overlaps] > 0)
      for result in results {
        #expect(result.verdict == .pass, "\(result.checks)")
        #expect(lost(result) == 0 && result.total[.staleEffectsAccepted] == 0)
      }
    }
  }
}
