public import Results

extension MeasuredRun {
  /// The trials of a results folder.
  public init(_ run: StoredRun) {
    self.init(name: run.scenario, trials: run.trials, missing: run.missing)
  }
}
