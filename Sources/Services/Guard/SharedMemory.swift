internal import Glibc

/// Shared memory that a server would leave behind if it were killed: a file below /dev/shm and a System V segment.
struct SharedMemory: Equatable {
  /// Where the kernel shows it.
  static let folder = "/dev/shm"
  private static let segmentTable = "/proc/sysvipc/shm"

  private(set) var files: Set<String> = []
  private(set) var segments: Set<CInt> = []

  /// Adds what a process has mapped, from `/proc/PID/maps` (proc_pid_maps(5)); a segment's id stands in the inode
  /// field.
  mutating func add(from process: pid_t) {
    let maps = readFile("/proc/\(process)/maps", limit: 1 << 20) ?? ""
    for line in maps.split(separator: "\n") {
      let fields = line.split(separator: " ", maxSplits: 5)
      guard fields.count == 6 else { continue }
      let name = fields[5].drop { $0 == " " }
      if name.hasPrefix(Self.folder + "/"), !name.hasSuffix(" (deleted)") {
        files.insert(String(name))
      } else if name.hasPrefix("/SYSV"), let segment = CInt(fields[4]) {
        segments.insert(segment)
      }
    }
  }

  /// Adds the segments that were made by processes of ours which have ended, and that nobody uses, from
  /// `/proc/sysvipc/shm`: who is killed a moment after it has made one was not looked at in time.
  mutating func addOrphans(of makers: Set<pid_t>) {
    let table = readFile(Self.segmentTable, limit: 1 << 20) ?? ""
    for line in table.split(separator: "\n").dropFirst() {
      // key shmid perms size cpid lpid nattch ...
      let fields = line.split(separator: " ")
      guard fields.count > 6, let segment = CInt(fields[1]), let maker = pid_t(fields[4]), fields[6] == "0" else {
        continue
      }
      if makers.contains(maker) { segments.insert(segment) }
    }
  }

  /// Releases what still exists. After an orderly end there is nothing.
  func remove() {
    for file in files { unlink(file) }
    for segment in segments { shmctl(segment, IPC_RMID, nil) }
  }
}
