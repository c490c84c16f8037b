internal import CLinux
@preconcurrency internal import Glibc

/// The entries of all threads as the driver has taken them, in a file without a name: whatever becomes of the driver,
/// nothing is left of it.
///
/// Entries of a thread lie in pieces, in the order in which they were written.
struct HistoryFile: ~Copyable {
  /// Some entries of one thread that lie together.
  struct Piece {
    let offset: Int
    var count: Int
  }

  /// By thread.
  private(set) var pieces: [[Piece]]
  private(set) var byteCount = 0
  private let descriptor: Int32

  /// - Parameter folder: where there is room for it; must exist.
  init(in folder: String, threads: Int) throws(SystemFailure) {
    pieces = Array(repeating: [], count: threads)
    descriptor = NamelessFile.open(in: folder)
    if descriptor < 0 { throw SystemFailure("make a file for the history in \(folder)") }
  }

  deinit { close(descriptor) }

  /// Adds entries of a thread.
  ///
  /// - Throws: when the disk is full; then none of them is in the file.
  mutating func append(_ records: UnsafeBufferPointer<HistoryRecord>, ofThread thread: Int) throws(SystemFailure) {
    guard !records.isEmpty else { return }
    let bytes = UnsafeRawBufferPointer(records)
    var done = 0
    while done < bytes.count {
      let count = pwrite(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, byteCount + done)
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { throw SystemFailure("write the history") }
      done += count
    }
    if let last = pieces[thread].last, last.offset + last.count * MemoryLayout<HistoryRecord>.stride == byteCount {
      pieces[thread][pieces[thread].count - 1].count += records.count
    } else {
      pieces[thread].append(Piece(offset: byteCount, count: records.count))
    }
    byteCount += bytes.count
  }

  /// Reads entries of a piece, from one of them on.
  ///
  /// - Returns: how many were read: as many as there are left and have room.
  borrowing func read(
    _ piece: Piece, from index: Int, into records: UnsafeMutableBufferPointer<HistoryRecord>
  ) throws(SystemFailure) -> Int {
    let stride = MemoryLayout<HistoryRecord>.stride
    let wanted = min(piece.count - index, records.count) * stride
    var done = 0
    while done < wanted {
      let start = UnsafeMutableRawPointer(records.baseAddress).map { $0 + done }
      let count = pread(descriptor, start, wanted - done, piece.offset + index * stride + done)
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { throw SystemFailure("read the history") }
      done += count
    }
    return wanted / stride
  }
}
