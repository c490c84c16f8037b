internal import Model
public import Synchronization

/// The phase of a process, in a line of its own: its main thread moves it on, workers look at it once per operation.
@usableFromInline
struct PhaseSignal: @unchecked Sendable {  // because the words are atomic and live as long as the process
  @usableFromInline let words: UnsafeMutablePointer<Atomic<Int64>>

  /// Allocates the line; never freed, a process has one per trial and runs one trial.
  init() {
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: 256, alignment: 128)
    bytes.initializeMemory(as: UInt8.self, repeating: 0, count: 256)
    words = bytes.assumingMemoryBound(to: Atomic<Int64>.self)
  }

  @inline(__always) var value: Phase {
    Phase(rawValue: Int(number)) ?? .drained
  }

  /// The phase as it is stored, to be compared.
  @inlinable @inline(__always) var number: Int64 { words.pointee.load(ordering: .relaxed) }

  /// When the measured window closed; meaningful in the phase `drained`.
  var windowEnd: Int64 { words[1].load(ordering: .acquiring) }

  /// Moves on to a phase at a moment of ``monotonicNow()``.
  func set(_ phase: Phase, at moment: Int64) {
    if phase == .drained { words[1].store(moment, ordering: .releasing) }
    words.pointee.store(Int64(phase.rawValue), ordering: .releasing)
  }
}
