/// What a guard is told on its command line: `contend guard SERVICE CLIENTS PROGRAM-FOLDER UPSTREAM
/// PREPARATION DIRECTORY...`.
struct GuardArguments: Equatable {
  let service: String
  let maximumClients: Int
  let programFolder: String
  /// Private directory of the server in front of which this one stands; empty for most.
  let upstreamDirectory: String
  let preparation: ServerPreparation
  /// Where to create the private directory: the first that works.
  let parents: [String]

  /// The words after `contend guard`.
  var words: [String] {
    [service, "\(maximumClients)", programFolder, upstreamDirectory, "\(preparation.rawValue)"] + parents
  }

  init(
    service: String, maximumClients: Int, programFolder: String, upstreamDirectory: String = "",
    preparation: ServerPreparation = [], parents: [String]
  ) {
    self.service = service
    self.maximumClients = maximumClients
    self.programFolder = programFolder
    self.upstreamDirectory = upstreamDirectory
    self.preparation = preparation
    self.parents = parents
  }

  /// Reads the words; nil when they are not complete.
  init?(_ words: [String]) {
    guard words.count >= 6, let clients = Int(words[1]), let preparation = Int(words[4]) else { return nil }
    self.init(
      service: words[0], maximumClients: clients, programFolder: words[2], upstreamDirectory: words[3],
      preparation: ServerPreparation(rawValue: preparation), parents: Array(words[5...]))
  }
}
