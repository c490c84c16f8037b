internal import Model

/// The keys of clicks: `<namespace>:click:<trial>:<worker>:<number>:<record>` for a claim, and a few hashes
/// `<namespace>:effects:<bucket>` that note for every request how often it has counted.
struct ClickKeys: Sendable {
  /// Before the key of a request. A part of it is drawn for each process of a trial: claims outlive a trial, and the next
  /// one has requests of the same numbers.
  let claims: KeyPrefix
  /// Before the number of a bucket.
  let effects: KeyPrefix
  /// Before a request as a field of a hash: nothing.
  let field = KeyPrefix("")

  init(_ namespace: String) {
    claims = KeyPrefix("\(namespace):click:\(UInt32.random(in: 0 ... .max)):")
    effects = KeyPrefix(Self.effectsPrefix(namespace))
  }

  static func effectsPrefix(_ namespace: String) -> String { namespace + ":effects:" }

  /// Hashes over which the requests are spread, so that each can be read at once.
  static let buckets: Int32 = 16

  /// The hash of the requests of a worker.
  static func bucket(of worker: Int) -> Int32 { Int32(truncatingIfNeeded: worker) % buckets }

  /// All hashes of a run.
  static func effects(_ namespace: String) -> [String] { (0..<buckets).map { effectsPrefix(namespace) + "\($0)" } }
}

extension RequestBuffer {
  /// A prefix and what a request is about, as one word: `<worker>:<number>:<record>`.
  mutating func append(_ prefix: KeyPrefix, _ request: OperationIdentity, record: Int32) {
    append(prefix, Int64(request.worker), request.number, Int64(record))
  }
}
