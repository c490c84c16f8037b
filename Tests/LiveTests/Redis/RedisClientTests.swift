import Model
import Runtime
import Testing

@testable import RedisStrategies

/// The parts of the Redis client that need no server.
struct RedisClientTests {
  @Test(
    "what an error reply means",
    arguments: [
      ("BUSY Redis is busy running a script.", ErrorReply.notReady, AttemptFailure.connectionLost),
      ("LOADING Redis is loading the dataset in memory", .notReady, .connectionLost),
      ("TRYAGAIN Multiple keys request during rehashing of slot", .notReady, .connectionLost),
      ("CLUSTERDOWN The cluster is down", .notReady, .connectionLost),
      ("MASTERDOWN Link with MASTER is down", .notReady, .connectionLost),
      ("NOSCRIPT No matching script. Please use EVAL.", .missingScript, .error),
      ("MISCONF Redis is configured to save RDB snapshots", .rejected, .error),
      ("OOM command not allowed when used memory > 'maxmemory'.", .rejected, .error),
      ("READONLY You can't write against a read only replica.", .notReady, .connectionLost),
      ("NOAUTH Authentication required.", .rejected, .error),
      ("WRONGTYPE Operation against a key holding the wrong kind of value", .rejected, .error),
      ("EXECABORT Transaction discarded because of previous errors.", .rejected, .error),
      ("NOREPLICAS Not enough good replicas to write.", .notReady, .connectionLost),
      ("BUSYGROUP Consumer Group name already exists", .rejected, .error),
      ("ERR unknown command", .rejected, .error), ("", .rejected, .error),
    ])
  func errorTable(text: String, meaning: ErrorReply, failure: AttemptFailure) {
    let found = Array(text.utf8).withUnsafeBytes { ErrorReply($0) }
    #expect(found == meaning)
    #expect(found.failure == failure)
  }

  @Test(
    "numbers are written and read in decimal",
    arguments: [0, 7, -7, 10, 99, 100, -100, 1_234_567_890, .max, .min, .max - 1, .min + 1] as [Int64])
  func decimals(number: Int64) {
    var bytes = [UInt8](repeating: 0xFF, count: 24)
    let count = bytes.withUnsafeMutableBufferPointer { $0.baseAddress.map { number.writeDecimal(to: $0) } ?? 0 }
    #expect(String(decoding: bytes[..<count], as: UTF8.self) == String(number))
    #expect(number.decimalLength == count)
    #expect(bytes[count...].allSatisfy { $0 == 0xFF })
    #expect(bytes[..<count].withUnsafeBytes { Int64(decimal: $0) } == number)
  }

  @Test(
    "what is no number is not read as one",
    arguments: ["", "-", "+1", "1a", " 1", "9223372036854775808", "-9223372036854775809", "12345678901234567890"])
  func noDecimals(text: String) {
    #expect(Array(text.utf8).withUnsafeBytes { Int64(decimal: $0) } == nil)
  }

  @Test("requests are built as the protocol wants them, however long")
  func requests() {
    var request = RequestBuffer(capacity: 1)
    let prefix = KeyPrefix("run:")
    request.command(words: 3)
    request.append("SET")
    request.append(prefix, 12)
    request.append(-5)
    let text = String(decoding: UnsafeBufferPointer(start: request.bytes, count: request.count), as: UTF8.self)
    #expect(text == "*3\r\n$3\r\nSET\r\n$6\r\nrun:12\r\n$2\r\n-5\r\n")
    request.clear()
    request.append(text: String(repeating: "x", count: 5000))
    #expect(request.count == 5000 + "$5000\r\n\r\n".utf8.count)
    request.removeFirst(request.count - 3)
    let rest = String(decoding: UnsafeBufferPointer(start: request.bytes, count: request.count), as: UTF8.self)
    #expect(rest == "x\r\n")
  }

