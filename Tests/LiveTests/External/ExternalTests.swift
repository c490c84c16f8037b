import Engine
import Glibc
import Model
import Testing

@testable import ExternalStrategies

/// Programs of the user's under load, faults and checks.
@Suite(.serialized) struct ExternalTests {
  init() { setenv("CONTEND_TEST_DRIVER", "\(getpid())", 1) }

  @Test("locks in programs keep others out", arguments: ["per-worker", "per-process"])
  func exclusive(programs: String) throws {
    var trial = ExternalTrial(AdapterSettings(builtIn: "exclusive"))
    trial.options["programs"] = .word(programs)
    let result = try trial.run()
    #expect(result.failure == nil && result.verdict == .pass && result.total[.committed] > 20, "\(result)")
    #expect(result.total[.overlaps] == 0)
  }

  @Test("what grants too much is caught", arguments: ["grant-all", "leaky"])
  func controls(name: String) throws {
    var trial = ExternalTrial(AdapterSettings(builtIn: name))
    trial.adjust = { $0.load.duration = .milliseconds(1500) }
    let result = try trial.run()
    #expect(result.failure == nil && result.verdict == .violation)
    #expect(result.total[.overlaps] > 0)
  }

  @Test("what never answers hangs no trial")
  func deaf() throws {
    var trial = ExternalTrial(AdapterSettings(builtIn: "deaf"))
    trial.options["wait"] = .duration(.milliseconds(100))
    let result = try trial.run()
    #expect(result.failure?.contains("has not answered 'acquire' in time") == true, "\(result.failure ?? "")")
    #expect(result.total.openOperations == 0 && result.total[.committed] == 0)
  }

  @Test(
    "what dies, babbles or refuses fails its trial with a sentence",
    arguments: [
      (
        "print('last words', flush=True); sys.exit(3)",
        "ended with exit status 3 while 'acquire' was not answered; its last lines: last words"
      ),
      ("os.write(4, b'what?' + bytes([10]))", "has sent what is no reply of the protocol"),
    ]) func failures(answer: String, sentence: String) throws
  {
    let result = try ExternalTrial(ExternalTrial.script(answer)).run()
    #expect(result.failure?.contains(sentence) == true, "\(result.failure ?? "none")")
    #expect(result.verdict != .pass)
  }

  @Test("what it answers is what is counted")
  func outcomes() throws {
    var trial = ExternalTrial(
      ExternalTrial.script(
        "count = globals().get('count', 0) + 1; say(type=['conflict', 'lease_lost', 'refused', 'error', 'unknown', 'deadlock', 'connection_lost'][count % 7],"
          + " message='a reason')", role: "operations"))
    trial.id = "external.records"
    let result = try trial.run("stock")
    #expect(result.failure == nil && result.firstError == "a reason", "\(result.failure ?? "")")
    for counter in [
      Counter.conflict, .leaseLost, .refused, .error, .ambiguous, .deadlock, .connectionLost, .reconnects, .unknown,
      .failed,
    ] { #expect(result.total[counter] > 0, "\(counter)") }
    #expect(result.verdict != .violation && result.total[.committed] == 0)
  }

  @Test("effects that a program only claims are missed")
  func lies() throws {
    var trial = ExternalTrial(
      ExternalTrial.script("say(type='committed', values=[1] * len(request['steps']))", role: "operations"))
    trial.id = "external.records"
    let result = try trial.run()
    #expect(result.failure == nil && result.verdict == .violation, "\(result.failure ?? "")")
  }

  @Test(
    "a paused holder of a lease is overtaken, its program with it; tokens keep its write out", arguments: [false, true])
  func pause(fenced: Bool) throws {
    var trial = ExternalTrial(example: "lease.py")
    if fenced { trial.options["fence"] = .word("read-and-write") }
    trial.adjust = { variant in
      variant.load.processes = 4
      variant.load.duration = .milliseconds(2500)
    }
    let fault = PlannedFault(
      PauseWorkers(.holder), at: .milliseconds(300), for: .milliseconds(700), every: .milliseconds(1100))
    let result = try trial.run(faults: [fault])
    #expect(result.failure == nil && result.total[.overlaps] > 0, "\(result.failure ?? "")")
    #expect(result.total[.expiredHolds] > 0)
    #expect(fenced == (result.verdict == .pass), "\(result.checks)")
  }

  @Test("a killed worker's programs die with it, and others go on")
  func kill() throws {
    var trial = ExternalTrial(AdapterSettings(builtIn: "exclusive"))
    trial.adjust = { $0.load.duration = .milliseconds(1500) }
    let fault = PlannedFault(KillWorkers(.holder, restarts: true), at: .milliseconds(300), for: .milliseconds(100))
    let result = try trial.run(faults: [fault])
    #expect(result.failure == nil && result.verdict != .violation, "\(result.failure ?? "")")
    #expect(result.faults.contains { $0.injectedSecond != nil })
  }

  @Test("what programs leave behind is ended with the trial")
  func leftovers() throws {
    let answer =
      "say(type='granted'); __import__('subprocess').Popen(['sleep', '600'], start_new_session=len(sys.argv) > 9)"
    let result = try ExternalTrial(ExternalTrial.script(answer)).run()
    #expect(result.total[.committed] > 0)
  }

  @Test("a killed run leaves no program", arguments: [false, true])
  func killedRun(isPaused: Bool) throws {
    let pause = "[{kind: pause-worker, target: 0, at: 10ms, for: 15s}]"
    let run = try KilledRun(
      strategies: "[{external: contend adapter run exclusive, as: lock}]", faults: isPaused ? pause : "[]")
    try waitUntil("programs run") { ExternalTrial.programs.count >= 4 }
    usleep(isPaused ? 1_200_000 : 300_000)
    run.kill()
    try run.waitUntilGone()
    try waitUntil("programs are gone") { ExternalTrial.programs.isEmpty }
  }

  @Test("the floor of external clients is a ping")
  func floor() throws {
    let results = try TestRun.run(TestRun.scenario("counter", strategies: ["floor.external"]))
    #expect(results[0].failure == nil && results[0].total[.committed] > 100)
  }
}
