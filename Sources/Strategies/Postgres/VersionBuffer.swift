internal import Model

/// The versions that an attempt has read, one per step.
struct VersionBuffer: ~Copyable {
  private let words = UnsafeMutablePointer<Int64>.allocate(capacity: Operation.maximumSteps)

  deinit { words.deallocate() }

  subscript(index: Int) -> Int64 {
    get { words[index] }
    nonmutating set { words[index] = newValue }
  }
}
