internal import Model

/// Removes credentials from a command line.
enum Redaction {
  /// The argument as it may be stored: without what a URL in it says about user, password and query, and without the value
  /// of anything called password.
  static func redacted(_ argument: String) -> String {
    if let start = passwordValue(in: argument) { return argument[..<start] + "***" }
    guard argument.contains("://") else { return argument }
    return ServiceLocation.url(argument).redacted
  }

  /// Where the value after `password=` (or `PGPASSWORD=`, `--password=`) begins.
  private static func passwordValue(in argument: String) -> String.Index? {
    let word = Array("password=".utf8)
    let bytes = Array(argument.utf8)
    guard bytes.count >= word.count else { return nil }
    for start in 0...(bytes.count - word.count)
    where zip(bytes[start...], word).allSatisfy({ $0.0 | 0x20 == $0.1 | 0x20 }) {
      return argument.utf8.index(argument.utf8.startIndex, offsetBy: start + word.count)
    }
    return nil
  }
}