  @Test("replies are read in whatever pieces they come", arguments: [1, 2, 7, 1000])
  func replies(size: Int) throws {
    let bytes = Array("+OK\r\n*3\r\n$2\r\n42\r\n$-1\r\n$4\r\nnone\r\n:-7\r\n-NOSCRIPT gone\r\n$-1\r\n".utf8)
    guard var reader = ReplyReader() else { throw SetupFailure("no memory") }
    reader.expect(5)
    var isComplete: Bool? = false
    for start in stride(from: 0, to: bytes.count, by: size) {
      #expect(isComplete == false)
      let piece = Array(bytes[start..<min(start + size, bytes.count)])
      isComplete = piece.withUnsafeBufferPointer { buffer in
        buffer.baseAddress.flatMap { reader.feed($0, buffer.count) }
      }
    }
    #expect(isComplete == true)
    let (kind, error, elements) = (reader.kind, reader.error, reader.elements)
    #expect(kind == .nothing)
    #expect(error == .missingScript)
    #expect(elements == 3)
    let text = String(decoding: reader.text, as: UTF8.self)
    #expect(text == "NOSCRIPT gone")
    // Element 0 of the array, and reply 2; the others hold no numbers.
    let numbers = (0..<5).map { reader.number($0) }
    #expect(numbers == [42, nil, -7, nil, nil])
  }

  @Test("bytes that are no replies are refused")
  func garbage() throws {
    guard var reader = ReplyReader() else { throw SetupFailure("no memory") }
    reader.expect(1)
    let bytes = Array("SSH-2.0-OpenSSH\r\n".utf8)
    let isComplete = bytes.withUnsafeBufferPointer { $0.baseAddress.flatMap { reader.feed($0, bytes.count) } }
    #expect(isComplete == nil)
  }

  @Test(
    "steps become guarded changes",
    arguments: [
      (Step(key: 0, .read), 0, nil, nil),
      (Step(key: 0, .add, operand: 5), 5, nil, nil),
      (Step(key: 0, .add, operand: -3, bound: 0), -3, 3, nil),
      (Step(key: 0, .add, operand: -1, bound: .max), -1, .max, nil),
      (Step(key: 0, .add, operand: .max, bound: -10), .max, .min, nil),
      (Step(key: 0, .claim), 9, 0, 0), (Step(key: 0, .release), -9, 9, 9),
    ] as [(Step, Int64, Int64?, Int64?)])
  func guardedChanges(step: Step, amount: Int64, least: Int64?, most: Int64?) {
    let change = GuardedChange(step, token: 9)
    #expect(change.amount == amount)
    #expect(change.least == least)
    #expect(change.most == most)
  }

  @Test("commands within scripts are not counted")
  func commandCounts() {
    let statistics = """
      # Commandstats\r
      cmdstat_get:calls=10,usec=1,usec_per_call=0.1,rejected_calls=0,failed_calls=0\r
      cmdstat_set:calls=5,usec=1,usec_per_call=0.1,rejected_calls=2,failed_calls=0\r
      cmdstat_del:calls=4,usec=1,usec_per_call=0.1,rejected_calls=0,failed_calls=0\r
      cmdstat_evalsha:calls=6,usec=1,usec_per_call=0.1,rejected_calls=0,failed_calls=1\r
      cmdstat_eval:calls=1,usec=1,usec_per_call=0.1,rejected_calls=0,failed_calls=0\r
      cmdstat_client|setname:calls=8,usec=1,usec_per_call=0.1,rejected_calls=0,failed_calls=0\r
      """
    // 10 + 5 + 6 + 1 less the GET of six runs.
    #expect(CommandCounts(commandStatistics: statistics).sent == 16)
  }

  @Test("every acquisition has a token of its own")
  func tokens() throws {
    var holds = LockHolds(RandomSource(seed: 1))
    var seen: Set<String> = []
    for key in 0..<1000 {
      let hold = holds.add(Int32(key))
      #expect(holds.find(Int32(key)) == hold)
      seen.insert(String(decoding: holds.token(hold), as: UTF8.self))
      holds.remove(hold)
      #expect(holds.find(Int32(key)) == nil)
    }
    #expect(seen.count == 1000)
    #expect(seen.allSatisfy { $0.utf8.count == 40 && $0.allSatisfy(\.isHexDigit) })
    #expect(holds.first == nil)
  }
}
