internal import Model

/// The servers in the URL of a primary and its standbys: URLs of PostgreSQL separated by commas, the primary first.
enum ReplicaAddresses {
  /// Name of the service, and of the store.
  static let service = "postgres-replicas"

  /// The address of each server. A comma inside a URL, of several hosts, separates nothing.
  static func all(in url: String) throws(SetupFailure) -> [ConnectionAddress] {
    var texts: [String] = []
    for part in url.split(separator: ",", omittingEmptySubsequences: false) {
      if texts.isEmpty || part.hasPrefix("postgresql://") || part.hasPrefix("postgres://") {
        texts.append(String(part))
      } else {
        texts[texts.count - 1] += "," + part
      }
    }
    var addresses: [ConnectionAddress] = []
    for text in texts { addresses.append(try ConnectionAddress(text, service: service)) }
    return addresses
  }
}
