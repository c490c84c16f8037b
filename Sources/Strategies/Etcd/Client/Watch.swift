#if Etcd
internal import HTTPClient
internal import Runtime

/// Waits for one key to be deleted, on a connection of its own: a watch of the gateway ends with its connection.
struct Watch {
  private let connection: HTTPConnection

  init(_ endpoints: Endpoints, _ loop: EventLoop) { connection = HTTPConnection(endpoints, loop) }

  /// - Parameters:
  ///   - key: in base64.
  ///   - revision: the first whose events count.
  /// - Returns: false when the moment has passed. A watch that was lost, or cancelled because its revision is too old,
  ///   counts as an event: who waits looks again.
  func waitForDeletion(ofEncoded key: String, from revision: Int64, until deadline: Int64) async -> Bool {
    defer { connection.close() }
    let body = """
      {"create_request":{"key":"\(key)","start_revision":"\(revision)","filters":["NOPUT"]}}
      """
    guard await connection.send("/v3/watch", body) else { return monotonicNow() < deadline }
    while let line = await connection.nextLine(until: deadline) {
      guard let result = line["result"] else { break }
      if result["events"] != nil || result["canceled"] != nil { return true }
    }
    return monotonicNow() < deadline
  }
}
#endif
