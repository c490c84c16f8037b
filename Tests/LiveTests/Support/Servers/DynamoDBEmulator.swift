#if DynamoDB
import Foundation
import Model

/// The emulators of these tests, `scripts/dynamodb-emulator`: started when first needed, gone with the test process.
enum DynamoDBEmulator {
  /// Keeps it running.
  private struct Running: @unchecked Sendable {  // because nobody writes to the pipe, whose end ends the emulator
    let process: Process
    let input: Pipe
    let url: String
  }

  private static let plain = Result { try start([]) }
  private static let secure = Result {
    let certificate = try TestCertificate.made.get()
    return try start(["--tls", certificate.path, certificate.key])
  }

  private static func start(_ arguments: [String]) throws -> Running {
    let process = Process()
    let root = "\(#filePath)".components(separatedBy: "/Tests/LiveTests/")[0]
    process.executableURL = URL(fileURLWithPath: root).appendingPathComponent("scripts/dynamodb-emulator")
    let (input, output) = (Pipe(), Pipe())
    process.arguments = arguments
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    var line = ""
    while !line.hasSuffix("\n") {
      let data = output.fileHandleForReading.availableData
      guard !data.isEmpty else {
        throw SetupFailure("the emulator of DynamoDB did not start: run scripts/setup --tests")
      }
      line += String(decoding: data, as: UTF8.self)
    }
    return Running(process: process, input: input, url: String(line.dropLast()))
  }

  /// Where it is.
  static var url: String { get throws { try plain.get().url } }
  /// Where one is that speaks TLS with ``TestCertificate``.
  static var secureURL: String { get throws { try secure.get().url } }
}
#endif
