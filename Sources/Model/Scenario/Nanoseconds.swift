extension Duration {
  /// The whole nanoseconds of a duration, up to 292 years.
  public var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds &* 1_000_000_000 &+ attoseconds / 1_000_000_000
  }
}
