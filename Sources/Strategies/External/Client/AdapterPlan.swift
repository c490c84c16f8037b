internal import Model
internal import Runtime

/// What all workers of a process know of their program.
public struct AdapterPlan: Sendable {
  let settings: AdapterSettings
  let role: AdapterRole
  /// Whether one program serves all workers of a thread.
  let isShared: Bool
  /// The longest that a lock may be waited for, and how long it lasts if nobody renews it.
  let waitMilliseconds: Int64
  let leaseMilliseconds: Int64
  let needsTokens: Bool
  /// What it is told, but for the seed: the members of `configure`.
  private let configuration: LineWriter
  /// The programs of threads whose workers share one.
  let adapters = LoopShared<AdapterHolder>()

  /// Reads options and addresses.
  ///
  /// - Throws: when the scenario names no program.
  init(
    _ environment: StrategyEnvironment, role: AdapterRole, settings: AdapterSettings? = nil
  ) throws(SetupFailure) {
    guard let settings = settings ?? environment.adapter else {
      throw SetupFailure("no program is named; state 'external: PROGRAM'")
    }
    self.settings = settings
    self.role = role
    let options = environment.options.values
    isShared = options["programs"] == .word("per-process")
    waitMilliseconds = Self.milliseconds(options["wait"])
    leaseMilliseconds = Self.milliseconds(options["ttl"])
    needsTokens = environment.fence != .none
    configuration = Self.configuration(
      environment, settings, wait: waitMilliseconds, lease: leaseMilliseconds)
  }

  private static func milliseconds(_ option: OptionValue?) -> Int64 {
    if case .duration(let length)? = option { length.nanoseconds / 1_000_000 } else { 0 }
  }

  /// How long a request may stay without an answer: as long as the lock may be waited for and lasts, and five seconds.
  var patience: Int64 { (waitMilliseconds + leaseMilliseconds + 5000) * 1_000_000 }

  /// Appends the members of `configure`.
  func append(configuration writer: inout LineWriter, seed: UInt64) {
    writer.append(contentsOf: configuration)
    writer.append(#","seed":"#)
    writer.append(Int64(truncatingIfNeeded: seed >> 1))
  }

  private static func configuration(
    _ environment: StrategyEnvironment, _ settings: AdapterSettings, wait: Int64, lease: Int64
  ) -> LineWriter {
    var writer = LineWriter()
    writer.append(#","services":"#)
    writer.append(object: environment.endpoints) { writer, service, url in
      writer.append(quoted: address(url, of: service, namespace: environment.namespace))
    }
    writer.append(#","namespace":"#)
    writer.append(quoted: environment.namespace)
    writer.append(#","options":"#)
    writer.append(object: settings.options) { writer, _, value in writer.append(value) }
    for (name, value) in [
      (#","keys":"# as StaticString, Int64(environment.records.count)), (#","workers":"#, Int64(environment.workers)),
      (#","ttl_ms":"#, lease), (#","wait_ms":"#, wait),
    ] {
      writer.append(name)
      writer.append(value)
    }
    return writer
  }

  /// Sessions on PostgreSQL carry the name of the run's workers, so that their end is waited for as for that of ours.
  private static func address(_ url: String, of service: String, namespace: String) -> String {
    guard service.hasPrefix("postgres"), url.contains("://"), !url.contains("application_name=") else { return url }
    return url + (url.contains("?") ? "&" : "?") + "application_name=contend%20\(namespace)"
  }
}

extension LineWriter {
  /// Appends what another one holds.
  mutating func append(contentsOf other: LineWriter) { append(bytes: other.bytes) }

  /// An object whose members are sorted by name.
  mutating func append<Value>(object: [String: Value], _ value: (inout LineWriter, String, Value) -> Void) {
    append("{")
    for (index, member) in object.sorted(by: { $0.key < $1.key }).enumerated() {
      if index > 0 { append(",") }
      append(quoted: member.key)
      append(":")
      value(&self, member.key, member.value)
    }
    append("}")
  }

  /// The value of an option.
  mutating func append(_ option: OptionValue) {
    switch option {
    case .integer(let value): append(Int64(value))
    case .number(let value): append(bytes: Array("\(value)".utf8))
    case .flag(let value): append(value ? "true" : "false")
    case .duration(let value): append(value.nanoseconds / 1_000_000)
    case .word(let value): append(quoted: value)
    }
  }
}
