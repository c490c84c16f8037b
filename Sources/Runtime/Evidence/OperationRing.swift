internal import Model

/// The operations of a thread, drawn before the trial and run round and round.
///
/// It lies in shared memory so that the driver can tell what a worker that died was doing. Entries have one size, so
/// that a worker walks from one to the next by an addition.
struct OperationRing: @unchecked Sendable {  // because it is written before the workers start and then only read
  private let base: UnsafeMutableRawPointer
  private let length: Int
  /// Bytes of an entry: a header and the steps reserved for it.
  let stride: Int

  /// The first entry.
  var first: UnsafePointer<Operation.Header> { entry(0) }
  /// Where an entry behind the last would be.
  var end: UnsafePointer<Operation.Header> { entry(length) }

  init(base: UnsafeMutableRawPointer, layout: TrialLayout) {
    self.base = base
    length = layout.ringLength
    stride = Self.stride(layout)
  }

  private static func stride(_ layout: TrialLayout) -> Int {
    Operation.byteCount(steps: layout.stepsPerOperation)
  }
  static func byteCount(_ layout: TrialLayout) -> Int { layout.ringLength * stride(layout) }

  /// The entry at an index.
  func entry(_ index: Int) -> UnsafePointer<Operation.Header> {
    UnsafePointer((base + index * stride).assumingMemoryBound(to: Operation.Header.self))
  }

  /// Stores the operations; there must be `length` of them, none with more steps than reserved.
  func fill(_ templates: [OperationTemplate]) {
    precondition(templates.count == length, "the ring takes \(length) operations")
    for (index, template) in templates.enumerated() {
      precondition(!template.steps.isEmpty && Operation.byteCount(steps: template.steps.count) <= stride)
      Operation.store(template, index: index, at: base + index * stride)
    }
  }
}
