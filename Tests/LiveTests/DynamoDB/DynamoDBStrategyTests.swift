#if DynamoDB
import Engine
import NetworkTransport
import Model
import Runtime
import StrategyCatalog
import Testing
import TrialSupport
import Workloads

@testable import DynamoDBStrategies

/// Every strategy of DynamoDB against an emulator, which answers one request after the other: what is tested is the
/// protocol.
@Suite(.serialized) struct DynamoDBStrategyTests {
  private func trial(
    _ strategy: String, _ workload: WorkloadSettings = CounterWorkload.samples[0]
  ) throws -> EngineTrial {
    var trial = EngineTrial(TrialCase(strategy, workload), workers: 4, processes: 2, operations: 80)
    trial.urls = ["dynamodb": try DynamoDBEmulator.url]
    trial.adjust = { $0.retry.deadline = .seconds(120) }
    return trial
  }

  static let cases = TrialCase.all(DynamoDBRegistry.strategies.map(\.descriptor).filter { $0.grade == .forbidden })

  @Test("nothing is lost, and all is counted", arguments: cases)
  func correct(_ planned: TrialCase) throws {
    let result = try trial(planned.strategy, planned.workload).run()
    result.expectProtection(started: 80)
    #expect(planned.strategy != "dynamodb.atomic" || result.total[.conflict] == 0)
    #expect(planned.workload.kind != "counter" || result.total[.committed] == 80)
  }

  @Test("losers of a condition are conflicts")
  func conflicts() throws {
    var trial = try trial("dynamodb.optimistic")
    trial.hold = .milliseconds(5)
    let result = try trial.run()
    #expect(result.verdict == .pass)
    #expect(result.total[.conflict] > 0 && result.total.failedAttempts == result.total[.conflict])
  }

  @Test("the control is caught")
  func control() throws {
    var trial = try trial("dynamodb.none")
    trial.hold = .milliseconds(5)
    let result = try repeated(until: { $0.verdict == .violation }) { try trial.run() }
    #expect(result.verdict == .violation && result.violations.contains { $0.kind == .lostUpdate }, "\(result.checks)")
  }

  // MARK: the protocol

  /// Reference values of botocore 1.44.5, `SigV4Auth`.
  @Test(
    "requests are signed as the libraries of AWS sign them",
    arguments: [
      (nil, "ce79e535912b7a6a52105a226af754befe6f00b0a7b79536c32f14cb5476bda1"),
      ("a/token", "c9570aa88be9f384266a95ed96f47fc9c17fa1dc9d0aef6f31969c0f51591113"),
    ])
  func signature(token: String?, expected: String) {
    let credentials = Credentials(
      accessKey: "AKIDEXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", sessionToken: token)
    var signer = RequestSigner(credentials: credentials, region: "eu-central-1", host: "127.0.0.1:8000")
    let headers = signer.headers(action: "DescribeTable", body: "{\"TableName\":\"t\"}", at: 1_440_938_160)
    #expect(headers.contains("x-amz-date: 20150830T123600Z\r\n"))
    #expect(headers.hasSuffix("Signature=\(expected)\r\n"))
    #expect(headers.contains("x-amz-security-token: a/token\r\n") == (token != nil))
  }

  @Test("credentials of a URL are taken out of it")
  func credentials() {
    let (found, rest) = Credentials.split("http://A:b%2Fc%40@h:1")
    #expect(found?.accessKey == "A" && found?.secretKey == "b/c@" && rest == "http://h:1")
    #expect(Credentials.split("http://A:50%/50@h").0?.secretKey == "50%/50")
    #expect(Credentials.split("http://h:1").0 == nil)
    for refused in ["http://only@h", "http://A:b:%zz@h", "http://A:@h"] {
      #expect(Credentials.split(refused).rest == refused)
    }
  }

  @Test("what an error means")
  func errors() {
    func answer(_ status: Int, _ body: String) -> Answer { Answer(.response(status: status, body: Array(body.utf8))) }
    func exception(_ name: String, _ more: String = "") -> Answer {
      answer(400, "{\"__type\":\"com.amazonaws.dynamodb.v20120810#\(name)\",\"message\":\"m\"\(more)}")
    }
    #expect(exception("ConditionalCheckFailedException").failure(decides: true) == .conflict)
    #expect(exception("TransactionConflictException").failure(decides: true) == .conflict)
    let reasons = ",\"CancellationReasons\":[{\"Code\":\"None\"},{\"Code\":\"ConditionalCheckFailed\"}]"
    #expect(exception("TransactionCanceledException", reasons).isConditionFailed)
    #expect(exception("TransactionCanceledException").failure(decides: true) == .error)
    #expect(exception("ProvisionedThroughputExceededException").failure(decides: true) == .notAcquired)
    #expect(exception("ResourceNotFoundException").failure(decides: true) == .error)
    #expect(exception("ResourceNotFoundException").text == "ResourceNotFoundException: m")
    #expect(answer(500, "").failure(decides: true) == .ambiguous)
    #expect(answer(503, "{}").failure(decides: false) == .connectionLost)
    #expect(answer(200, "{}").failure(decides: true) == nil)
    #expect(Answer(.lost(wasSent: true)).failure(decides: true) == .ambiguous)
    #expect(Answer(.lost(wasSent: false)).failure(decides: true) == .connectionLost)
  }

  @Test(
    "a URL that cannot be used says why",
    arguments: [
      ("ftp://any:any@localhost", "http[s]://host"), ("http://any:any@", "http[s]://host"),
      ("http://any:any@127.0.0.1:1", "reach"), ("https://any:any@127.0.0.1:1", "reach"),
    ])
  func wrongURL(url: String, expected: String) throws {
    let failure = #expect(throws: SetupFailure.self) {
      try DynamoDBRegistry.administration(url: url, namespace: "test")
    }
    let message = try #require(failure).message
    #expect(message.contains(expected) && !message.contains("any:any"), "\(message)")
  }

  @Test("the region of the service is in its name, and its port goes without saying")
  func region() throws {
    let url = "https://a:b@dynamodb.eu-west-1.amazonaws.com"
    let configuration = try DynamoDBConfiguration(url: url, namespace: "test")
    #expect(configuration.region == "eu-west-1" && configuration.endpoint.port == "443")
    #expect(configuration.endpoint.authority == "dynamodb.eu-west-1.amazonaws.com")
  }

  @Test("without a URL there is nothing to start")
  func unmanaged() throws {
    let scenario = try TestRun.scenario("counter", strategies: ["dynamodb.atomic"])
    let failure = #expect(throws: EngineFailure.self) { try TestRun.run(scenario) }
    #expect("\(try #require(failure))".contains("services.dynamodb"))
  }
}
#endif
