#if DynamoDB
internal import NetworkTransport
internal import Model
internal import Runtime

/// What all workers of a process share: where the service is, as whom to ask it, and how the table of the run is called.
public struct DynamoDBConfiguration: Sendable {
  let endpoint: Endpoint
  let table: String
  /// Each connection takes a copy.
  let signer: RequestSigner

  /// - Parameter url: `http[s]://[access-key:secret-key@]host[:port]`; credentials that it does not state come from the
  ///   environment, and so does the region, unless the host is `dynamodb.REGION.amazonaws.com`.
  /// - Throws: when the URL is not one, or when there are no credentials.
  init(url: String, namespace: String) throws(SetupFailure) {
    let (stated, rest) = Credentials.split(url)
    endpoint = try Endpoint(url: rest, software: "DynamoDB", defaultPort: "8000", securePort: "443")
    table = namespace
    guard let credentials = stated ?? Credentials.fromEnvironment() else {
      throw SetupFailure(
        "DynamoDB needs credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and AWS_REGION, or state "
          + "access-key:secret-key@ in services.dynamodb; an emulator takes any")
    }
    let labels = endpoint.host.split(separator: ".")
    let isService = labels.count == 4 && labels[0] == "dynamodb" && labels[2...] == ["amazonaws", "com"]
    let region = isService ? String(labels[1]) : Credentials.region
    signer = RequestSigner(credentials: credentials, region: region, host: endpoint.authority)
  }

  init(_ environment: StrategyEnvironment) throws(SetupFailure) {
    try self.init(url: try environment.endpoint("dynamodb"), namespace: environment.namespace)
  }

  var region: String { signer.region }
}
#endif
