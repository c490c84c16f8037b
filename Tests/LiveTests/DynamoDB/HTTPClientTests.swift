#if DynamoDB
import Testing

@testable import DynamoDBStrategies

/// What requests over HTTP/1.1 are answered with, as it is read.
@Suite struct HTTPClientTests {
  @Test("JSON")
  func json() {
    func read(_ text: String) -> JSONValue? { JSONValue(Array(text.utf8)[...]) }
    let value = read(#" {"a": [1, {"b": "c\"d"}, true], "e": {}, "f": []} "#)
    #expect(value?["a"]?.elements.first?.number == 1)
    #expect(value?["a"]?.elements.dropFirst().first?["b"]?.text == "c\"d")
    #expect(value?["a"]?.elements.last == .text("true"))
    #expect(value?["e"] == .object([:]) && value?["f"] == .array([]))
    for broken in ["", "{", "[1", "{\"a\"}", "{\"a\":}", "\"abc", "[1 2]"] { #expect(read(broken) == nil, "\(broken)") }
  }

  @Test("responses are read however they arrive", arguments: [1, 2, 7, 4096])
  func responses(pieces: Int) {
    let chunked =
      "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n3\r\n1}\n\r\n0\r\nX: y\r\n\r\n"
    let sized = "HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\n{\"a\":1}"
    for (text, status) in [(chunked, 404), (sized, 200)] {
      var reader = ResponseReader()
      let bytes = Array(text.utf8)
      for start in stride(from: 0, to: bytes.count, by: pieces) {
        #expect(!reader.isComplete)
        let isHTTP = reader.take(bytes[start..<min(start + pieces, bytes.count)])
        #expect(isHTTP)
      }
      #expect(reader.isComplete && reader.status == status)
      #expect(JSONValue(reader.body[...])?["a"]?.number == 1)
    }
  }

  @Test(
    "what is not HTTP is noticed",
    arguments: [
      "SSH-2.0-OpenSSH\r\n\r\n", "HTTP/2 200\r\n\r\n", "HTTP/1.1 OK\r\n\r\n", "HTTP/1.1\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n", "HTTP/1.1 200 OK\r\nContent-Length: many\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n",
      "HTTP/1.1 200 OK\r\nX: " + String(repeating: "x", count: 65_536),
    ])
  func notHTTP(text: String) {
    var reader = ResponseReader()
    let isHTTP = reader.take(Array(text.utf8))
    #expect(!isHTTP && !reader.isComplete)
  }

  @Test(
    "whether the connection can be used again",
    arguments: [
      ("HTTP/1.1 200 OK\r\n\r\n", false), ("HTTP/1.1 204 No Content\r\nConnection: Close\r\n\r\n", true),
      ("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", true), ("HTTP/1.1 200\nConnection:keep-alive\n\n", false),
    ])
  func closing(text: String, closes: Bool) {
    var reader = ResponseReader()
    let isHTTP = reader.take(Array(text.utf8))
    #expect(isHTTP && reader.isComplete && reader.closes == closes && reader.body.isEmpty)
  }
}
#endif
