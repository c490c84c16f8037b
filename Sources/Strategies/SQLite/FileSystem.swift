#if SQLite
internal import CSQLite

/// What the file lies on: it decides what a commit costs.
enum FileSystem {
  /// The usual name of the file system of a file, or its magic number (statfs(2)).
  static func name(of path: String) -> String {
    var status = statfs()
    guard statfs(path, &status) == 0 else { return "unknown" }
    let magic = UInt32(truncatingIfNeeded: status.f_type)
    return names[magic] ?? "0x" + String(magic, radix: 16)
  }

  private static let names: [UInt32: String] = [
    0xEF53: "ext4", 0x0102_1994: "tmpfs", 0x794C_7630: "overlay", 0x9123_683E: "btrfs", 0x5846_5342: "xfs",
    0x6969: "nfs", 0x2FC1_2FC1: "zfs", 0xFE53_4D42: "smb2", 0x6573_5546: "fuse",
  ]
}
#endif
