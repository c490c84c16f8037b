internal import Model

/// The operations of a thread, drawn before the trial and run round and round.
///
/// It lies in shared memory so that the driver can tell what a worker that died was doing. Entries have one size, and
/// each is followed by its steps, so that a worker walks from one to the next by an addition.
struct OperationRing: @unchecked Sendable {  // because it is written before the workers start and then only read
  /// What comes before the steps of an operation.
  struct Entry {
    var index: Int32
    var count: UInt16
    var followsCommit: Bool
    var isReadOnly: Bool

    /// The steps, which lie behind the entry.
    @inline(__always) static func steps(_ entry: UnsafePointer<Entry>) -> UnsafePointer<Step> {
      (UnsafeRawPointer(entry) + MemoryLayout<Entry>.stride).assumingMemoryBound(to: Step.self)
    }
  }

  private let base: UnsafeMutableRawPointer
  private let length: Int
  /// Bytes of an entry and of the steps reserved for it.
  let stride: Int

  /// The first entry.
  var first: UnsafePointer<Entry> { entry(0) }
  /// Where an entry behind the last would be.
  var end: UnsafePointer<Entry> { entry(length) }

  init(base: UnsafeMutableRawPointer, layout: TrialLayout) {
    self.base = base
    length = layout.ringLength
    stride = Self.stride(layout)
  }

  private static func stride(_ layout: TrialLayout) -> Int {
    MemoryLayout<Entry>.stride + layout.stepsPerOperation * MemoryLayout<Step>.stride
  }
  static func byteCount(_ layout: TrialLayout) -> Int { layout.ringLength * stride(layout) }

  /// The entry at an index.
  func entry(_ index: Int) -> UnsafePointer<Entry> {
    UnsafePointer((base + index * stride).assumingMemoryBound(to: Entry.self))
  }

  /// The operation at an index, as the worker with a token runs it.
  func operation(_ index: Int, token: Int64) -> Operation {
    let entry = entry(index)
    return Operation(
      steps: Entry.steps(entry), count: Int(entry.pointee.count), token: token, isReadOnly: entry.pointee.isReadOnly)
  }

  /// Stores the operations; there must be `length` of them, none with more steps than reserved.
  func fill(_ templates: [OperationTemplate]) {
    precondition(templates.count == length, "the ring takes \(length) operations")
    for (index, template) in templates.enumerated() {
      let bytes = base + index * stride
      let reserved = (stride - MemoryLayout<Entry>.stride) / MemoryLayout<Step>.stride
      precondition(template.steps.count <= reserved && !template.steps.isEmpty)
      bytes.storeBytes(
        of: Entry(
          index: Int32(index), count: UInt16(template.steps.count), followsCommit: template.followsCommit,
          isReadOnly: template.steps.allSatisfy { $0.effect == .read }), as: Entry.self)
      let steps = (bytes + MemoryLayout<Entry>.stride).assumingMemoryBound(to: Step.self)
      for (position, step) in template.steps.enumerated() { steps[position] = step }
    }
  }
}
