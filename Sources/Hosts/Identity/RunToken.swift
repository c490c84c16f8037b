@preconcurrency internal import Glibc

/// The secret of one run, 32 random bytes: whoever knows it may take part, as driver or as worker.
///
/// Worthless after the run. Never an argument of a program, for everybody can read those; nothing here prints it.
public struct RunToken: Sendable, CustomStringConvertible, CustomReflectable {
  let bytes: [UInt8]

  /// A new token from the kernel's random numbers.
  public static func random() -> RunToken {
    var source = SystemRandomNumberGenerator()
    return RunToken(bytes: (0..<4).flatMap { _ in withUnsafeBytes(of: source.next()) { Array($0) } })
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  /// Reads 64 hexadecimal digits; space around them is left out.
  ///
  /// - Throws: when it is anything else; the message does not say what.
  public init(text: String) throws(HostFailure) {
    let space: Set<UInt8> = [9, 10, 13, 32]
    let digits = text.utf8.drop { space.contains($0) }
    let values = digits.prefix { !space.contains($0) }.map { Self.value(of: $0) }
    let rest = digits.dropFirst(values.count)
    let known = values.compactMap { $0 }
    guard known.count == 64, values.count == 64, rest.allSatisfy({ space.contains($0) }) else {
      throw HostFailure(.usage, "the token is not 64 hexadecimal digits: take it as the driver has written it")
    }
    bytes = stride(from: 0, to: 64, by: 2).map { known[$0] << 4 | known[$0 + 1] }
  }

  private static func value(of digit: UInt8) -> UInt8? {
    switch digit {
    case 48...57: digit - 48
    case 65...70: digit - 55
    case 97...102: digit - 87
    default: nil
    }
  }

  /// The 64 hexadecimal digits: for the environment or the standard input of a program, and for a file that only its
  /// owner can read.
  public var text: String {
    String(decoding: bytes.flatMap { [Self.digit($0 >> 4), Self.digit($0 & 15)] }, as: UTF8.self)
  }

  private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 87 + value }

  /// Says nothing about the token.
  public var description: String { "the token of a run" }
  /// Shows nothing of the token.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
