import FoundationEssentials
import Glibc
import Model
import Testing

@testable import ExternalStrategies

/// Lines as they come and go.
@Suite struct LineTests {
  @Test func linesAreTakenApartHoweverTheyArrive() throws {
    var ends: [Int32] = [-1, -1]
    #expect(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
    let long = String(repeating: "x", count: LineReader.longestLine)
    let text = Array("a\n\nbc\n\(long)\nd".utf8)
    let reader = LineReader()
    var lines: [Int] = []
    var sent = 0
    while sent < text.count {
      let count = text[sent...].prefix(30_000).withUnsafeBytes { write(ends[1], $0.baseAddress, $0.count) }
      sent += count
      while reader.fill(from: ends[0]) == .data {
        while let line = reader.next() { lines.append(line.count) }
        #expect(!reader.isOverlong)
      }
    }
    #expect(lines == [1, 0, 2, LineReader.longestLine])
    close(ends[1])
    #expect(reader.fill(from: ends[0]) == .end)
  }

  @Test func aLineThatDoesNotEndIsTooLong() throws {
    var ends: [Int32] = [-1, -1]
    #expect(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    let reader = LineReader()
    let part = [UInt8](repeating: 0x78, count: 40_000)
    for expected in [false, true] {
      #expect(part.withUnsafeBytes { write(ends[1], $0.baseAddress, $0.count) } == part.count)
      #expect(reader.fill(from: ends[0]) == .data && reader.next() == nil)
      #expect(reader.isOverlong == expected)
    }
  }

  @Test func whatIsWrittenIsJSON() throws {
    var writer = LineWriter()
    writer.begin(.acquire, 12)
    writer.append(lock: 3, worker: 0, shared: true, wait: 100, lease: 5000)
    writer.append(#","text":"#)
    writer.append(quoted: "a \"b\\\n\u{1}ü")
    writer.append(#","least":"#)
    writer.append(Int64.min)
    writer.end()
    struct Line: Decodable, Equatable {
      let type: String, id: Int, key: Int, shared: Bool, ttl_ms: Int, text: String, least: Int64
    }
    let line = try JSONDecoder().decode(Line.self, from: Data(writer.bytes))
    #expect(
      line
        == Line(type: "acquire", id: 12, key: 3, shared: true, ttl_ms: 5000, text: "a \"b\\\n\u{1}ü", least: .min))
    #expect(writer.bytes.last == 10 && writer.bytes.count { $0 == 10 } == 1)
  }

  @Test func stepsAreWrittenAsTheyAre() throws {
    let steps = [
      Step(key: 1, .add, operand: -2, bound: 0), Step(key: 2, .add, operand: 3), Step(key: 3, .claim),
      Step(key: 4, .release), Step(key: 5, .requireFree), Step(key: 6, .read),
    ]
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: Operation.byteCount(steps: steps.count), alignment: 8)
    defer { bytes.deallocate() }
    Operation.store(OperationTemplate(steps: steps), index: 0, at: bytes)
    var writer = LineWriter()
    writer.append(
      Operation(bytes.assumingMemoryBound(to: Operation.Header.self), token: 9),
      OperationIdentity(worker: 8, number: 17), hold: 1_500_000)
    #expect(
      String(decoding: writer.bytes, as: UTF8.self)
        == #","operation":"w8-17","steps":[{"record":1,"effect":"add","amount":-2,"bound":0},"#
        + #"{"record":2,"effect":"add","amount":3},{"record":3,"effect":"claim","token":9},"#
        + #"{"record":4,"effect":"release","token":9},{"record":5,"effect":"require_free"},"#
        + #"{"record":6,"effect":"read"}],"hold_us":1500"#)
  }

  @Test func theLastLinesAreKept() {
    var tail = OutputTail()
    #expect(tail.clause == "; it has printed nothing")
    for number in 1...40 { Array("line \(number)\n".utf8).withUnsafeBytes { tail.append($0) } }
    Array("and a rest \(String(repeating: "x", count: 1000))".utf8).withUnsafeBytes { tail.append($0) }
    #expect(tail.text.hasPrefix("line 10 | line 11") && tail.text.contains("line 40 | and a rest xxx"))
    #expect(tail.text.utf8.count < 1000)
  }
}
