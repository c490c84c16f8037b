import Glibc
import Testing

@testable import Hosts

/// Tokens and addresses.
@Suite struct TokenTests {
  /// A path in a new folder.
  func newPath() throws -> String {
    var template = Array("/tmp/contend-token-XXXXXX".utf8CString)
    let folder = try #require(mkdtemp(&template).map { String(cString: $0) })
    return folder + "/token"
  }

  @Test func textGoesThereAndBack() throws {
    let token = RunToken.random()
    #expect(token.text.utf8.count == 64)
    #expect(try RunToken(text: " \(token.text)\r\n").bytes == token.bytes)
    #expect(try RunToken(text: token.text.uppercased()).bytes == token.bytes)
    #expect(RunToken.random().bytes != token.bytes)
  }

  @Test(arguments: [
    "", "abc", String(repeating: "a", count: 63), String(repeating: "g", count: 64),
    String(repeating: "a", count: 65), String(repeating: "a", count: 64) + " a",
    "ä" + String(repeating: "a", count: 62),
  ])
  func anythingElseIsNoToken(text: String) {
    let failure = #expect(throws: HostFailure.self) { try RunToken(text: text) }
    if !text.isEmpty { #expect(failure?.message.contains(text) == false) }
  }

  @Test func itIsNotPrinted() throws {
    struct Holder { let token: RunToken }
    let token = RunToken.random()
    var dumped = ""
    dump(Holder(token: token), to: &dumped)
    for text in ["\(token)", String(reflecting: token), "\(Holder(token: token))", dumped] {
      #expect(!text.contains(token.text))
      #expect(!text.contains("\(token.bytes[0]), \(token.bytes[1])"))
    }
  }

  @Test func aFileIsPrivate() throws {
    let path = try newPath()
    let token = RunToken.random()
    try token.write(to: path)
    #expect(try RunToken.read(file: path).bytes == token.bytes)
    #expect(throws: HostFailure.self) { try token.write(to: path) }
    for mode: UInt32 in [0o640, 0o604, 0o660, 0o644] {
      chmod(path, mode)
      let failure = #expect(throws: HostFailure.self) { try RunToken.read(file: path) }
      #expect(failure?.kind == .refused)
      #expect(failure?.message.contains("chmod 600") == true)
    }
    chmod(path, 0o400)
    #expect(try RunToken.read(file: path).bytes == token.bytes)
    #expect(throws: HostFailure.self) { try RunToken.read(file: path + "-absent") }
    unlink(path)
  }

  @Test(
    arguments: [
      (1000, 0o600, false, true), (1000, 0o400, false, true), (1000, 0o440, false, false), (0, 0o400, false, false),
      (0, 0o440, true, true), (0, 0o444, true, true), (0, 0o400, true, true), (1000, 0o444, true, true),
      (0, 0o460, true, false), (1001, 0o440, true, false), (1001, 0o600, false, false),
    ] as [(UInt32, UInt32, Bool, Bool)])
  func marksOfFiles(owner: UInt32, mode: UInt32, isMounted: Bool, isPrivate: Bool) {
    #expect(RunToken.isPrivate(owner: owner, mode: mode, isMountedSecret: isMounted, user: 1000) == isPrivate)
  }

  @Test func aLineIsReadAndNothingBehindIt() throws {
    let token = RunToken.random()
    let (near, far) = try makeSockets()
    let text = Array("\(token.text)\nrest".utf8)
    #expect(write(far, text, text.count) == text.count)
    #expect(try RunToken.readLine(from: near).bytes == token.bytes)
    var rest = [UInt8](repeating: 0, count: 10)
    #expect(read(near, &rest, 10) == 4)
    close(far)
    #expect(throws: HostFailure.self) { try RunToken.readLine(from: near) }
    close(near)
  }

  /// Variables that are not those of the process: other tests read those meanwhile.
  final class Variables {
    var values: [String: UnsafeMutablePointer<CChar>] = [:]
    func set(_ name: String, _ value: String) { values[name] = strdup(value) }
    func take() throws(HostFailure) -> RunToken? {
      try RunToken.take(find: { values[$0] }, remove: { values[$0] = nil })
    }
  }

  @Test func itIsTakenFromTheEnvironmentOnce() throws {
    let token = RunToken.random()
    let variables = Variables()
    #expect(try variables.take() == nil)
    variables.set("CONTEND_TOKEN", token.text)
    let place = try #require(variables.values["CONTEND_TOKEN"])
    defer { free(place) }
    #expect(try variables.take()?.bytes == token.bytes)
    #expect(variables.values.isEmpty)
    #expect(String(cString: place) == String(repeating: "0", count: 64))
    let path = try newPath()
    try token.write(to: path)
    variables.set("CONTEND_TOKEN_FILE", path)
    #expect(try variables.take()?.bytes == token.bytes)
    variables.set("CONTEND_TOKEN", "short")
    #expect(throws: HostFailure.self) { try variables.take() }
    unlink(path)
  }

  @Test(
    arguments: [
      ("node1:7117", "node1", 7117), ("1.2.3.4:0", "1.2.3.4", 0), ("[::1]:7117", "::1", 7117),
      ("0.0.0.0:65535", "0.0.0.0", 65535),
    ] as [(String, String, UInt16)])
  func addressesAreRead(text: String, host: String, port: UInt16) throws {
    let address = try HostAddress(text)
    #expect(address == HostAddress(host: host, port: port))
    #expect(address.description == text)
  }

  @Test(arguments: [
    "", ":1", "a", "a:", "a:65536", "a:-1", "a:+1", "::1:7117", "[]:1", "[::1]", "a b:1", "a:1:2", "[::1:2", "a\n:1",
  ])
  func otherAddressesAreNot(text: String) {
    #expect(throws: HostFailure.self) { try HostAddress(text) }
  }

  @Test func theWayToAHostHasAnAddress() throws {
    #expect(try HostAddress.local(towards: "127.0.0.1") == "127.0.0.1")
    let failure = #expect(throws: HostFailure.self) { try HostAddress.local(towards: "no-such-host.invalid") }
    #expect(failure?.message.contains("no-such-host.invalid") == true)
  }
}
