/// Why evidence could not be read from bytes, or not be merged.
public enum EvidenceFailure: Error, Equatable, CustomStringConvertible {
  /// The bytes do not begin as a frame does.
  case notEvidence
  /// A frame of another version of the program.
  case version(UInt16)
  /// The frame ends early, goes on too long, or its checksum is another.
  case damaged
  /// The checksum is right and the content makes no sense; says what.
  case invalid(String)
  /// Parts of different trials: their records or what was compared differ.
  case differentTrials
  /// Both parts answer for this worker, so that its operations would count twice.
  case sameWorker(Int)
  /// Both parts hold the values of the memory store, which lies on one host.
  case severalStores

  /// One sentence: what is wrong and what to do.
  public var description: String {
    switch self {
    case .notEvidence: "these bytes are no evidence of a trial; send a frame of evidence"
    case .version(let version):
      "the evidence has version \(version), this program reads \(EvidenceFrame.version); use one version on all hosts"
    case .damaged: "the evidence was damaged on its way; send it again"
    case .invalid(let what): "the evidence has \(what); use one version on all hosts"
    case .differentTrials: "the parts of the evidence belong to different trials; merge parts of one trial"
    case .sameWorker(let worker): "two parts of the evidence answer for worker \(worker); merge each part once"
    case .severalStores: "two parts of the evidence hold a memory store; it lies on one host"
    }
  }
}
