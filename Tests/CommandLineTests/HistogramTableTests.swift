import Foundation
import Testing

/// `histograms.csv` as those read it who have no decoder of HdrHistogram.
@Suite(.serialized) struct HistogramTableTests {
  /// Counts and percentiles of every histogram by pandas, against those of `trials.csv`.
  private static let script = """
    import pandas as pd, sys
    key = ["run_id", "strategy", "workers", "repetition", "variant"]
    read = lambda name: pd.read_csv(f"{sys.argv[1]}/{name}.csv", keep_default_na=False, na_values={"latency_p50_ns": [""]})
    trials, buckets = read("trials").set_index(key), read("histograms")
    assert len(trials) == 4 and (buckets.bucket_from_ns <= buckets.bucket_to_ns).all()
    for trial, own in buckets[buckets.kind == "latency"].groupby(key):
        row = trials.loc[trial]
        counts = own.sort_values("bucket_to_ns").set_index("bucket_to_ns").values_count
        assert counts.sum() == row.latency_samples_count, (counts.sum(), row.latency_samples_count)
        # On a busy machine too few may have been measured for a median.
        p50 = counts.index[counts.cumsum().searchsorted(0.5 * counts.sum())]
        assert pd.isna(row.latency_p50_ns) or p50 == row.latency_p50_ns, (p50, row.latency_p50_ns)
        print("same", trial[1])
    """

  @Test func pandasFindsTheSameFigures() throws {
    try withFolder { folder in
      let run = try CommandLine.run("run", folder.scenario(RunTests.quick), "--out", "r", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      // Debian's Python, which has Debian's pandas.
      let pandas = try CommandLine(
        finishing: CommandLine.start(["-c", Self.script, "r"], in: folder, program: "/usr/bin/python3"), in: folder)
      #expect(pandas.status == 0, "\(pandas.errors)")
      #expect(pandas.output.split(separator: "\n").count == 4)
    }
  }
}
