internal import Model
internal import Runtime

/// The waits between two tries of a step: exponential, with full jitter.
struct SagaPause {
  private let loop: EventLoop
  private var ceiling = SagaPause.shortest
  private static let shortest: Int64 = 1_000_000
  private static let longest: Int64 = 100_000_000

  init(_ loop: EventLoop) { self.loop = loop }

  mutating func reset() { ceiling = Self.shortest }

  mutating func next(using random: inout RandomSource) async {
    let nanoseconds = Int64(random.below(UInt64(ceiling) + 1))
    ceiling = min(ceiling * 2, Self.longest)
    await loop.sleep(nanoseconds: nanoseconds)
  }
}
