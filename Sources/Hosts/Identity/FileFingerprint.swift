internal import COpenSSL
@preconcurrency internal import Glibc

/// Tells whether two files on different hosts are the same.
public enum FileFingerprint {
  /// SHA-256 of a file, 64 hexadecimal digits; nil when it cannot be read.
  public static func sha256(of path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_size > 0 else { return nil }
    let length = Int(status.st_size)
    guard let content = mmap(nil, length, PROT_READ, MAP_PRIVATE, descriptor, 0), content != MAP_FAILED else {
      return nil
    }
    defer { munmap(content, length) }
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    _ = SHA256(content.assumingMemoryBound(to: UInt8.self), length, &digest)
    let digits = Array("0123456789abcdef")
    return String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}
