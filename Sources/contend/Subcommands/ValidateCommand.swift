internal import ArgumentParser
internal import ScenarioReader
internal import Runs

/// `contend validate`: every problem of scenario files, or the scenarios with all their defaults.
struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "List every problem of scenario files; without problems, print them with all defaults.")

  @Argument(help: "Scenario files.", completion: .file(extensions: ["yaml", "yml"]))
  var scenarios: [String] = []

  @Flag(help: "Print the JSON Schema of scenario files, for editors, instead.")
  var schema = false

  func validate() throws {
    if scenarios.isEmpty && !schema { throw ValidationError("name at least one scenario file") }
  }

  func run() throws {
    let reader = ScenarioReader(vocabulary: .program)
    if schema { return print(reader.jsonSchema(), terminator: "") }
    var problems: [Problem] = []
    var resolved: [String] = []
    for path in scenarios {
      do throws(ScenarioProblems) {
        let scenario = try reader.read(path: path)
        for warning in reader.warnings(about: scenario) {
          CommandLineProgram.printError("\(path): warning: \(warning)")
        }
        let text = reader.describe(scenario) + scenario.extent.map { "# \($0)\n" }.joined()
        resolved.append(scenarios.count > 1 ? "# \(path)\n\(text)" : text)
      } catch {
        problems += error.problems
      }
    }
    if !problems.isEmpty { throw ScenarioProblems(problems) }
    print(resolved.joined(separator: "---\n"), terminator: "")
  }
}
