public import Model
internal import Words

extension ScenarioReader {
  /// A resolved scenario as YAML, with every value stated; it reads back to an equal scenario.
  ///
  /// URLs of services are shown without credentials and query, and only those read back without them.
  public func describe(_ scenario: Scenario) -> String {
    var text = "name: \(Self.scalar(.string(scenario.name)))\n"
    let workloads = vocabulary.workloads.map(\.id)
    let variants = scenario.variants
    text += Self.block(
      "workload",
      shared: variants.map {
        WorkloadSection.section(vocabulary.workload($0.workload.kind), kinds: workloads).show(
          WorkloadDraft($0.workload))
      })
    text += Self.block("load", shared: variants.map { LoadSection.section.show($0.load) })
    text += Self.block("retry", shared: variants.map { RetrySection.section.show($0.retry) })
    if !scenario.sweep.isEmpty { text += "sweep:\n" }
    for setting in scenario.sweep {
      text += "  \(setting.path): [\(setting.values.map { Self.scalar(.string($0)) }.joined(separator: ", "))]\n"
    }
    text += Self.list(
      "strategies",
      scenario.strategies.map { StrategySection.section(vocabulary.strategy($0.id)).show(StrategyDraft($0)) })
    text += Self.list(
      "faults",
      scenario.faults.map { fault in
        let descriptor = vocabulary.faults.first { $0.id == fault.kind }
        return FaultSection.section(descriptor, vocabulary).show(FaultDraft(fault))
      })
    let services = ServiceSection.section(vocabulary.services).show(ServiceDraft(scenario))
    if !services.isEmpty { text += Self.block("services", services) }
    text += Self.block(GateSection.section.path, GateSection.section.show(scenario.gate))
    return text
  }

  /// A list of mappings; nothing when it is empty.
  private static func list(_ name: String, _ entries: [[(key: String, value: JSON)]]) -> String {
    entries.reduce(into: entries.isEmpty ? "" : "\(name):\n") { text, members in
      for (index, member) in members.enumerated() {
        text += "\(index == 0 ? "  - " : "    ")\(member.key):\(value(member.value, indent: 6))\n"
      }
    }
  }

  private static func block(_ name: String, _ members: [(key: String, value: JSON)]) -> String {
    "\(name):\(value(.object(members), indent: 2))\n"
  }

  /// A section as far as all variants state the same; the sweep states the rest.
  private static func block(_ name: String, shared variants: [[(key: String, value: JSON)]]) -> String {
    let members = variants[0].filter { member in
      variants.allSatisfy { $0.contains { $0.key == member.key && $0.value.text() == member.value.text() } }
    }
    return block(name, members)
  }

  /// What follows the colon of a key: a scalar on its line, or a mapping or a list of mappings on lines of its own.
  private static func value(_ value: JSON, indent: Int) -> String {
    let margin = "\n" + String(repeating: " ", count: indent)
    switch value {
    case .object(let members):
      return members.map { "\(margin)\($0.key):\(Self.value($0.value, indent: indent + 2))" }.joined()
    case .array(let elements) where elements.contains { !$0.members.isEmpty }:
      return elements.map { element in
        let lines = element.members.map { "\($0.key):\(Self.value($0.value, indent: indent + 4))" }
        return "\(margin)- " + lines.joined(separator: margin + "  ")
      }.joined()
    default: return " " + scalar(value)
    }
  }

  /// A scalar or a list of scalars; quoted where plain text would be read as something else.
  private static func scalar(_ value: JSON) -> String {
    guard case .string(let text) = value else { return value.compact ?? "" }
    let isPlain =
      text.first.map { $0.isLetter || $0.isNumber } == true
      && text.unicodeScalars.allSatisfy {
        $0.isASCII && ($0.properties.isAlphabetic || "0123456789._-+()/%".unicodeScalars.contains($0))
      }
    return isPlain && !YAMLNode(.scalar(text, isPlain: true), at: .file).isNothing ? text : JSON.quoted(text)
  }
}
