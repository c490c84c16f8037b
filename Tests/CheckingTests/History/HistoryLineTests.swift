import Checking
import Model
import Testing

/// Histories as JSON Lines: what is written is read again, and what cannot be a history is refused with its line.
struct HistoryLineTests {
  /// One of everything.
  static let sample = History(
    header: HistoryHeader(workload: "counter", strategy: "memory.\"mutex\"", initial: [0, -5]),
    operations: [
      RecordedOperation(
        process: 1, .add, invoke: 10, end: 40, .ok, [Access(0, .add(1, result: 1), version: 8, replaced: 7)], token: 9,
        holds: [Hold(key: 0, granted: 20, released: 30), Hold(key: 1, granted: 21, released: nil)]),
      RecordedOperation(process: 2, .cas, invoke: 11, end: nil, .info, [Access(1, .cas(expected: nil, new: 3))]),
      RecordedOperation(
        process: 3, .txn, invoke: 12, end: 13, .fail, [Access(5, .append(.min)), Access(6, .list([]))],
        error: "line\nfeed \u{1} \\ \"quoted\" é"),
      RecordedOperation(
        process: 4, .txn, invoke: 12, end: 15, .ok,
        [
          Access(5, .list([1, 2])), Access(6, .read(nil)), Access(6, .read(.max)), Access(6, .write(4)),
          Access(7, .add(2, result: nil)), Access(8, .acquire), Access(8, .release),
        ]),
    ],
    faults: [
      RecordedFault(moment: 3, isHealed: false, name: "pause-worker", detail: "worker 3"),
      RecordedFault(moment: 5, isHealed: true, name: "pause-worker"),
    ],
    dropped: 2)

  @Test func everythingIsReadAgain() throws {
    #expect(try HistoryLineReader.read(HistoryLineWriter.bytes(of: Self.sample)) == Self.sample)
    var events = History(header: HistoryHeader(clock: .events))
    #expect(try HistoryLineReader.read(HistoryLineWriter.bytes(of: events)) == events)
    events.dropped = nil
    #expect(try HistoryLineReader.read(HistoryLineWriter.bytes(of: events)) == events)
  }

  @Test func theFormatStaysWhatItIs() {
    var writer = HistoryLineWriter(HistoryHeader(workload: "counter", strategy: "memory.mutex", initial: [0]))
    writer.append(Self.sample.operations[0])
    writer.append(Self.sample.operations[1])
    writer.append(Self.sample.faults[0])
    writer.end(dropped: 0)
    #expect(
      String(decoding: writer.take(), as: UTF8.self) == """
        {"contend-history":1,"workload":"counter","strategy":"memory.mutex","initial":[0]}
        {"process":1,"f":"add","type":"ok","invoke":10,"end":40,"accesses":[{"key":0,"add":1,"result":1,"version":8,\
        "replaced":7}],"token":9,"holds":[{"key":0,"granted":20,"released":30},{"key":1,"granted":21,"released":null}]}
        {"process":2,"f":"cas","type":"info","invoke":11,"end":null,"accesses":[{"key":1,"cas":[null,3]}]}
        {"fault":"pause-worker","moment":3,"healed":false,"detail":"worker 3"}
        {"operations":2,"dropped":0}

        """)
    #expect(writer.count == 0)
  }

  @Test(
    "what is no history is refused with its line and what to do",
    arguments: [
      ("", 1, "the file is empty"),
      ("{}", 1, "must be the header"),
      ("{\"contend-history\":2}", 1, "version 2"),
      ("{\"contend-history\":1,\"clock\":\"sun\"}", 1, "unknown clock 'sun'"),
      ("{\"contend-history\":1,\"x\":1}", 1, "unknown member 'x'"),
      (header + "\n\n{\"process\":1}", 3, "no 'f'"),
      (header + "\n{\"f\":\"ad\"}", 2, "unknown word 'ad'; use one of read, write"),
      (header + "\n{\"process\":1.5}", 2, "not a fraction"),
      (header + "\n{\"process\":99999999999999999999}", 2, "64 bits"),
      (header + "\n{\"process\":1\n", 2, "'}' is expected"),
      (header + "\n{\"error\":\"x\n\"}", 2, "no closing quote"),
      (header + "\n{\"accesses\":[{\"key\":1}]}", 2, "an access needs"),
      (header + "\n{\"accesses\":[{\"key\":1,\"read\":2,\"write\":3}]}", 2, "a second one"),
      (header + "\n{\"accesses\":[{\"key\":1,\"cas\":[2]}]}", 2, "two values"),
      (header + "\n{\"accesses\":[{\"key\":1,\"read\":nul}]}", 2, "'null' is expected, not 'nul'"),
      (header + "\n{\"process\":1,\"f\":\"add\",\"type\":\"ok\",\"invoke\":5,\"end\":4}", 2, "before its invoke"),
      (header + "\n{\"process\":1,\"f\":\"add\",\"type\":\"ok\",\"invoke\":5,\"end\":null}", 2, "of type info"),
      (header + "\n{\"fault\":\"x\"}", 2, "no 'moment'"),
      (header + "\n{\"operations\":1,\"dropped\":0}\n", 2, "lines are missing"),
      (header + "\n{\"operations\":0,\"dropped\":0}\n{}", 3, "nothing may follow"),
      (header + " x", 1, "goes on with 'x'"),
    ])
  func problems(text: String, line: Int, message: String) throws {
    let problem = try #require(throws: HistoryProblem.self) { try HistoryLineReader.read(Array(text.utf8)) }
    #expect(problem.line == line)
    #expect(problem.message.contains(message), "\(problem)")
  }

  @Test func whatWasCutShortIsReadAsFarAsItGoes() throws {
    let bytes = HistoryLineWriter.bytes(of: Self.sample)
    var whole = 0
    for end in bytes.indices where bytes[..<end].contains(UInt8(ascii: "\n")) {
      let history = try HistoryLineReader.read(Array(bytes[..<end]))
      if history.dropped == Self.sample.dropped { whole += 1 }
      let known = history.operations.count
      #expect(history.operations == Array(Self.sample.operations[..<known]))
    }
    // Without the line feed at its end nothing is missing.
    #expect(whole == 1)
  }

  private static let header = "{\"contend-history\":1}"
}
