internal import Model
internal import Words

extension ScenarioReader {
  /// A JSON Schema (draft 2020-12) of scenario files, for editors: completion, descriptions, and most of the checks.
  ///
  /// Made of the tables that files are read with. Ranges of durations and rates, and what must hold between settings,
  /// are only checked by reading.
  public func jsonSchema() -> String {
    let contents: [String: JSON] = [
      "name": .object(RootSection.name.schema),
      "workload": workloadSchema,
      "load": Self.schema(of: LoadSection.section, defaults: .init(), further: Self.oneBoundOnly),
      "retry": Self.schema(of: RetrySection.section, defaults: .init()),
      "sweep": sweepSchema,
      "strategies": strategiesSchema,
      "services": Self.schema(
        of: ServiceSection.section(vocabulary.services),
        defaults: ServiceDraft(managed: vocabulary.services.map(\.name))),
      "faults": faultsSchema,
      "expect": .object([
        ("type", .string("object")), ("additionalProperties", .object(ExpectSection.format.schema)),
      ]),
      "gate": Self.schema(of: GateSection.section, defaults: .init()),
    ]
    let properties = RootSection.keys.map { key in
      (key.name, contents[key.name, default: .object([])].described(key.summary))
    }
    let root = JSON.object([
      ("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
      ("title", .string("Scenario of Contend")),
      ("type", .string("object")),
      ("required", .strings(RootSection.required)),
      ("properties", .object(properties)),
      ("additionalProperties", .boolean(false)),
    ])
    return root.text(listWidth: 100) + "\n"
  }

  private static var oneBoundOnly: [(key: String, value: JSON)] {
    [("not", .object([("required", .strings(["duration", "operations"]))]))]
  }

  private var workloadSchema: JSON {
    let kinds = vocabulary.workloads.map(\.id)
    return Self.choice(
      of: "kind", shortForms: kinds,
      cases: vocabulary.workloads.map { descriptor in
        let section = WorkloadSection.section(descriptor, kinds: [descriptor.id])
        return (
          [descriptor.id], Self.schema(of: section, defaults: WorkloadDraft(descriptor)).described(descriptor.summary)
        )
      })
  }

  private var faultsSchema: JSON {
    let entry = Self.choice(
      of: "kind", shortForms: vocabulary.faults.map(\.id),
      cases: vocabulary.faults.map { descriptor in
        let section = FaultSection.section(descriptor, vocabulary)
        return (
          [descriptor.id], Self.schema(of: section, defaults: FaultDraft(descriptor)).described(descriptor.summary)
        )
      })
    return .object([
      ("type", .string("array")), ("maxItems", .integer(FaultSection.maximumFaults)), ("items", entry),
    ])
  }

  private var sweepSchema: JSON {
    let settings = SweepSection.settings(vocabulary).map { setting in
      let items = setting.schemas.count == 1 ? setting.schemas[0] : .object([("anyOf", .array(setting.schemas))])
      let list = JSON.object([
        ("type", .string("array")), ("items", items), ("minItems", .integer(1)),
        ("maxItems", .integer(SweepSection.maximumValues)), ("uniqueItems", .boolean(true)),
      ])
      return (setting.path, list.described(setting.summary))
    }
    return .object([
      ("type", .string("object")), ("properties", .object(settings)), ("additionalProperties", .boolean(false)),
    ])
  }

  private var strategiesSchema: JSON {
    let named = vocabulary.strategies.filter { !$0.takesProgram }
    let external = vocabulary.strategies.filter(\.takesProgram).map {
      Self.schema(of: $0, further: [("required", .strings([ExternalSection.mark, "as"]))])
    }
    let entry = Self.choice(
      of: "id", shortForms: named.map(\.id) + named.flatMap(\.aliases), pattern: Self.composition,
      cases: named.map { ([$0.id] + $0.aliases, Self.schema(of: $0)) }, others: external)
    return .object([("type", .string("array")), ("minItems", .integer(1)), ("items", entry)])
  }

  private static func schema(of descriptor: StrategyDescriptor, further: [(key: String, value: JSON)] = []) -> JSON {
    // Around another strategy, a lock takes the options of that one, too.
    schema(
      of: StrategySection.section(descriptor), defaults: StrategyDraft(id: descriptor.id),
      isOpen: !descriptor.stores.isEmpty, further: further
    ).described(descriptor.summary)
  }

  /// A lock and the strategy that it goes around, or scripts and their variant.
  private static let composition = "^([a-z.-]+ over [a-z.-]+|[a-z]+\\.script\\.[A-Za-z0-9_-]+)$"

  /// Either one of the short forms, or a mapping whose other keys depend on the word under `key`.
  ///
  /// - Parameters:
  ///   - pattern: what else may stand in the place of a short form.
  ///   - others: what else may stand there, without the key.
  private static func choice(
    of key: String, shortForms: [String], pattern: String? = nil, cases: [(words: [String], schema: JSON)],
    others: [JSON] = []
  ) -> JSON {
    let forms =
      [JSON.object([("enum", .strings(shortForms))])]
      + (pattern.map { [.object([("type", .string("string")), ("pattern", .string($0))])] } ?? [])
    let form = forms.count == 1 ? forms[0] : .object([("anyOf", .array(forms))])
    let branches = cases.map { words, schema in
      JSON.object([
        ("if", .object([("properties", .object([(key, .object([("enum", .strings(words))]))]))])),
        ("then", schema),
      ])
    }
    let mapping = JSON.object([
      ("type", .string("object")),
      ("required", .strings([key])),
      ("properties", .object([(key, form)])),
      ("allOf", .array(branches)),
    ])
    return .object([("anyOf", .array(forms + [mapping] + others))])
  }

  static func schema<Target>(
    of section: Section<Target>, defaults: Target, isOpen: Bool = false, further: [(key: String, value: JSON)] = []
  ) -> JSON {
    let properties = section.keys.map { key in
      let value = key.show(defaults).map { [(key: "default", value: $0)] } ?? []
      return (key.name, JSON.object(key.schema + value).described(key.summary))
    }
    return .object(
      [
        ("type", .string("object")), ("properties", .object(properties)),
        ("additionalProperties", .boolean(isOpen)),
      ] + further)
  }
}

extension JSON {
  /// A schema with a description in front.
  fileprivate func described(_ summary: String) -> JSON {
    guard case .object(let members) = self else { return self }
    return .object([("description", .string(summary))] + members)
  }
}
