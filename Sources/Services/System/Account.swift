internal import Glibc

/// The system account that a server runs as.
struct Account {
  let name: String
  let user: uid_t
  let group: gid_t

  /// Looks an account up in the system's user database; nil when there is none of this name.
  init?(named name: String) {
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var buffer = [CChar](repeating: 0, count: 16_384)
    guard getpwnam_r(name, &entry, &buffer, buffer.count, &found) == 0, found != nil else { return nil }
    self.name = name
    user = entry.pw_uid
    group = entry.pw_gid
  }

  /// Gives up the rights of root for good: groups first, while we still may change them.
  func assume() throws(ServiceFailure) {
    guard initgroups(name, group) == 0, setgid(group) == 0, setuid(user) == 0 else {
      throw ServiceFailure("cannot change to the account \(name): \(systemErrorText())")
    }
  }
}
