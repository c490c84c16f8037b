/// What the keys of a run begin with: `<namespace>:` for records, `<namespace>:lock:` for locks; the number of the record
/// follows.
final class KeyPrefix: @unchecked Sendable {  // because the bytes never change and are freed with the object
  let bytes: UnsafeRawBufferPointer

  init(_ text: String) {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: text.utf8.count, alignment: 1)
    copy.copyBytes(from: text.utf8)
    bytes = UnsafeRawBufferPointer(copy)
  }

  deinit { bytes.deallocate() }
}
