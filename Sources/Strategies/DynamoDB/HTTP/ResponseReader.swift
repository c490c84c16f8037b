#if DynamoDB
/// Reads an HTTP response piece by piece as it arrives (RFC 9112): with a length, or in chunks with a trailer.
struct ResponseReader {
  /// The code of the status line; 0 before it has arrived.
  private(set) var status = 0
  /// Whether the whole response has been read.
  private(set) var isComplete = false
  /// What has been read of the body and not been taken.
  private(set) var body: [UInt8] = []

  /// Whether the server closes the connection behind this response.
  private(set) var closes = false

  private var pending: [UInt8] = []
  private var stage = Stage.head
  private var isChunked = false

  /// Has read nothing yet.
  init() {}

  private enum Stage {
    case head
    /// So many bytes of the body, or of a chunk, are to come.
    case data(Int)
    /// The line with the length of the next chunk.
    case chunkHead
    /// The empty line behind a chunk.
    case chunkEnd
    /// Lines behind the last chunk, up to an empty one.
    case trailer
  }

  /// Takes bytes that have arrived. Returns false when they are not HTTP.
  mutating func take(_ bytes: some Sequence<UInt8>) -> Bool {
    pending += bytes
    while !isComplete {
      switch stage {
      case .head:
        guard let end = pending.firstRange(of: Array("\r\n\r\n".utf8)) else { return pending.count < 65_536 }
        guard readHead(String(decoding: pending[..<end.lowerBound], as: UTF8.self)) else { return false }
        pending.removeFirst(end.upperBound)
      case .data(let missing):
        let part = min(missing, pending.count)
        body += pending.prefix(part)
        pending.removeFirst(part)
        guard part == missing else {
          stage = .data(missing - part)
          return true
        }
        if isChunked { stage = .chunkEnd } else { isComplete = true }
      case .chunkHead:
        guard let line = takeLine() else { return true }
        guard let length = Int(line.prefix { $0 != ";" }, radix: 16), length >= 0 else { return false }
        stage = length == 0 ? .trailer : .data(length)
      case .chunkEnd:
        guard takeLine() != nil else { return true }
        stage = .chunkHead
      case .trailer:
        guard let line = takeLine() else { return true }
        if line.isEmpty { isComplete = true }
      }
    }
    return true
  }

  private mutating func takeLine() -> String? {
    guard let end = pending.firstRange(of: [13, 10]) else { return nil }
    defer { pending.removeFirst(end.upperBound) }
    return String(decoding: pending[..<end.lowerBound], as: UTF8.self)
  }

  private mutating func readHead(_ head: String) -> Bool {
    let lines = head.split(separator: "\r\n")
    let words = lines.first?.split(separator: " ") ?? []
    guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let code = Int(words[1]) else { return false }
    status = code
    closes = words[0] == "HTTP/1.0"
    var length = 0
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { continue }
      let value = parts[1].drop { $0 == " " }
      switch parts[0].lowercased() {
      case "content-length": length = Int(value) ?? -1
      case "transfer-encoding": isChunked = value.lowercased() == "chunked"
      case "connection": closes = value.lowercased() == "close"
      default: break
      }
    }
    stage = isChunked ? .chunkHead : .data(length)
    return length >= 0
  }
}
#endif
