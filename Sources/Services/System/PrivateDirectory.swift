internal import Glibc

/// The directory of one server: data, log and unix socket; only its owner can enter it.
struct PrivateDirectory {
  let path: String

  /// The file in it that receives what the server prints.
  static let logName = "server.log"

  /// The longest path of a unix socket, without the terminating zero (`sun_path` of unix(7)).
  static let longestSocketPath = 107

  /// Creates a directory of mode 0700 in the first of `parents` that allows it and is short enough for a socket.
  ///
  /// - Parameter socketName: name of the socket that the server will create in it.
  init(prefix: String, in parents: [String], socketName: String) throws(ServiceFailure) {
    var reasons: [String] = []
    for parent in parents {
      guard !parent.contains(",") else {
        // libpq takes it for a list of hosts, and knows no way to quote it.
        reasons.append("\(parent): clients cannot connect to a path with a comma")
        continue
      }
      let template = parent + "/" + prefix + "XXXXXX"
      guard template.utf8.count + 1 + socketName.utf8.count <= Self.longestSocketPath else {
        reasons.append("\(parent): too long for a unix socket")
        continue
      }
      var bytes = Array(template.utf8CString)
      if mkdtemp(&bytes) != nil {
        path = String(decoding: bytes.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return
      }
      reasons.append("\(parent): \(systemErrorText())")
    }
    throw ServiceFailure(
      "cannot create a temporary directory (\(reasons.joined(separator: "; "))); set TMPDIR to one that is writable")
  }

  /// A directory that exists already.
  init(path: String) { self.path = path }

  /// Path of a file in the directory.
  func file(_ name: String) -> String { path + "/" + name }

  /// Writes a file for the server.
  func write(_ text: String, to name: String) throws(ServiceFailure) {
    let descriptor = try Descriptor.open(file(name), O_WRONLY | O_CREAT | O_TRUNC)
    guard
      Array(text.utf8).withUnsafeBytes({ Glibc.write(descriptor.number, $0.baseAddress, $0.count) })
        == text.utf8.count
    else { throw ServiceFailure("cannot write \(file(name)): \(systemErrorText())") }
  }

  /// Removes the directory with everything in it; true when it is gone.
  ///
  /// Follows no symbolic link, so that whoever owns the directory cannot lead us, when we are root, out of it.
  @discardableResult
  func remove() -> Bool {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    if descriptor >= 0 { Self.removeContents(of: descriptor) }
    return rmdir(path) == 0 || errno == ENOENT
  }

  /// Removes everything below an open directory, and closes it.
  private static func removeContents(of descriptor: CInt) {
    guard let stream = fdopendir(descriptor) else {
      close(descriptor)
      return
    }
    defer { closedir(stream) }
    while let name = nextName(in: stream) {
      if strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || unlinkat(descriptor, name, 0) == 0 { continue }
      let child = openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      if child >= 0 { removeContents(of: child) }
      unlinkat(descriptor, name, AT_REMOVEDIR)
    }
  }
}
