import Foundation
import Testing
import Yams

/// The files of scripts/launch for Kubernetes, which no cluster has run: they must at least be what the published schemas
/// ask for. `scripts/launch/check-manifest` holds them against all of the schemas and makes the data of this test.
@Suite struct ManifestTests {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static func documents(changing old: String = "", to new: String = "") throws -> [[String: Any]] {
    var text = try String(contentsOf: root.appendingPathComponent("scripts/launch/job.yaml"), encoding: .utf8)
    if !old.isEmpty {
      try #require(text.contains(old))
      text = text.replacingOccurrences(of: old, with: new)
    }
    return try Yams.load_all(yaml: text).map { try #require($0 as? [String: Any]) }
  }

  static func schemas() throws -> [String: Any] {
    let file = root.appendingPathComponent("Tests/HostsTests/Data/kubernetes.json")
    let parsed = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any]
    return try #require(parsed?["kinds"] as? [String: Any])
  }

  /// What a value has that its schema does not allow.
  static func faults(_ value: Any, _ schema: [String: Any], at path: String) -> [String] {
    let types = schema["type"] as? [String] ?? (schema["type"] as? String).map { [$0] } ?? []
    let name =
      switch value {
      case is [String: Any]: "object"
      case is [Any]: "array"
      case is Bool: "boolean"
      case is Int: "integer"
      case is String: "string"
      default: "another"
      }
    guard types.isEmpty || types.contains(name) || name == "integer" && types.contains("number") else {
      return ["\(path) is no \(types.joined(separator: " or ")) but \(name)"]
    }
    if let allowed = schema["enum"] as? [String], let text = value as? String, !allowed.contains(text) {
      return ["\(path) is \(text)"]
    }
    if let values = value as? [Any], let items = schema["items"] as? [String: Any] {
      return values.enumerated().flatMap { faults($0.element, items, at: "\(path).\($0.offset)") }
    }
    guard let object = value as? [String: Any] else { return [] }
    let properties = schema["properties"] as? [String: Any] ?? [:]
    let missing = (schema["required"] as? [String] ?? []).filter { object[$0] == nil }.map {
      "\(path).\($0) is missing"
    }
    return missing
      + object.flatMap { key, inner in
        if let known = properties[key] as? [String: Any] { return faults(inner, known, at: "\(path).\(key)") }
        if let any = schema["additionalProperties"] as? [String: Any] {
          return faults(inner, any, at: "\(path).\(key)")
        }
        return schema["additionalProperties"] as? Bool == false ? ["\(path).\(key) is not known"] : []
      }
  }

  static func faults(changing old: String = "", to new: String = "") throws -> [String] {
    let schemas = try schemas()
    return try documents(changing: old, to: new).flatMap { document in
      let kind = try #require(document["kind"] as? String)
      return faults(document, try #require(schemas[kind] as? [String: Any]), at: kind)
    }
  }

  @Test func theManifestIsAsTheSchemasAsk() throws {
    #expect(try Self.faults() == [])
    #expect(try Self.documents().compactMap { $0["kind"] as? String } == ["Service", "PersistentVolumeClaim", "Job"])
  }

  @Test(arguments: [
    ("backoffLimit: 0", "backofLimit: 0", "Job.spec.backofLimit is not known"),
    ("completions: 5", "completions: five", "Job.spec.completions is no integer or null but string"),
    ("runAsNonRoot", "runAsNoRoot", "Job.spec.template.spec.securityContext.runAsNoRoot is not known"),
    ("succeededCount: 1", "succededCount: 1", "Job.spec.successPolicy.rules.0.succededCount is not known"),
    ("apiVersion: batch/v1", "apiVersion: batch/v2", "Job.apiVersion is batch/v2"),
    ("          image:", "          picture:", "Job.spec.template.spec.containers.0.picture is not known"),
    (
      "          - type: DisruptionTarget\n            status", "          - status",
      "Job.spec.podFailurePolicy.rules.0.onPodConditions.0.type is missing"
    ),
    ("value: \"4\"", "value: 4", "Job.spec.template.spec.containers.0.env.2.value is no string or null but integer"),
  ]) func faultsAreFound(old: String, new: String, fault: String) throws {
    #expect(try Self.faults(changing: old, to: new) == [fault])
  }

  @Test func nobodyIsRootAndSecretsAreFiles() throws {
    let job = try #require(try Self.documents().last)
    let spec = try #require(job["spec"] as? [String: Any])
    let pod = try #require((spec["template"] as? [String: Any])?["spec"] as? [String: Any])
    let security = try #require(pod["securityContext"] as? [String: Any])
    #expect(security["runAsNonRoot"] as? Bool == true)
    #expect(try #require(security["runAsUser"] as? Int) > 0)
    #expect(pod["automountServiceAccountToken"] as? Bool == false)
    let container = try #require((pod["containers"] as? [[String: Any]])?.first)
    let own = try #require(container["securityContext"] as? [String: Any])
    #expect(own["allowPrivilegeEscalation"] as? Bool == false)
    #expect(own["readOnlyRootFilesystem"] as? Bool == true)
    let resources = try #require(container["resources"] as? [String: [String: String]])
    #expect(resources["limits"] == resources["requests"])
    #expect(resources["limits"]?.keys.sorted() == ["cpu", "memory"])
    let variables = try #require(container["env"] as? [[String: Any]])
    #expect(!variables.contains { $0["name"] as? String == "CONTEND_TOKEN" || "\($0)".contains("secretKeyRef") })
    let secrets = try #require(pod["volumes"] as? [[String: Any]]).compactMap { $0["secret"] as? [String: Any] }
    #expect(secrets.count == 2)
    #expect(secrets.allSatisfy { $0["defaultMode"] as? Int == 0o400 })
  }

  @Test func thereIsOnePodMoreThanHosts() throws {
    let spec = try #require(try Self.documents().last?["spec"] as? [String: Any])
    let pod = try #require((spec["template"] as? [String: Any])?["spec"] as? [String: Any])
    let variables = try #require((pod["containers"] as? [[String: Any]])?.first?["env"] as? [[String: Any]])
    let hosts = try #require(variables.first { $0["name"] as? String == "CONTEND_HOSTS" }?["value"] as? String)
    #expect(spec["completions"] as? Int == Int(hosts).map { $0 + 1 })
    #expect(spec["parallelism"] as? Int == spec["completions"] as? Int)
    let driver = try #require(variables.first { $0["name"] as? String == "CONTEND_DRIVER" }?["value"] as? String)
    #expect(driver == "contend-0.contend:7117")
  }
}
