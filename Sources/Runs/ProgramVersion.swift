public import Results

/// The version of this program, for `--version` and for results.
public enum ProgramVersion {
  /// Three numbers, as in semantic versioning.
  public static let current = "0.1.0"

  #if DEBUG
  private static let configuration = "debug"
  #else
  private static let configuration = "release"
  #endif

  /// What `environment.json` states about this program and how it, or the gate that it is an arm of, was called.
  public static func description(seed: UInt64, arguments: [String] = CommandLine.arguments) -> Environment.Program {
    Environment.Program(
      version: current, swiftVersion: swiftVersion, configuration: configuration, arguments: arguments, seed: seed)
  }

  /// The language version of the compiler; the compiler does not tell its own to the program.
  private static var swiftVersion: String {
    #if compiler(>=6.4)
    "6.4 or later"
    #elseif compiler(>=6.3)
    "6.3"
    #else
    "6.2"
    #endif
  }
}
