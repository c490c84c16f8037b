#if DynamoDB
internal import Glibc
internal import Model

/// As whom requests are made: from the URL, else from the environment, where every client of AWS looks first.
struct Credentials: Sendable {
  let accessKey: String
  let secretKey: String
  /// Only temporary credentials have one.
  let sessionToken: String?

  /// Nil unless `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` are set.
  static func fromEnvironment() -> Credentials? {
    guard let accessKey = variable("AWS_ACCESS_KEY_ID"), let secretKey = variable("AWS_SECRET_ACCESS_KEY") else {
      return nil
    }
    return Credentials(accessKey: accessKey, secretKey: secretKey, sessionToken: variable("AWS_SESSION_TOKEN"))
  }

  /// Takes `access-key:secret-key@` out of a URL; nil when it states none. `%XX` stands for a special character; a word
  /// with a `%` that begins no such code is taken as it is.
  static func split(_ url: String) -> (Credentials?, rest: String) {
    guard let start = url.firstRange(of: "://")?.upperBound, let at = url[start...].firstIndex(of: "@") else {
      return (nil, url)
    }
    let words = url[start..<at].split(separator: ":", omittingEmptySubsequences: false).map {
      $0.percentDecoded ?? String($0)
    }
    guard words.count == 2, !words.contains("") else { return (nil, url) }
    let credentials = Credentials(accessKey: words[0], secretKey: words[1], sessionToken: nil)
    return (credentials, String(url[..<start] + url[url.index(after: at)...]))
  }

  /// `AWS_REGION` or `AWS_DEFAULT_REGION`, else us-east-1.
  static var region: String { variable("AWS_REGION") ?? variable("AWS_DEFAULT_REGION") ?? "us-east-1" }

  private static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }
}
#endif
