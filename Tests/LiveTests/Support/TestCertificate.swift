import Foundation
import Model
import Services

/// A certificate for 127.0.0.1 that signs itself, so that no system trusts it: made when first needed, valid for a day.
struct TestCertificate: Sendable {
  /// PEM files. Servers read the key under accounts of their own.
  let path: String
  let key: String

  private static let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("contend-certificate-\(getpid())")

  static let made = Result {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    atexit { try? FileManager.default.removeItem(at: TestCertificate.folder) }
    let certificate = TestCertificate(
      path: folder.appendingPathComponent("certificate.pem").path, key: folder.appendingPathComponent("key.pem").path)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.arguments = [
      "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1", "-addext",
      "subjectAltName=IP:127.0.0.1", "-out", certificate.path, "-keyout", certificate.key,
    ]
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw SetupFailure("openssl made no certificate") }
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: certificate.key)
    return certificate
  }
}
