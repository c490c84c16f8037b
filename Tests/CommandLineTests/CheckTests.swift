import Foundation
import Testing

/// `contend check`: histories in, verdicts out.
@Suite struct CheckTests {
  /// A counter to which two workers add; `second` is what the second addition returned.
  private func counter(_ second: Int) -> String {
    """
    {"contend-history":1,"workload":"counter","strategy":"memory.none","initial":[0]}
    {"process":1,"f":"add","type":"ok","invoke":10,"end":20,"accesses":[{"key":0,"add":1,"result":1}]}
    {"process":2,"f":"add","type":"ok","invoke":15,"end":30,"accesses":[{"key":0,"add":1,"result":\(second)}]}
    {"operations":2,"dropped":0}

    """
  }

  private func write(_ text: String, to name: String, in folder: URL) throws {
    let file = folder.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: file, atomically: true, encoding: .utf8)
  }

  @Test func theHistoriesOfARunAreJudged() throws {
    try withFolder { folder in
      try write(counter(2), to: "run/history/1.jsonl", in: folder)
      try write("not read: the same events for others", to: "run/history/1.edn", in: folder)
      let good = try CommandLine.run("check", "run", in: folder)
      #expect(good.status == 0, "\(good.errors)")
      #expect(good.output == "run/history/1.jsonl: pass: counter, 2 operations\n")

      try write(counter(1), to: "run/history/2.jsonl", in: folder)
      let bad = try CommandLine.run("check", "run/", in: folder)
      #expect(bad.status == 2)
      #expect(bad.errors == "contend: 1 of 2 histories with a violation\n")
      #expect(
        bad.output == """
          run/history/1.jsonl: pass: counter, 2 operations
          run/history/2.jsonl: VIOLATION: counter, 2 operations
            duplicate-value, record 0: 1 twice: process 1 from 10 to 20 ns added 1 and got 1, and so did process 2 from 15 to 30 ns: \
          one addition overwrote the other

          """)
    }
  }

  @Test func eventsOfOthersAreJudged() throws {
    try withFolder { folder in
      try write(
        "{:process 1, :type :invoke, :f :write, :value 3}\n{:process 1, :type :ok, :f :write, :value 3}\n"
          + "{:process 1, :type :invoke, :f :read, :value nil}\n{:process 1, :type :ok, :f :read, :value nil}\n",
        to: "a.edn", in: folder)
      let read = try CommandLine.run("check", "a.edn", in: folder)
      #expect(read.status == 2)
      #expect(read.output.hasPrefix("a.edn: VIOLATION: unique-register, 2 operations\n"))
      let searched = try CommandLine.run("check", "--checker", "linearizable", "a.edn", in: folder)
      #expect(searched.output.contains("process 1 in events 3 to 4 read nothing, which fits nowhere"))
      try write(
        "INFO  jepsen.util - 0\t:invoke\t:read\tnil\nINFO  jepsen.util - 0\t:ok\t:read\tnil\n", to: "b.log", in: folder)
      #expect(try CommandLine.run("check", "b.log", in: folder).output == "b.log: pass: unique-register, 1 operation\n")
    }
  }

  @Test func isolationDecidesWhatIsAViolation() throws {
    try withFolder { folder in
      let skew =
        "{:type :invoke :process 1 :f :txn :value [[:r 1 nil] [:append 2 1]]}\n"
        + "{:type :ok :process 1 :f :txn :value [[:r 1 nil] [:append 2 1]]}\n"
        + "{:type :invoke :process 2 :f :txn :value [[:r 2 nil] [:append 1 1]]}\n"
        + "{:type :ok :process 2 :f :txn :value [[:r 2 nil] [:append 1 1]]}\n"
      try write(skew, to: "skew.edn", in: folder)
      #expect(
        try CommandLine.run("check", "skew.edn", in: folder).output.contains("  G2-item: a cycle of 2: T1 is process 1")
      )
      let allowed = try CommandLine.run("check", "--isolation", "snapshot-isolation", "skew.edn", in: folder)
      #expect(allowed.status == 0)
      #expect(allowed.output.contains("which snapshot-isolation allows"))
      let unknown = try CommandLine.run("check", "--isolation", "strict", "skew.edn", in: folder)
      #expect(unknown.status == 64)
      #expect(unknown.errors.contains("--isolation strict: there is none; the levels are read-uncommitted"))
    }
  }

  @Test func whatCannotBeToldIsUnknown() throws {
    try withFolder { folder in
      let lines = counter(2).split(separator: "\n")
      try write(lines.dropLast().joined(separator: "\n") + "\n", to: "cut.jsonl", in: folder)
      let cut = try CommandLine.run("check", "cut.jsonl", in: folder)
      #expect(cut.status == 3)
      #expect(
        cut.output.contains("unknown: counter: nothing wrong was found in the history, but its recording was cut short")
      )
      #expect(cut.errors == "contend: 1 of 1 histories of which it cannot be told\n")
      try write("{\"contend-history\":1}\n{\"operations\":0,\"dropped\":0}\n", to: "empty.jsonl", in: folder)
      #expect(try CommandLine.run("check", "empty.jsonl", in: folder).status == 3)
    }
  }

  @Test func badFilesAreNamedWithTheirLine() throws {
    try withFolder { folder in
      try write(counter(2).replacingOccurrences(of: "\"f\":\"add\"", with: "\"f\":\"ad\""), to: "a.jsonl", in: folder)
      try write(counter(2), to: "good.jsonl", in: folder)
      try write("{", to: "b.edn", in: folder)
      try write("", to: "c.txt", in: folder)
      try write("", to: "d.jsonl", in: folder)
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent("run"), withIntermediateDirectories: true)
      let run = try CommandLine.run(
        "check", "a.jsonl", "b.edn", "good.jsonl", "c.txt", "d.jsonl", "missing.edn", "run", in: folder)
      #expect(run.status == 65)
      #expect(run.output == "good.jsonl: pass: counter, 2 operations\n")
      let errors = run.errors.split(separator: "\n")
      #expect(errors.count == 6)
      #expect(errors[0].hasPrefix("contend: a.jsonl:2: unknown word 'ad'; use one of read, write"))
      #expect(errors[1] == "contend: b.edn:1: the form that begins here has no closing '}'")
      #expect(errors[2] == "contend: c.txt: a history ends in .jsonl, .edn or .log; rename the file")
      #expect(errors[3].hasPrefix("contend: d.jsonl:1: the file is empty"))
      #expect(errors[4].hasPrefix("contend: cannot read missing.edn: no such file or directory; name a history"))
      #expect(errors[5].hasPrefix("contend: run has no histories: there is no .jsonl in run/history"))
    }
  }

  @Test func whatIsAskedForMustExist() throws {
    try withFolder { folder in
      #expect(try CommandLine.run("check", in: folder).status == 64)
      let unknown = try CommandLine.run("check", "--checker", "queue", "a.edn", in: folder)
      #expect(unknown.status == 64)
      #expect(
        unknown.errors.contains("--checker queue: there is none; the checkers are exclusive-lock, mutex, counter"))
      #expect(try CommandLine.run("check", "--budget", "0", "a.edn", in: folder).status == 64)
    }
  }

  @Test func verdictsOfOthersAreComparedWithOurs() throws {
    func judge(in folder: URL) throws -> CommandLine {
      let script = CommandLine.root.appendingPathComponent("scripts/foreign-histories").path
      return try CommandLine(
        finishing: CommandLine.start(["histories", CommandLine.program], in: folder, program: script), in: folder)
    }
    func history(reading value: String, _ type: String = "ok") -> String {
      "{:process 1, :type :invoke, :f :read}\n{:process 1, :type :\(type), :f :read, :value \(value)}\n"
    }
    try withFolder { folder in
      try write(history(reading: "nil"), to: "histories/good/a.edn", in: folder)
      try write(history(reading: "nil", "fail"), to: "histories/good/b.edn", in: folder)
      try write(history(reading: "3"), to: "histories/bad/a.edn", in: folder)
      try write("history,linearizable\nx.edn,true\ny.edn,false\n", to: "histories/c/expected.csv", in: folder)
      try write(history(reading: "nil"), to: "histories/c/x.edn", in: folder)
      try write(history(reading: "1"), to: "histories/c/y.edn", in: folder)
      let agreeing = try judge(in: folder)
      #expect(agreeing.status == 0)
      #expect(agreeing.output == "5 histories judged, 0 different; in 1 of them no operation took effect\n")
      try write(history(reading: "nil"), to: "histories/c/y.edn", in: folder)
      let different = try judge(in: folder)
      #expect(different.status == 1)
      #expect(different.output.contains("DIFFERENT: histories/c/y.edn: exit code 0, expected 2\n"))
    }
  }

  @Test func ctrlCEndsASearch() throws {
    try withFolder { folder in
      // Every order of writes that all overlap must be tried before a read of nothing that was written is refuted.
      var events = (0..<60).map { "{:process \($0), :type :invoke, :f :write, :value \($0 % 9)}" }
      events.append("{:process 99, :type :invoke, :f :cas, :value [77 78]}")
      events += (0..<60).map { "{:process \($0), :type :ok, :f :write, :value \($0 % 9)}" }
      events.append("{:process 99, :type :ok, :f :cas, :value [77 78]}")
      try write(events.joined(separator: "\n"), to: "hard.edn", in: folder)
      let small = try CommandLine.run("check", "--budget", "1000", "hard.edn", in: folder)
      #expect(small.status == 3)
      #expect(small.output.contains("allow more steps with --budget"))
      let process = try CommandLine.start(["check", "--budget", "1000000000", "hard.edn"], in: folder)
      usleep(300_000)
      #expect(process.isRunning)
      kill(process.processIdentifier, SIGINT)
      let ended = try CommandLine(finishing: process, in: folder)
      #expect(process.terminationReason == .uncaughtSignal && ended.status == SIGINT)
      #expect(ended.output.isEmpty)
    }
  }
}
