/// What a guard is told on its command line: `contend guard SERVICE CLIENTS PROGRAM-FOLDER DIRECTORY...`.
struct GuardArguments: Equatable {
  let service: String
  let maximumClients: Int
  let programFolder: String
  /// Where to create the private directory: the first that works.
  let parents: [String]

  /// The words after `contend guard`.
  var words: [String] { [service, "\(maximumClients)", programFolder] + parents }

  init(service: String, maximumClients: Int, programFolder: String, parents: [String]) {
    self.service = service
    self.maximumClients = maximumClients
    self.programFolder = programFolder
    self.parents = parents
  }

  /// Reads the words; nil when they are not complete.
  init?(_ words: [String]) {
    guard words.count >= 4, let clients = Int(words[1]) else { return nil }
    self.init(service: words[0], maximumClients: clients, programFolder: words[2], parents: Array(words[3...]))
  }
}
