#if DynamoDB
internal import Glibc

/// Signs requests to DynamoDB.
///
/// Source: AWS, "Create a signed AWS API request" (Signature Version 4).
struct RequestSigner: Sendable {
  let credentials: Credentials
  let region: String
  /// As in the `Host` line.
  let host: String
  /// The key of the day of the last request.
  private var key: (day: String, bytes: [UInt8]) = ("", [])

  init(credentials: Credentials, region: String, host: String) {
    self.credentials = credentials
    self.region = region
    self.host = host
  }

  static let contentType = "application/x-amz-json-1.0"

  /// The header lines of a request, each ended by CR and LF, but for those that every request has.
  ///
  /// - Parameters:
  ///   - action: what is asked for: `UpdateItem`.
  ///   - seconds: the time of the request since 1970; the server refuses what is more than 15 minutes off.
  mutating func headers(action: String, body: String, at seconds: Int) -> String {
    let moment = Self.timestamp(seconds)
    var signed = [("content-type", Self.contentType), ("host", host), ("x-amz-date", moment)]
    if let token = credentials.sessionToken { signed.append(("x-amz-security-token", token)) }
    signed.append(("x-amz-target", "DynamoDB_20120810." + action))
    let lines = signed.filter { $0.0 != "host" }.map { "\($0.0): \($0.1)\r\n" }.joined()
    return lines + "authorization: \(authorization(signed, body: body, moment))\r\n"
  }

  private mutating func authorization(_ headers: [(String, String)], body: String, _ moment: String) -> String {
    let names = headers.map(\.0).joined(separator: ";")
    let lines = headers.map { "\($0.0):\($0.1)\n" }.joined()
    let request = "POST\n/\n\n\(lines)\n\(names)\n\(Digest.hexadecimal(Digest.hash(Array(body.utf8))))"
    let day = String(moment.prefix(8))
    let scope = "\(day)/\(region)/dynamodb/aws4_request"
    let text = "AWS4-HMAC-SHA256\n\(moment)\n\(scope)\n\(Digest.hexadecimal(Digest.hash(Array(request.utf8))))"
    if key.day != day { key = (day, signingKey(day, service: "dynamodb")) }
    let signature = Digest.authenticate(Array(text.utf8), key: key.bytes)
    return "AWS4-HMAC-SHA256 Credential=\(credentials.accessKey)/\(scope), SignedHeaders=\(names), "
      + "Signature=\(Digest.hexadecimal(signature))"
  }

  /// The header lines of a request at this moment.
  mutating func headers(_ action: String, _ body: String) -> String {
    headers(action: action, body: body, at: Int(time(nil)))
  }

  /// The key of one day, region and service.
  func signingKey(_ day: String, service: String) -> [UInt8] {
    [day, region, service, "aws4_request"].reduce(Array("AWS4\(credentials.secretKey)".utf8)) { key, text in
      Digest.authenticate(Array(text.utf8), key: key)
    }
  }

  /// `20150830T123600Z`.
  static func timestamp(_ seconds: Int) -> String {
    var time = time_t(seconds)
    var parts = tm()
    gmtime_r(&time, &parts)
    func digits(_ number: Int32, _ count: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    let date = digits(parts.tm_year + 1900, 4) + digits(parts.tm_mon + 1, 2) + digits(parts.tm_mday, 2)
    return date + "T" + digits(parts.tm_hour, 2) + digits(parts.tm_min, 2) + digits(parts.tm_sec, 2) + "Z"
  }
}
#endif
