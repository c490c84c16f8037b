internal import CLinux
@preconcurrency internal import Glibc

/// The process that stands between the driver and one server, so that the server never outlives the driver.
///
/// The driver holds the writing end of a pipe that is the guard's standard input. When the driver ends, even by
/// SIGKILL, the kernel closes that end, and the guard stops the server and removes its directory. Should the guard
/// itself be killed, the server receives its death signal from the kernel.
public enum ServiceGuard {
  /// Runs a guard until its driver has gone and nothing is left of the server.
  ///
  /// - Parameter arguments: the words after `contend guard`.
  /// - Returns: the exit code of the process.
  public static func run(_ arguments: [String]) -> Int32 {
    guard let parsed = GuardArguments(arguments), let named = ManagedServers.named(parsed.service) else {
      fputs("contend guard: this command is for the use of contend itself\n", stderr)
      return 64
    }
    var server = named.behind(parsed.upstreamDirectory)
    if parsed.preparation.contains(.separableMembers) { server = server.withSeparableMembers() }
    // Ctrl-C must not end servers before the driver has finished with them, nor a broken pipe the guard before it has
    // cleaned up.
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { Glibc.signal(signal, SIG_IGN) }
    umask(0o077)
    do throws(ServiceFailure) {
      if geteuid() == 0 { try assumeAccount(of: server) }
      var session = try GuardedServer(server, parsed)
      session.run()
      return 0
    } catch {
      report(.failed(error.message))
      return 69
    }
  }

  /// Tells the driver, if there still is one.
  static func report(_ message: GuardMessage) {
    let bytes = message.bytes
    // A message is shorter than PIPE_BUF or the pipe is empty, so that it is written in one piece.
    _ = retryingInterrupted { write(STDOUT_FILENO, bytes, bytes.count) }
  }

  private static func assumeAccount(of server: any ManagedServer) throws(ServiceFailure) {
    guard let name = server.account else { return }
    guard let account = Account(named: name) else {
      throw ServiceFailure(
        "\(server.software) must not run as root, and its account \(name) does not exist: "
          + "apt-get install \(server.debianPackage)")
    }
    try account.assume()
  }
}
