@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// The folder of a run's lock files, inside the one that the service names.
struct LockFolder: Sendable {
  let path: String

  /// - Parameter url: `file://` and the path of a folder.
  init(url: String, namespace: String) throws(SetupFailure) {
    guard url.hasPrefix("file:///") else {
      throw SetupFailure("services.lock-files is not an address of a folder; write file:///PATH")
    }
    path = Self.decoded(url.dropFirst("file://".count)) + "/contend-" + namespace
  }

  /// Opens a file of the folder, which is made when it is not there.
  func open(_ name: String) throws(SetupFailure) -> Int32 {
    let descriptor = Glibc.open(path + "/" + name, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      let remedy =
        errno == EMFILE
        ? ": each worker opens one file per key; use fewer keys, raise ulimit -n, or use host.ofd-lock" : ""
      throw SetupFailure("\(SystemFailure("open of a lock file").description)\(remedy)")
    }
    return descriptor
  }

  /// Replaces `%XX` by its byte (RFC 3986, section 2.1).
  private static func decoded(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// What the driver does with the folder of lock files: makes it, removes it. Files that nobody has open hold no lock.
final class LockFolderAdministration: StoreAdministration {
  private let folder: LockFolder
  private var isMade = false

  init(url: String, namespace: String) throws(SetupFailure) { folder = try LockFolder(url: url, namespace: namespace) }

  func prepare(values: [Int64]) throws(SetupFailure) {
    guard !isMade else { return }
    guard mkdir(folder.path, 0o700) == 0 else {
      throw SetupFailure(SystemFailure("mkdir of a folder for lock files").description)
    }
    isMade = true
  }

  func settle(within: Duration) throws(SetupFailure) {}
  func values() throws(SetupFailure) -> [Int64] { [] }
  func counts() throws(SetupFailure) -> [String: Int64] { [:] }

  /// The kernel does the locking.
  func describe() throws(SetupFailure) -> ServerDescription {
    var system = utsname()
    uname(&system)
    let release = withUnsafeBytes(of: system.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    return ServerDescription(version: release, settings: [:])
  }

  func endSession() {}

  func remove() throws(SetupFailure) {
    guard isMade else { return }
    if let entries = opendir(folder.path) {
      while let entry = readdir(entries) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        if name != "." && name != ".." { unlink(folder.path + "/" + name) }
      }
      closedir(entries)
    }
    guard rmdir(folder.path) == 0 else {
      throw SetupFailure(SystemFailure("rmdir of the folder for lock files").description)
    }
    isMade = false
  }
}

/// Descriptors of lock files, closed when their worker ends; locks go with them.
struct LockFiles: ~Copyable {
  private let descriptors: UnsafeMutablePointer<Int32>
  private var count = 0

  init(_ names: [String], in folder: LockFolder) throws(SetupFailure) {
    descriptors = .allocate(capacity: max(1, names.count))
    for name in names {
      descriptors[count] = try folder.open(name)
      count += 1
    }
  }

  deinit {
    for index in 0..<count { close(descriptors[index]) }
    descriptors.deallocate()
  }

  @inline(__always) subscript(index: Int) -> Int32 { descriptors[index] }
}
