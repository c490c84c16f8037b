import Foundation
import Glibc
import Model

/// A real sshd on each of some hosts of namespaces, with keys of its own.
enum SecureShell {
  /// Starts them; the folder of an `ssh` that knows their keys and port.
  static func start(on hosts: HostNamespaces, hosts numbers: ClosedRange<Int>) throws -> String {
    let folder = hosts.folder.path
    for key in ["host", "user"] {
      let make = try hosts.start(
        on: 0, ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "\(folder)/\(key)"], log: "keygen")
      try make.wait()
    }
    // Made by the package's service, which does not run here; sshd will not start without it.
    try FileManager.default.createDirectory(atPath: "/run/sshd", withIntermediateDirectories: true)
    let configuration = try hosts.write(
      """
      HostKey \(folder)/host
      AuthorizedKeysFile \(folder)/user.pub
      StrictModes no
      UsePAM no
      Port 2222
      PermitRootLogin prohibit-password
      PidFile none

      """, to: "sshd.conf")
    for host in numbers {
      try hosts.keep(on: host, ["/usr/sbin/sshd", "-D", "-e", "-f", configuration], log: "sshd\(host).log")
    }
    try waitUntil("every sshd listens", pause: 20_000) {
      numbers.allSatisfy { hosts.text(of: "sshd\($0).log").contains("Server listening") }
    }
    try FileManager.default.createDirectory(atPath: "\(folder)/bin", withIntermediateDirectories: true)
    let known =
      "-i \(folder)/user -p 2222 -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no -o LogLevel=ERROR"
    _ = try hosts.write("#!/bin/sh\nexec /usr/bin/ssh \(known) \"$@\"\n", to: "bin/ssh", mode: 0o755)
    return "\(folder)/bin"
  }
}
