import Glibc
import Model
import Testing

@testable import ExternalStrategies

/// Programs that behave, and those that do not.
@Suite struct AdapterTests {
  private func outcome(
    acquire: String, patience: Duration = .seconds(10)
  ) throws -> ScriptedProgram.Outcome {
    let program = try ScriptedProgram(acquire: acquire)
    defer { program.remove() }
    return try program.ask(patience: patience)
  }

  @Test func whatBehavesIsAsked() throws {
    let outcome = try outcome(
      acquire: """
        assert os.environ['CONTEND_ADAPTER'] == '1' and sys.stdin.read() == ''
        print('chatter' * 100000)
        say(type='event', id=None)
        say(type='granted')
        """)
    #expect(outcome.reply == .granted && outcome.failure == "" && outcome.left == 0)
  }

  @Test(arguments: [
    (
      "print('last words'); sys.exit(3)",
      "ended with exit status 3 while 'acquire' was not answered; its last lines: last words"
    ),
    ("os.kill(os.getpid(), 9)", "ended with signal 9"),
    ("os.close(4); time.sleep(60)", "closed its descriptors 3 and 4"),
    ("raw('what?\\n')", #"has sent what is no reply of the protocol: "what?""#),
    ("raw('\\xff\\x00\\n')", "has sent what is no reply of the protocol"),
    ("say(type='released')", "has answered 'acquire' with 'released'"),
    ("say(type='granted', id=99)", "has answered request 99, which nobody has sent"),
    ("say(type='pong', id=2)", "has answered request 2 twice"),
    ("raw('x' * 70000)", "has sent a line of more than 64 KiB"),
    ("raw('x' * 70000 + '\\n')", "has sent a line of more than 64 KiB"),
    ("raise Exception('oh')", "Exception: oh"),
  ]) func whatBreaksTheProtocolIsNamedAndEnded(acquire: String, sentence: String) throws {
    let outcome = try outcome(acquire: acquire)
    #expect(outcome.reply == nil && outcome.left == 0)
    #expect(outcome.failure.contains(sentence), "\(outcome.failure)")
    #expect(!outcome.failure.contains("\n"))
  }

  @Test func aSecondAnswerIsFoundWhenItComes() throws {
    let program = try ScriptedProgram(acquire: "say(type='granted'); say(type='granted')")
    defer { program.remove() }
    let outcome = try program.ask()
    // It may come with the first one, or after it.
    #expect(outcome.failure.isEmpty || outcome.failure.contains("twice"), "\(outcome.failure)")
  }

  @Test(arguments: [
    "pass", "time.sleep(60)", "signal.signal(signal.SIGQUIT, lambda *_: print('thread dump', flush=True))",
  ])
  func whoIsSilentIsAskedWhatItIsDoingThenEnded(acquire: String) throws {
    // As what is no part of an operation: that would be taken back first, and take five seconds longer.
    let program = try ScriptedProgram(acquire: acquire)
    defer { program.remove() }
    let outcome = try program.ask(.ping, patience: .milliseconds(50))
    #expect(outcome.reply == nil && outcome.left == 0)
    #expect(outcome.failure.contains("has not answered 'ping' in time, and was ended"), "\(outcome.failure)")
    #expect(outcome.failure.contains("thread dump") == acquire.contains("dump"))
  }

  @Test func aRequestIsTakenBackInTime() throws {
    let outcome = try outcome(
      acquire: "late = request['id']\n"
        + "line = json.loads(os.read(3, 4096))\nassert line['type'] == 'cancel' and line['request'] == late\n"
        + "say(type='not_acquired', id=late)\nsay(type='ok', id=line['id'])",
      patience: .milliseconds(50))
    #expect(outcome.reply == .notAcquired, "\(outcome.failure)")
  }

  @Test func whatIsLeftBehindIsEnded() throws {
    let outcome = try outcome(
      acquire: "subprocess.Popen(['sleep', '600'], start_new_session=True)\nsay(type='granted')")
    #expect(outcome.reply == .granted && outcome.left == 0)
  }

  @Test(arguments: [
    ("version=2, role='lock'", "speaks version 2 of the protocol, and contend version 1"),
    ("version=1, role='operations'", "is one that does whole operations, but the scenario takes it for a lock"),
    ("version=1, role='key'", "says that its role is 'key'"),
    ("version='1', role='lock'", "has sent a hello that lacks"),
    ("role='lock'", "has sent a hello that lacks 'version' or 'role'"),
  ]) func whoIsNotWhatIsNeededIsRefused(hello: String, sentence: String) throws {
    let program = try ScriptedProgram(hello: hello)
    defer { program.remove() }
    let failure = #expect(throws: SetupFailure.self) { try program.ask() }
    #expect(failure?.message.contains(sentence) == true, "\(failure?.message ?? "")")
  }

  @Test func whoServesFewIsNotShared() throws {
    let hello = try #require(
      Hello(line: Array(#"{"version":1,"role":"lock","concurrency":"threads","max_workers":2}"#.utf8)))
    #expect(hello.problem(role: .lock, workers: 2, needsTokens: false) == nil)
    #expect(hello.problem(role: .lock, workers: 3, needsTokens: false)?.contains("programs: per-worker") == true)
    #expect(hello.problem(role: .lock, workers: 1, needsTokens: true)?.contains("remove 'fence'") == true)
  }

  @Test func whatCannotBeStartedHasARemedy() throws {
    for (path, remedy) in [("/nowhere/at/all", "it is not there"), ("/etc/passwd", "chmod +x")] {
      let failure = #expect(throws: SetupFailure.self) {
        try AdapterProgram(AdapterSettings(command: [path], program: path))
      }
      #expect(failure?.message.contains(remedy) == true, "\(failure?.message ?? "")")
    }
  }

  @Test func namesOfTheHostAreHeldOnce() {
    let first = HostLock("external-tests-\(getpid())")
    #expect(first != nil && HostLock("external-tests-\(getpid())") == nil)
    #expect(HostLock("external-tests-\(getpid())-2") != nil)
    withExtendedLifetime(first) {}
  }
}
