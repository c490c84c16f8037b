internal import Model

/// The parameters of a statement in PostgreSQL's binary format, in memory that is allocated once per session.
///
/// libpq copies them when a statement is sent, so the buffer may be filled again at once.
struct ParameterBuffer: ~Copyable {
  /// One address per parameter; they never change.
  let values: UnsafeMutablePointer<UnsafePointer<CChar>?>
  /// Bytes of each parameter.
  let lengths: UnsafeMutablePointer<Int32>
  /// 1 for each parameter: binary.
  let formats: UnsafeMutablePointer<Int32>
  private let bytes: UnsafeMutableRawPointer

  /// The most parameters that a statement has.
  static let capacity = 6
  /// An array of so many 64-bit elements: a header of 20 bytes, and for each element its length and value.
  private static let slotBytes = 24 + 12 * SagaEvent.largestData
  private static let int4Type: Int32 = 23
  private static let int8Type: Int32 = 20

  init() {
    values = .allocate(capacity: Self.capacity)
    lengths = .allocate(capacity: Self.capacity)
    formats = .allocate(capacity: Self.capacity)
    bytes = .allocate(byteCount: Self.capacity * Self.slotBytes, alignment: 16)
    lengths.initialize(repeating: 0, count: Self.capacity)
    formats.initialize(repeating: 1, count: Self.capacity)
    for index in 0..<Self.capacity {
      let slot = bytes.advanced(by: index * Self.slotBytes)
      (values + index).initialize(to: UnsafePointer(slot.assumingMemoryBound(to: CChar.self)))
    }
  }

  deinit {
    values.deallocate()
    lengths.deallocate()
    formats.deallocate()
    bytes.deallocate()
  }

  private func store(_ value: Int32, _ index: Int, at offset: Int = 0) {
    bytes.storeBytes(of: value.bigEndian, toByteOffset: index &* Self.slotBytes &+ offset, as: Int32.self)
  }

  private func store(_ value: Int64, _ index: Int, at offset: Int = 0) {
    bytes.storeBytes(of: value.bigEndian, toByteOffset: index &* Self.slotBytes &+ offset, as: Int64.self)
  }

  /// Sets the parameter at a position from 0 to an `int4`.
  @inline(__always) func set(_ index: Int, int4 value: Int32) {
    store(value, index)
    lengths[index] = 4
  }

  /// Sets the parameter at a position from 0 to an `int8`.
  @inline(__always) func set(_ index: Int, int8 value: Int64) {
    store(value, index)
    lengths[index] = 8
  }

  /// Starts an `int4[]` for ``append(_:int4:)``.
  func beginArray(_ index: Int) { begin(index, elements: Self.int4Type) }
  /// Starts an `int8[]` for ``append(_:int8:)``.
  func beginWideArray(_ index: Int) { begin(index, elements: Self.int8Type) }

  /// Dimensions, a flag for nulls, element type, then elements and lower bound of the only dimension.
  private func begin(_ index: Int, elements type: Int32) {
    store(Int32(1), index)
    store(Int32(0), index, at: 4)
    store(type, index, at: 8)
    store(Int32(0), index, at: 12)
    store(Int32(1), index, at: 16)
    lengths[index] = 20
  }

  /// Appends an element to an `int4[]`; at most ``Operation/maximumSteps``.
  func append(_ index: Int, int4 value: Int32) {
    let end = claim(index, elementBytes: 4)
    store(value, index, at: end)
  }

  /// Appends an element to an `int8[]`; at most ``SagaEvent/largestData``.
  func append(_ index: Int, int8 value: Int64) {
    let end = claim(index, elementBytes: 8)
    store(value, index, at: end)
  }

  private func claim(_ index: Int, elementBytes: Int32) -> Int {
    let end = Int(lengths[index])
    precondition(end + 4 + Int(elementBytes) <= Self.slotBytes)
    let count = bytes.load(fromByteOffset: index * Self.slotBytes + 12, as: Int32.self).bigEndian
    store(count &+ 1, index, at: 12)
    store(elementBytes, index, at: end)
    lengths[index] = Int32(end) &+ 4 &+ elementBytes
    return end + 4
  }
}
