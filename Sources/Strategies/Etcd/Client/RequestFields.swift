#if Etcd
internal import CNghttp2

/// The header fields of a request, in memory that stays where it is: libnghttp2 reads them when it makes the frame.
final class RequestFields {
  let pointer: UnsafeMutablePointer<nghttp2_nv>
  let count = 6
  private let authority: UnsafeMutableBufferPointer<UInt8>

  /// - Parameters:
  ///   - text: host and port of the server.
  ///   - isSecure: whether the connection speaks TLS.
  init(authority text: String, isSecure: Bool) {
    authority = UnsafeMutableBufferPointer.allocate(capacity: text.utf8.count)
    _ = authority.initialize(from: text.utf8)
    pointer = UnsafeMutablePointer.allocate(capacity: count)
    pointer.initialize(to: Self.field(":method", "POST"))
    (pointer + 1).initialize(to: Self.field(":scheme", isSecure ? "https" : "http"))
    (pointer + 2).initialize(to: Self.field(":path", ""))
    (pointer + 3).initialize(to: Self.field(":authority", UnsafeBufferPointer(authority)))
    (pointer + 4).initialize(to: Self.field("te", "trailers"))
    (pointer + 5).initialize(to: Self.field("content-type", "application/grpc"))
  }

  deinit {
    pointer.deallocate()
    authority.deallocate()
  }

  /// States the path of the next request.
  func set(_ path: StaticString) { pointer[2] = Self.field(":path", path) }

  private static func field(_ name: StaticString, _ value: StaticString) -> nghttp2_nv {
    field(name, UnsafeBufferPointer(start: value.utf8Start, count: value.utf8CodeUnitCount))
  }

  private static func field(_ name: StaticString, _ value: UnsafeBufferPointer<UInt8>) -> nghttp2_nv {
    nghttp2_nv(
      name: UnsafeMutablePointer(mutating: name.utf8Start), value: UnsafeMutablePointer(mutating: value.baseAddress),
      namelen: name.utf8CodeUnitCount, valuelen: value.count,
      flags: UInt8(NGHTTP2_NV_FLAG_NO_COPY_NAME.rawValue | NGHTTP2_NV_FLAG_NO_COPY_VALUE.rawValue))
  }
}
#endif
