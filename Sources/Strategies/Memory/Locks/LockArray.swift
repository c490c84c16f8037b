/// One lock per record in memory of the process, each in lines of its own (128 bytes, because processors fetch lines in
/// pairs), never moved, freed with the array.
public final class LockArray<Lock: ~Copyable>: @unchecked Sendable {  // because locks are made for sharing
  @usableFromInline let base: UnsafeMutableRawPointer
  private let count: Int
  private let destroy: (UnsafeMutablePointer<Lock>) -> Void
  @usableFromInline let stride: Int

  /// Makes `count` locks at their final addresses.
  public init(
    count: Int, initialize: (UnsafeMutablePointer<Lock>) -> Void,
    destroy: @escaping (UnsafeMutablePointer<Lock>) -> Void = { _ in }
  ) {
    self.count = count
    self.destroy = destroy
    stride = (MemoryLayout<Lock>.stride + 127) / 128 * 128
    base = .allocate(byteCount: max(1, count) * stride, alignment: 128)
    base.initializeMemory(as: UInt8.self, repeating: 0, count: max(1, count) * stride)
    for index in 0..<count { initialize(self[Int32(index)]) }
  }

  deinit {
    for index in 0..<count { destroy(self[Int32(index)]) }
    base.deallocate()
  }

  /// The lock of a record; valid as long as the array.
  @inlinable public subscript(key: Int32) -> UnsafeMutablePointer<Lock> {
    (base + Int(key) &* stride).assumingMemoryBound(to: Lock.self)
  }
}
