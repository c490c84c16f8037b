#if DynamoDB
internal import Glibc
internal import HTTPClient
internal import Model
internal import Runtime

/// What all workers of a process share: where the service is, as whom to ask it, and how the table of the run is called.
public struct DynamoDBConfiguration: Sendable {
  let endpoint: Endpoint
  let table: String
  private let signer: RequestSigner

  /// - Parameter url: `http://[access-key:secret-key@]host[:port]`; credentials that it does not state come from the
  ///   environment.
  /// - Throws: when the URL is not one, or when there are no credentials.
  init(url: String, namespace: String) throws(SetupFailure) {
    let (stated, rest) = Credentials.split(url)
    endpoint = try Endpoint(url: rest, software: "DynamoDB", defaultPort: "8000")
    table = namespace
    guard let credentials = stated ?? Credentials.fromEnvironment() else {
      throw SetupFailure(
        "DynamoDB needs credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and AWS_REGION, or state "
          + "access-key:secret-key@ in services.dynamodb; an emulator takes any")
    }
    signer = RequestSigner(credentials: credentials, region: Credentials.region, host: endpoint.description)
  }

  init(_ environment: StrategyEnvironment) throws(SetupFailure) {
    try self.init(url: try environment.endpoint("dynamodb"), namespace: environment.namespace)
  }

  var region: String { signer.region }

  /// The header lines of a request at this moment.
  func headers(_ action: String, _ body: String) -> String {
    signer.headers(action: action, body: body, at: Int(time(nil)))
  }
}
#endif
