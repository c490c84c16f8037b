/// What the kernel says of the threads of the workers, between the opening of the window and just before its end.
public struct WorkerThreads: Sendable, Equatable, Codable {
  /// Share of the time that they computed, of what so many threads can on so many CPUs: 0 to 1.
  public var computingRatio: Double
  /// Share of their time that they were ready to compute and had no CPU, 0 to 1.
  public var readyRatio: Double
  /// How often a second one of them lost its CPU without giving it up, all together.
  public var involuntarySwitchesPerSecond: Double
  /// CPUs on which they may run.
  public var processors: Int

  /// Makes figures.
  public init(computingRatio: Double, readyRatio: Double, involuntarySwitchesPerSecond: Double, processors: Int) {
    self.computingRatio = computingRatio
    self.readyRatio = readyRatio
    self.involuntarySwitchesPerSecond = involuntarySwitchesPerSecond
    self.processors = processors
  }
}
