import Checking
import Model
import Testing

/// Histories as Jepsen, Knossos and Elle write and read them.
struct EDNTests {
  private func text(_ history: History) -> String { String(decoding: EDNWriter.bytes(of: history), as: UTF8.self) }

  @Test func operationsBecomeEventsByTime() {
    let history = History(
      operations: [
        RecordedOperation(process: 1, .read, invoke: 5, end: 30, .ok, [Access(0, .read(7), version: 2)], token: 9),
        RecordedOperation(process: 2, .write, invoke: 30, end: nil, .info, [Access(0, .write(8))]),
        RecordedOperation(
          process: 3, .cas, invoke: 1, end: 2, .fail, [Access(0, .cas(expected: 1, new: 2))], error: "no"),
      ],
      faults: [RecordedFault(moment: 3, isHealed: false, name: "pause-worker", detail: "worker 1")])
    #expect(
      text(history) == """
        {:process 3, :type :invoke, :f :cas, :value [1 2], :time 1, :index 0}
        {:process 3, :type :fail, :f :cas, :value [1 2], :error "no", :time 2, :index 1}
        {:process :nemesis, :type :info, :f :inject, :value "pause-worker worker 1", :time 3, :index 2}
        {:process 1, :type :invoke, :f :read, :value nil, :time 5, :index 3}
        {:process 2, :type :invoke, :f :write, :value 8, :time 30, :index 4}
        {:process 1, :type :ok, :f :read, :value 7, :version 2, :token 9, :time 30, :index 5}

        """)
  }

  @Test func severalRecordsAreIndependentKeysOrTransactions() {
    let history = History(operations: [
      RecordedOperation(process: 1, .add, invoke: 1, end: 2, .ok, [Access(0, .add(1, result: 5))]),
      RecordedOperation(process: 1, .cas, invoke: 3, end: 4, .ok, [Access(1, .cas(expected: nil, new: 4))]),
      RecordedOperation(
        process: 1, .transfer, invoke: 5, end: 6, .ok, [Access(0, .add(-1, result: 4)), Access(2, .list([1, 2]))]),
    ])
    #expect(
      text(history) == """
        {:process 1, :type :invoke, :f :add, :value [0 1], :time 1, :index 0}
        {:process 1, :type :ok, :f :add, :value [0 1], :result 5, :time 2, :index 1}
        {:process 1, :type :invoke, :f :cas, :value [1 [nil 4]], :time 3, :index 2}
        {:process 1, :type :ok, :f :cas, :value [1 [nil 4]], :time 4, :index 3}
        {:process 1, :type :invoke, :f :txn, :value [[:r 0 nil] [:w 0 nil] [:r 2 nil]], :time 5, :index 4}
        {:process 1, :type :ok, :f :txn, :value [[:r 0 5] [:w 0 4] [:r 2 [1 2]]], :time 6, :index 5}

        """)
  }

  @Test func holdsBecomeAcquiresAndReleases() {
    let history = History(operations: [
      RecordedOperation(
        process: 1, .add, invoke: 10, end: 90, .ok, [Access(0, .add(1, result: 1))], token: 4,
        holds: [Hold(key: 0, granted: 20, released: 30), Hold(key: 0, granted: 50, released: 60)]),
      RecordedOperation(
        process: 2, .add, invoke: 15, end: nil, .info, [Access(0, .add(1, result: nil))],
        holds: [Hold(key: 0, granted: 70, released: nil)]),
    ])
    #expect(
      text(history.locks) == """
        {:process 1, :type :invoke, :f :acquire, :value nil, :time 10, :index 0}
        {:process 2, :type :invoke, :f :acquire, :value nil, :time 15, :index 1}
        {:process 1, :type :ok, :f :acquire, :value nil, :token 4, :time 20, :index 2}
        {:process 1, :type :invoke, :f :release, :value nil, :time 30, :index 3}
        {:process 1, :type :ok, :f :release, :value nil, :token 4, :time 30, :index 4}
        {:process 1, :type :invoke, :f :acquire, :value nil, :time 30, :index 5}
        {:process 1, :type :ok, :f :acquire, :value nil, :token 4, :time 50, :index 6}
        {:process 1, :type :invoke, :f :release, :value nil, :time 60, :index 7}
        {:process 2, :type :ok, :f :acquire, :value nil, :time 70, :index 8}
        {:process 1, :type :ok, :f :release, :value nil, :token 4, :time 90, :index 9}

        """)
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    let history = History(
      header: HistoryHeader(clock: .events),
      operations: [
        RecordedOperation(
          process: 1, .cas, invoke: 1, end: 4, .ok, [Access(3, .cas(expected: 1, new: nil), version: 2)]),
        RecordedOperation(process: 2, .txn, invoke: 2, end: 6, .ok, [Access(8, .list([])), Access(9, .append(-4))]),
        RecordedOperation(process: 3, .add, invoke: 3, end: nil, .info, [Access(4, .add(2, result: nil))]),
        RecordedOperation(process: 4, .read, invoke: 5, end: 7, .fail, [Access(4, .read(nil))]),
      ])
    let read = try EDNReader.read(EDNWriter.bytes(of: history))
    #expect(read.operations == history.operations)
    #expect(read.header == history.header)
  }

  @Test func whatOthersWriteIsRead() throws {
    let text = """
      ; a comment, and no commas
      ({:type :invoke :f :read :process 1}
       {:process :nemesis :type :info :f :start :value #{1 2}}
       #_{:left "out"} #inst "2026-01-01"
      """
    #expect(
      throws: HistoryProblem(line: 2, "an event is a map like {:type :invoke, :f :read, ...}, not \"2026-01-01\"")
    ) {
      try EDNReader.read(
        Array((text.split(separator: "\n").dropFirst(2).map(String.init).joined(separator: "\n") + "\n").utf8))
    }
    let read = try EDNReader.read(
      Array(
        (text.split(separator: "\n").prefix(3).joined(separator: "\n") + "\n{:process 1 :type :ok :f :read :value +3N})")
          .utf8))
    #expect(
      read.operations == [RecordedOperation(process: 1, .read, invoke: 1, end: 3, .ok, [Access(0, .read(3))])])
    #expect(read.faults == [RecordedFault(moment: 2, isHealed: false, name: "start", detail: "[1 2]")])
    let transactions = """
      {:index 0 :type :invoke :value [[:append 1 2] [:r 3 nil]]}
      {:index 1 :type :ok :value [[:append 1 2] [:r 3 nil]]}
      """
    #expect(
      try EDNReader.read(Array(transactions.utf8)).operations.map(\.accesses)
        == [[Access(1, .append(2)), Access(3, .list([]))]])
  }

  @Test func linesOfALogAreRead() throws {
    let log = """
      INFO  jepsen.core - Waiting
      INFO  jepsen.util - 2\t:invoke\t:cas\t[3 0]
      INFO  jepsen.util - 3   :invoke :write  4
      INFO  jepsen.util - :nemesis\t:info\t:start\tnil
      INFO  jepsen.util - 2\t:ok\t:cas\t[3 0]
      INFO  jepsen.util - 3\t:info\t:write\t:timed-out
      """
    let read = try JepsenLogReader.read(Array(log.utf8))
    #expect(
      read.operations == [
        RecordedOperation(process: 2, .cas, invoke: 1, end: 3, .ok, [Access(0, .cas(expected: 3, new: 0))]),
        RecordedOperation(process: 3, .write, invoke: 2, end: 4, .info, [Access(0, .write(4))], error: ":timed-out"),
      ])
  }

  @Test(
    "what is no history is refused with its line",
    arguments: [
      ("", 1, "no event"), ("[]", 1, "no event"), ("\n{:type :ok", 2, "no closing '}'"), ("{:f}", 1, "without a value"),
      ("{:f :read}", 1, "no :type"), ("{:type :invoke}", 1, "no :f"), ("[{:type :x :f :read}]", 1, "unknown type :x"),
      ("{:type :ok :f :read :process 3}", 1, "process 3 ends an operation that it did not begin"),
      ("{:type :invoke :f :enqueue :value 1}", 1, "unknown function :enqueue"),
      ("{:type :invoke :f :write :value \"a\"}", 1, "a whole number or nil"),
      ("{:type :invoke :f :cas :value 1}", 1, "[expected new]"),
      ("{:type :invoke :f :txn :value [[:r :x 1]]}", 1, "the part [:r :x 1]"),
      ("{:type :invoke :f :read}\n\n{:type :invoke :f :read}", 3, "before its last one ended"),
      ("{:type :invoke :f :read}\n{:type :ok :f :write}", 2, "began :read and ends :write"),
      ("[{:type :invoke :f :read}] x", 1, "nothing may follow"),
      (String(repeating: "[", count: 100_000), 1, "nested"),
    ])
  func problems(text: String, line: Int, message: String) throws {
    let problem = try #require(throws: HistoryProblem.self) { try EDNReader.read(Array(text.utf8)) }
    #expect(problem.line == line)
    #expect(problem.message.contains(message), "\(problem)")
  }

  @Test func aLogWithoutEventsIsRefused() {
    #expect(throws: HistoryProblem.self) { try JepsenLogReader.read(Array("nothing here\n".utf8)) }
  }
}
