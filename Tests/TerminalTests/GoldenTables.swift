/// The expected tables, character for character.
enum GoldenTables {
  /// ``SampleTrials/everything`` at 80 columns.
  // swift-format-ignore: the lines are as long as the terminal is wide.
  static let narrow = """
    strategy                            goodput/s      p99  violations  verdict
    postgres.for-update                     4,000  3.96 ms           0  pass
    memory.harmless-control                 3,000  5.28 ms           0  NO VIOLATION
    postgres.advisory-lock                  2,000  7.92 ms           0  pass
    -- unknown: it cannot be told, not ranked --------------------------------------
    redis.lock with ..nd a short lease        500        -           0  unknown
    postgres.optimistic                      90.0        -           0  unknown
    -- violations: not ranked ------------------------------------------------------
    memory.none                             9,000  1.76 ms       1,234  expected
    redis.get-then-set                      6,000  2.64 ms           9  VIOLATION

    columns left out: unknown (all zero); p99.9 (too few samples); gave up,
      deadlocks, p50, tries/op (no room in 80 columns)
    0 violations in at least 20,000 operations each: true rate below 3/20,000 with
      95 % confidence
    disturbed: 1 of 8 trials, distrust their figures (postgres.for-update, 8
      workers: 1 of 1); worst: others used 34 % of the CPUs (postgres.for-update, 8
      workers, repetition 1)
    censored: 8 operations were still waiting when a window closed and are in no
      percentile (postgres.for-update, 8 workers: 8)
    two holders at once, critical sections that overlapped: postgres.for-update, 8
      workers: 3
    server disagrees (postgres.advisory-lock, 8 workers, repetition 1): commits:
      20,000 counted here, 19,990 by the server, 2 may differ
    trial failed (redis.lock with a fencing token and a short lease, 8 workers,
      repetition 2): worker process 4711 was killed by signal 9
    unknown (postgres.optimistic, 8 workers, repetition 1): conservation: the final
      state could not be read
    expectation not met (redis.get-then-set, 8 workers): no violation was expected,
      9 found
    expectation not met (memory.harmless-control, 8 workers): a violation was
      expected and none was found
    exit code 2: an expectation was not met

    """

  /// ``SampleTrials/everything`` at 140 columns.
  // swift-format-ignore: the lines are as long as the terminal is wide.
  static let wide = """
    strategy                                   goodput/s      p50      p99  tries/op  deadlocks  gave up  violations  verdict
    postgres.for-update                            4,000  2.00 ms  3.96 ms      1.00          0        0           0  pass
    memory.harmless-control                        3,000  2.67 ms  5.28 ms      1.00          0        0           0  pass (violation expected!)
    postgres.advisory-lock                         2,000  4.00 ms  7.92 ms      1.30         12        7           0  pass
    -- unknown: it cannot be told, not ranked --------------------------------------------------------------------------------------------------
    redis.lock with a fe..n and a short lease        500  16.0 ms        -      1.00          0        0           0  unknown
    postgres.optimistic                             90.0  88.7 ms        -      1.00          0        0           0  unknown
    -- violations: not ranked ------------------------------------------------------------------------------------------------------------------
    memory.none                                    9,000   889 us  1.76 ms      1.00          0        0       1,234  VIOLATION (expected)
    redis.get-then-set                             6,000  1.33 ms  2.64 ms      1.00          0        0           9  VIOLATION

    columns left out: unknown (all zero); p99.9 (too few samples)
    0 violations in at least 20,000 operations each: true rate below 3/20,000 with 95 % confidence
    disturbed: 1 of 8 trials, distrust their figures (postgres.for-update, 8 workers: 1 of 1); worst: others used 34 % of the CPUs
      (postgres.for-update, 8 workers, repetition 1)
    censored: 8 operations were still waiting when a window closed and are in no percentile (postgres.for-update, 8 workers: 8)
    two holders at once, critical sections that overlapped: postgres.for-update, 8 workers: 3
    server disagrees (postgres.advisory-lock, 8 workers, repetition 1): commits: 20,000 counted here, 19,990 by the server, 2 may differ
    trial failed (redis.lock with a fencing token and a short lease, 8 workers, repetition 2): worker process 4711 was killed by signal 9
    unknown (postgres.optimistic, 8 workers, repetition 1): conservation: the final state could not be read
    expectation not met (redis.get-then-set, 8 workers): no violation was expected, 9 found
    expectation not met (memory.harmless-control, 8 workers): a violation was expected and none was found
    exit code 2: an expectation was not met

    """

  /// Two passing cells at 120 columns.
  // swift-format-ignore: the lines are as long as the terminal is wide.
  static let clean = """
    strategy  goodput/s      p50  p99  p99.9  tries/op  deadlocks  gave up  unknown  violations  verdict
    fast            400  20.0 ms    -      -      1.00          0        0        0           0  pass
    slow            200  40.0 ms    -      -      1.00          0        0        0           0  pass

    0 violations in at least 10,000 operations each: true rate below 3/10,000 with 95 % confidence

    """
}
