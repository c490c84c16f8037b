#if Etcd
import Foundation
import Model

/// An etcd that speaks TLS with ``TestCertificate``: managed servers do not. Gone with the test process.
enum SecureEtcd {
  /// Keeps it running.
  private struct Running: @unchecked Sendable {  // because nobody writes to the pipe, whose end ends the server
    let process: Process
    let input: Pipe
    let url: String
  }

  private static let started = Result {
    let certificate = try TestCertificate.made.get()
    let (port, peer) = (try FakeServer.unusedPort(), try FakeServer.unusedPort())
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    let script = """
      folder=$(mktemp -d)
      etcd --data-dir "$folder" --listen-client-urls $1 --advertise-client-urls $1 --cert-file $2 --key-file $3 \
        --listen-peer-urls $4 --initial-advertise-peer-urls $4 --initial-cluster default=$4 &
      cat
      kill $!
      wait
      rm -r "$folder"
      """
    let url = "https://127.0.0.1:\(port)"
    process.arguments = ["-c", script, "sh", url, certificate.path, certificate.key, "http://127.0.0.1:\(peer)"]
    let input = Pipe()
    process.standardInput = input
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return Running(process: process, input: input, url: url)
  }

  /// Where it is, or soon will be.
  static var url: String { get throws { try started.get().url } }
}
#endif
