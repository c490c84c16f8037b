import Model
import Testing

@testable import ExternalStrategies

/// Lines that adapters send.
@Suite struct ReplyTests {
  private func read(_ line: String) throws -> (reply: Reply, values: [Int64]) {
    let values = UnsafeMutablePointer<Int64>.allocate(capacity: Operation.maximumSteps)
    defer { values.deallocate() }
    var reply = Reply()
    let bytes = Array(line.utf8)
    try bytes.withUnsafeBytes { try reply.read($0, values: values) }
    return (reply, (0..<reply.values).map { values[$0] })
  }

  @Test func everyKindIsRead() throws {
    for kind in ReplyKind.allCases {
      let (reply, _) = try read(#"{"type":"\#(kind.word)","id":7}"#)
      #expect(reply.kind == kind && reply.id == 7)
    }
  }

  @Test func membersComeInAnyOrderAmongUnknownOnes() throws {
    let (reply, values) = try read(
      #" { "values" : [ 1, -2,9223372036854775807 ] , "x":{"y":[1.5e3,null,"a\"]}"]},"id":12,"token":5,"type":"committed"} "#
        + "\r")
    #expect(reply.kind == .committed && reply.id == 12 && reply.token == 5)
    #expect(values == [1, -2, .max])
  }

  @Test func anErrorHasItsText() throws {
    #expect(try read(#"{"type":"error","id":1,"message":"a \"b\"\nc"}"#).reply.message == "a \"b\"\nc")
    #expect(try read(#"{"type":"error","id":1,"message":null}"#).reply.message == nil)
    #expect(try read(#"{"type":"event","kind":"session_lost","worker":0}"#).reply.kind == .event)
  }

  @Test(arguments: [
    "", "{}", "hello", "[1]", #"{"type":"granted"}"#, #"{"id":1}"#, #"{"type":"grantet","id":1}"#,
    #"{"type":"granted","id":"1"}"#, #"{"type":"granted","id":1.5}"#, #"{"type":"granted","id":1"#,
    #"{"type":"granted","id":1}}"#, #"{"type":"granted","id":1} x"#, #"{"type":"granted,"id":1}"#,
    #"{"type":"committed","id":1,"values":[1,2,3,4,5,6,7,8,9]}"#, #"{"type":"committed","id":1,"values":[null]}"#,
    #"{"type":"granted","id":99999999999999999999}"#,
    #"{"type":"granted","id":1,"x":\#(String(repeating: "[", count: 100))"#,
  ]) func whatIsNoReplyIsRefused(line: String) {
    #expect(throws: Malformed.self) { try read(line) }
  }

  @Test func aRequestIsAnsweredByWhatItMayBe() {
    #expect(RequestKind.acquire.admits(.granted) && !RequestKind.acquire.admits(.released))
    #expect(RequestKind.release.admits(.lost) && !RequestKind.release.admits(.granted))
    #expect(RequestKind.perform.admits(.leaseLost) && !RequestKind.perform.admits(.granted))
    #expect(RequestKind.ping.admits(.pong) && RequestKind.ping.admits(.error) && !RequestKind.ping.admits(.event))
  }
}
