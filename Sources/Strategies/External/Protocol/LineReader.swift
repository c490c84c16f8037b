@preconcurrency internal import Glibc

/// Lines as they arrive from a descriptor, in a buffer of its own.
final class LineReader {
  /// What came of a look at the descriptor.
  enum Look: Equatable {
    /// Something has arrived.
    case data
    /// Nothing more for now.
    case nothing
    /// The other side has closed.
    case end
  }

  /// The longest line of the protocol, without its end.
  static let longestLine = 65536
  private static let capacity = 2 * (longestLine + 1)

  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: LineReader.capacity, alignment: 16)
  private var start = 0
  private var end = 0
  /// Up to where there is no end of a line.
  private var searched = 0

  deinit { buffer.deallocate() }

  /// Whether what has arrived can be no line of the protocol: it is too long.
  var isOverlong: Bool { end - start > Self.longestLine && searched == end }

  /// Reads what has arrived. Take all lines before the next call.
  func fill(from descriptor: Int32) -> Look {
    if start > 0 {
      if end > start {
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[start..<end]))
      }
      (end, searched, start) = (end - start, searched - start, 0)
    }
    guard end < buffer.count, let base = buffer.baseAddress else { return .data }
    let count = read(descriptor, base + end, buffer.count - end)
    if count > 0 {
      end += count
      return .data
    }
    return count < 0 && (errno == EAGAIN || errno == EINTR) ? .nothing : .end
  }

  /// The next complete line without its end, which is good until the next call of ``fill(from:)``; nil when there is none.
  func next() -> UnsafeRawBufferPointer? {
    guard let base = buffer.baseAddress, searched < end,
      let found = memchr(base + searched, Int32(UInt8(ascii: "\n")), end - searched)
    else {
      searched = end
      return nil
    }
    let position = UnsafeRawPointer(found) - UnsafeRawPointer(base)
    defer { (start, searched) = (position + 1, position + 1) }
    return UnsafeRawBufferPointer(rebasing: buffer[start..<position])
  }
}
