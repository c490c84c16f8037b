/// A user's own program that plays a part of a strategy (`external`).
public struct AdapterSettings: Sendable, Equatable, Codable {
  /// The program and its arguments, as the scenario states them.
  public var command: [String]
  /// Path of the program, as the scenario's folder, the current one and `PATH` lead to it.
  public var program: String
  /// Services that it is told the addresses of, besides that of the store.
  public var services: [String]
  /// What the scenario states for it and for nobody else: whole numbers, numbers, flags and words.
  public var options: [String: OptionValue]

  /// The first word of a command that means this program itself.
  public static let ownProgram = "contend"

  /// Makes settings.
  public init(
    command: [String], program: String, services: [String] = [], options: [String: OptionValue] = [:]
  ) {
    self.command = command
    self.program = program
    self.services = services
    self.options = options
  }

  /// An adapter that this program has built in: `contend adapter run NAME`.
  public init(builtIn name: String, options: [String: OptionValue] = [:]) {
    self.init(
      command: [Self.ownProgram, "adapter", "run", name], program: "/proc/self/exe", options: options)
  }

  /// A short name: what is built in by its own, others by that of their file, without folder and extension.
  public var name: String {
    if command.count == 4, command[0] == Self.ownProgram { return command[3] }
    let file = command.first?.split(separator: "/").last ?? ""
    return String(file.lastIndex(of: ".").map { $0 > file.startIndex ? file[..<$0] : file } ?? file)
  }
}

extension StrategySelection {
  /// The services that a cell of it needs: those of the strategy, those of its store, those of its program.
  ///
  /// - Parameters:
  ///   - descriptor: what the strategy is.
  ///   - shards: over how many databases a store spreads its records that is several.
  public func services(of descriptor: StrategyDescriptor, shards: Int) -> [String] {
    ((adapter?.services ?? []) + descriptor.services(over: over, shards: shards))
      .reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}
