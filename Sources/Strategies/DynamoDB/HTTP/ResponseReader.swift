#if DynamoDB
internal import Runtime

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

  /// What has arrived, and where it begins that has not been read.
  private var pending: [UInt8] = []
  private var start = 0
  private var stage = Stage.status
  private var length: Int64 = 0
  private var isChunked = false

  private static let longestHead = 65_536

  /// Has read nothing yet.
  init() {}

  private enum Stage {
    case status
    /// Lines of the head, up to an empty one.
    case fields
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
      if case .data(let missing) = stage {
        guard takeData(missing) else { return true }
        continue
      }
      guard let line = takeLine() else { return pending.count < Self.longestHead }
      switch stage {
      case .status:
        guard readStatus(line) else { return false }
        stage = .fields
      case .fields where line.isEmpty: stage = isChunked ? .chunkHead : .data(Int(length))
      case .fields: guard readField(line) else { return false }
      case .chunkHead:
        let digits = String(decoding: line.prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self)
        guard let length = Int(digits, radix: 16), length >= 0 else { return false }
        stage = length == 0 ? .trailer : .data(length)
      case .chunkEnd: stage = .chunkHead
      case .trailer: isComplete = line.isEmpty
      case .data: break
      }
    }
    return true
  }

  /// Takes bytes of the body, or of a chunk. Returns false when there are not as many yet as are missing.
  private mutating func takeData(_ missing: Int) -> Bool {
    let part = min(missing, pending.count - start)
    body += pending[start..<(start + part)]
    start += part
    if part < missing {
      stage = .data(missing - part)
      pending.removeAll(keepingCapacity: true)
      start = 0
      return false
    }
    if isChunked { stage = .chunkEnd } else { isComplete = true }
    return true
  }

  /// The next line without its end; nil when it is not complete.
  private mutating func takeLine() -> ArraySlice<UInt8>? {
    guard let end = pending[start...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    let line = pending[start..<end]
    start = end + 1
    return line.last == UInt8(ascii: "\r") ? line.dropLast() : line
  }

  private mutating func readStatus(_ line: ArraySlice<UInt8>) -> Bool {
    let words = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
    guard words.count >= 2, words[0].starts(with: "HTTP/1.".utf8),
      let code = words[1].withUnsafeBytes({ Int64(decimal: $0) })
    else { return false }
    status = Int(code)
    closes = words[0].last == UInt8(ascii: "0")
    return true
  }

  /// Returns false for a length that is none.
  private mutating func readField(_ line: ArraySlice<UInt8>) -> Bool {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return true }
    let value = line[(colon + 1)...].drop { $0 == UInt8(ascii: " ") }
    switch String(decoding: line[..<colon], as: UTF8.self).lowercased() {
    case "content-length": length = value.withUnsafeBytes { Int64(decimal: $0) } ?? -1
    case "transfer-encoding": isChunked = String(decoding: value, as: UTF8.self).lowercased() == "chunked"
    case "connection": closes = String(decoding: value, as: UTF8.self).lowercased() == "close"
    default: break
    }
    return length >= 0
  }
}
#endif
