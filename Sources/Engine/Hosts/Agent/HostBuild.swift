@preconcurrency internal import Glibc
internal import Hosts
internal import Model
internal import Runtime
internal import StrategyCatalog

/// What of this program must be the same on all hosts.
public enum HostBuild {
  /// The build in words: `contend 0.1.0 (release; frames 7, 1; 48 counters; etcd, postgres, redis)`.
  ///
  /// - Parameter version: of the program.
  public static func description(version: String) -> String {
    let backends = Set(StrategyCatalog.services.map(\.name)).sorted().joined(separator: ", ")
    return
      "contend \(version) (\(configuration); frames \(Frame.version), \(HostMessage.version); "
      + "\(Counter.allCases.count) counters; \(backends))"
  }

  #if DEBUG
  private static let configuration = "debug"
  #else
  private static let configuration = "release"
  #endif
}

extension HostHello {
  /// This process.
  init(build: String, place: HostPlace) {
    version = HostMessage.version
    self.build = build
    executable = Self.fingerprint
    host = Self.hostName
    machine = Self.line(of: "/proc/sys/kernel/random/boot_id")
    var random = SystemRandomNumberGenerator()
    identity = String(random.next(), radix: 36)
    processors = MachineMonitor.processors
    engine = place.engine
    rank = place.rank
    count = place.count
  }

  private static var hostName: String {
    var bytes = [CChar](repeating: 0, count: 256)
    guard gethostname(&bytes, bytes.count - 1) == 0 else { return "unnamed" }
    return String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Of the executable: its length and its build id would do, its content tells for sure.
  private static var fingerprint: String { FileFingerprint.sha256(of: "/proc/self/exe") ?? "" }

  private static func line(of path: String) -> String {
    guard let file = fopen(path, "r") else { return "" }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 128)
    guard fgets(&buffer, 128, file) != nil else { return "" }
    return String(decoding: buffer.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
