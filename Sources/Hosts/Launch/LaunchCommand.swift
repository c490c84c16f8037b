/// One program to be started, and what it is told. The token is never among the arguments, which everybody can read.
public struct LaunchCommand: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
  /// The program, searched for in PATH, and its arguments.
  public let arguments: [String]
  /// Variables that it gets beyond ours.
  public let environment: [String: String]
  /// What it reads from standard input before the end of file.
  public let input: [UInt8]

  /// Makes a command.
  public init(arguments: [String], environment: [String: String] = [:], input: [UInt8] = []) {
    self.arguments = arguments
    self.environment = environment
    self.input = input
  }

  /// The command as one would type it, without variables and input.
  public var description: String { arguments.map(ShellWords.quoted).joined(separator: " ") }
  /// Shows no secret.
  public var customMirror: Mirror { Mirror(self, children: ["arguments": arguments]) }

  /// What must not be shown: the token in the environment or in the input.
  var secrets: [String] {
    let line = String(decoding: input.prefix { $0 != 10 }, as: UTF8.self)
    return [environment["CONTEND_TOKEN"] ?? "", line].filter { !$0.isEmpty }
  }
}
