#if DynamoDB
internal import NetworkTransport

extension Endpoint {
  /// An HTTP/1.1 request with a body (RFC 9112).
  ///
  /// - Parameter headers: further lines, each ended by CR and LF.
  func request(_ path: String, headers: String = "", _ body: String) -> [UInt8] {
    Array(
      "POST \(path) HTTP/1.1\r\nHost: \(authority)\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8)
  }
}
#endif
