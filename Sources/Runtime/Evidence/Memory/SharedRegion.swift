internal import CLinux
@preconcurrency internal import Glibc

/// A memory file, mapped: shared with worker processes that inherit its descriptor, and kept when one of them dies.
///
/// Pages that nobody touches take no memory, so generous layouts are cheap.
public final class SharedRegion: @unchecked Sendable {  // because the fields are constants; users order their accesses
  /// Start of the mapping, page aligned and zero at first.
  public let base: UnsafeMutableRawPointer
  /// Length in bytes.
  public let byteCount: Int
  /// Descriptor of the memory file, closed by the owner's deinit.
  public let descriptor: Int32

  /// Makes a new region of zeros.
  public convenience init(byteCount: Int) throws(SystemFailure) {
    let descriptor = clinux_memfd_create("contend", 1 /* MFD_CLOEXEC */)
    guard descriptor >= 0 else { throw SystemFailure("memfd_create") }
    guard ftruncate(descriptor, byteCount) == 0 else {
      let failure = SystemFailure("ftruncate of \(byteCount) bytes of shared memory")
      close(descriptor)
      throw failure
    }
    try self.init(mapping: descriptor, byteCount: byteCount)
  }

  /// Makes a new region of zeros in a file of its owner's, which must not be there yet and stays.
  convenience init(byteCount: Int, creating path: String) throws(SystemFailure) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw SystemFailure("make \(path)") }
    guard ftruncate(descriptor, byteCount) == 0 else {
      let failure = SystemFailure("ftruncate of \(byteCount) bytes of \(path)")
      close(descriptor)
      throw failure
    }
    try self.init(mapping: descriptor, byteCount: byteCount)
  }

  /// Maps an inherited memory file and owns its descriptor from then on, also when it throws.
  public init(mapping descriptor: Int32, byteCount: Int) throws(SystemFailure) {
    guard let base = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), base != MAP_FAILED else {
      let failure = SystemFailure("mmap of \(byteCount) bytes of shared memory")
      close(descriptor)
      throw failure
    }
    self.base = base
    self.byteCount = byteCount
    self.descriptor = descriptor
  }

  /// The parts of a range of whole pages that were written or read before; the others are zeros. All of it where the
  /// kernel does not tell.
  func touched(_ range: Range<Int>) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var offset = range.lowerBound
    while offset < range.upperBound {
      errno = 0
      let start = lseek(descriptor, offset, 3 /* SEEK_DATA */)
      if start < 0 { return errno == ENXIO ? parts : parts + [offset..<range.upperBound] }
      if start >= range.upperBound { return parts }
      let end = lseek(descriptor, start, 4 /* SEEK_HOLE */)
      offset = end < 0 ? range.upperBound : min(end, range.upperBound)
      parts.append(start..<offset)
    }
    return parts
  }

  deinit {
    munmap(base, byteCount)
    close(descriptor)
  }
}

/// A system call that failed, with the text of errno.
public struct SystemFailure: Error, CustomStringConvertible {
  /// What failed and why.
  public let description: String
  /// The error number.
  public let number: Int32
  /// Reads errno, so it must be made at once.
  public init(_ call: String) {
    number = errno
    description = "\(call): \(String(cString: strerror(number)))"
  }
}
