internal import Glibc
internal import Words

/// What tells one run from all others: when it began, and a few random digits.
public struct RunIdentity: Sendable, Equatable {
  /// Seconds since 1970 when the run began.
  public let startedAt: Double
  /// `<yyyymmddThhmmssZ>-<6 hexadecimal digits>`: the column `run_id` of every file.
  public let id: String

  /// Makes an identity; the time is read from the system's clock and the digits from its random source unless given.
  public init(startedAt: Double? = nil, random: UInt32? = nil) {
    let start = startedAt ?? Self.now()
    self.startedAt = start
    let digits = String((random ?? UInt32.random(in: 0...UInt32.max)) & 0xFF_FFFF, radix: 16)
    id = Timestamp.compact(start) + "-" + digits.rightAligned(6, fill: "0")
  }

  /// Name of the results folder: the scenario's name, reduced to what is harmless in a path, and the id.
  public func folderName(scenario: String) -> String {
    let harmless = scenario.unicodeScalars.map { scalar in
      scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "._-".unicodeScalars.contains(scalar)
        ? Character(scalar) : "-"
    }
    let name = String(harmless.prefix(80)).drop { $0 == "." || $0 == "-" }
    return (name.isEmpty ? "scenario" : name) + "-" + id
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
