import Model
import Testing

@testable import PostgresStrategies

/// The parts of the PostgreSQL client that need no server.
@Suite struct PostgresClientTests {
  @Test(
    "what a SQLSTATE means for an attempt",
    arguments: [
      ("40001", .conflict, .conflict), ("40P01", .deadlock, .deadlock), ("55P03", .lockTimeout, .lockTimeout),
      ("57014", .error, .error), ("23505", .error, .conflict), ("23514", .error, .error),
      ("08000", .connectionLost, .connectionLost), ("08006", .connectionLost, .connectionLost),
      ("08P01", .connectionLost, .connectionLost), ("57P01", .connectionLost, .connectionLost),
      ("57P02", .connectionLost, .connectionLost), ("57P03", .connectionLost, .connectionLost),
      ("25P03", .connectionLost, .connectionLost), ("25P02", .error, .error), ("42P01", .error, .error),
      ("53100", .error, .error), ("40003", .error, .error), ("80000", .error, .error), ("", .error, .error),
    ] as [(String, AttemptFailure, AttemptFailure)])
  func classification(state: String, readCommitted: AttemptFailure, serializable: AttemptFailure) {
    let packed = state.isEmpty ? SQLState(nil) : state.withCString { SQLState($0) }
    #expect(packed.failure(conflictsByConstraint: false) == readCommitted)
    #expect(packed.failure(conflictsByConstraint: true) == serializable)
    #expect(packed.description == state)
  }

  @Test(
    "messages of failed connections are taken apart",
    arguments: [
      (
        "connection to server on socket \"/s\" failed: FATAL:  28P01: password authentication failed for user "
          + "\"me\"\nLOCATION:  auth_failed, auth.c:326\n", "28P01",
        "connection to server on socket \"/s\" failed: FATAL: password authentication failed for user \"me\""
      ),
      (
        "connection to server failed: Connection refused\n\tIs the server running?\n", "",
        "connection to server failed: Connection refused Is the server running?"
      ),
      ("FATAL:  sorry, too many clients already\n", "", "FATAL:  sorry, too many clients already"),
    ])
  func connectionMessages(message: String, state: String, text: String) {
    let parts = ConnectionProblem.parts(message)
    #expect(parts.state.description == state)
    #expect(parts.text == text)
  }

  @Test(
    "the hash of advisory locks is FNV-1a",
    arguments: [
      ("", 0xCBF2_9CE4_8422_2325), ("a", 0xAF63_DC4C_8601_EC8C), ("foobar", 0x8594_4171_F739_67E8),
    ] as [(String, UInt64)])
  func hash(text: String, expected: UInt64) {
    #expect(AdvisoryKeys.hash(Array(text.utf8)) == expected)
  }

  @Test("every record has a lock of its own")
  func distinctLocks() {
    let keys = AdvisoryKeys(namespace: "contend_x")
    #expect(Set((0..<100_000).map { keys.lock(of: $0) }).count == 100_000)
    let bytes = Array("contend_x:".utf8) + [4, 3, 2, 1]
    #expect(UInt64(bitPattern: keys.lock(of: 0x0102_0304)) == AdvisoryKeys.hash(bytes))
  }

  @Test("arrays of parameters are in PostgreSQL's binary format")
  func arrays() {
    let buffer = ParameterBuffer()
    buffer.beginArray(0)
    for key: Int32 in [7, -1] { buffer.append(0, int4: key) }
    buffer.beginWideArray(1)
    for value in 1...8 { buffer.append(1, int8: Int64(value)) }
    let bytes = (0..<Int(buffer.lengths[0])).map { UInt8(bitPattern: buffer.values[0]?[$0] ?? 0) }
    #expect(
      bytes == [
        0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 23, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 7, 0, 0, 0, 4, 255, 255, 255,
        255,
      ])
    #expect(buffer.lengths[1] == 20 + 8 * 12)
    #expect(buffer.formats[1] == 1)
  }
}
