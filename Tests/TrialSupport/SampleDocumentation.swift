package import Model

extension Documentation {
  /// What a strategy of these tests is documented with.
  package static let sample = Documentation(
    floor: "a strategy of the tests.", algorithm: "none.", guarantees: "nothing.", roundTrips: "0.")
}
