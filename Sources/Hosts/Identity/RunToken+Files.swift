internal import CLinux
@preconcurrency internal import Glibc

/// Where a token comes from and goes to.
extension RunToken {
  /// Reads a file that nobody else can read, or one that Kubernetes has mounted: those lie in memory, read-only.
  ///
  /// - Throws: when it cannot be read, others can read it, or no token is in it.
  public static func read(file: String) throws(HostFailure) -> RunToken {
    let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw HostFailure(.unavailable, "the token cannot be read from \(file): \(systemErrorText())")
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw HostFailure(.unavailable, "the token cannot be read from \(file): \(systemErrorText())")
    }
    let isMounted = clinux_is_read_only_memory(descriptor) == 1
    let isFile = status.st_mode & S_IFMT == S_IFREG
    guard isFile, isPrivate(owner: status.st_uid, mode: status.st_mode, isMountedSecret: isMounted) else {
      throw HostFailure(
        .refused,
        "the token file \(file) must belong to you and be closed to others: chmod 600 \(file), or make a new one")
    }
    var buffer = [UInt8](repeating: 0, count: 256)
    let count = Glibc.read(descriptor, &buffer, buffer.count)
    guard count >= 0 else {
      throw HostFailure(.unavailable, "the token cannot be read from \(file): \(systemErrorText())")
    }
    return try RunToken(text: String(decoding: buffer.prefix(count), as: UTF8.self))
  }

  /// Whether a file with these marks may hold a token.
  static func isPrivate(owner: UInt32, mode: UInt32, isMountedSecret: Bool, user: UInt32 = geteuid()) -> Bool {
    if owner == user && mode & 0o077 == 0 { return true }
    // The kubelet gives secrets to root, and to the group of the pod where that has one; nobody outside the pod sees them.
    return isMountedSecret && (owner == user || owner == 0) && mode & 0o022 == 0
  }

  /// Takes the token that the launcher has given: `CONTEND_TOKEN`, which is removed, so that what is started from here
  /// does not see it; else from the file that `CONTEND_TOKEN_FILE` names. Nil when there is neither.
  ///
  /// To be called before the process has other threads.
  ///
  /// - Throws: when what is there is no token.
  public static func takeFromEnvironment() throws(HostFailure) -> RunToken? {
    try take(find: { getenv($0) }, remove: { unsetenv($0) })
  }

  /// - Parameters:
  ///   - find: leads to the value of a variable where it stands.
  ///   - remove: removes a variable.
  static func take(
    find: (String) -> UnsafeMutablePointer<CChar>?, remove: (String) -> Void
  ) throws(HostFailure) -> RunToken? {
    if let variable = find("CONTEND_TOKEN") {
      let text = String(cString: variable)
      // What stands there can still be read in /proc after it was removed.
      memset(variable, 0x30, strlen(variable))
      remove("CONTEND_TOKEN")
      return try RunToken(text: text)
    }
    guard let file = find("CONTEND_TOKEN_FILE") else { return nil }
    return try read(file: String(cString: file))
  }

  /// Reads the first line of standard input, and nothing behind it.
  ///
  /// - Throws: when it is no token.
  public static func readStandardInput() throws(HostFailure) -> RunToken { try readLine(from: STDIN_FILENO) }

  static func readLine(from descriptor: Int32) throws(HostFailure) -> RunToken {
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while line.count <= 128 {
      let count = Glibc.read(descriptor, &byte, 1)
      if count < 0 && errno == EINTR { continue }
      guard count == 1, byte != 10 else { break }
      line.append(byte)
    }
    return try RunToken(text: String(decoding: line, as: UTF8.self))
  }

  /// Writes the token to a new file that only its owner can read.
  ///
  /// - Throws: when the file exists or cannot be written.
  public func write(to file: String) throws(HostFailure) {
    let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw HostFailure(.unavailable, "the token cannot be written to \(file): \(systemErrorText())")
    }
    defer { close(descriptor) }
    let line = Array((text + "\n").utf8)
    guard Glibc.write(descriptor, line, line.count) == line.count else {
      let reason = systemErrorText()
      unlink(file)
      throw HostFailure(.unavailable, "the token cannot be written to \(file): \(reason)")
    }
  }
}
