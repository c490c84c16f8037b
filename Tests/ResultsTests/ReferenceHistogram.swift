/// Histograms as the reference implementation in Python (PyPI `hdrhistogram` 0.10.8) encodes them.
///
/// Made by hand: `HdrHistogram(1, 2**63 - 1, digits)`; `record_value((i*i*i*7919) % 50_000_000_007)` for i in 1...300,
/// 0 twice, 900 `many` times, 901, 63,999,999,999 and 7,000,000,000,000 once; `encode()`; the zlib stream inside
/// replaced by `zlib.compress(zlib.decompress(stream), 0)`, as we do not compress. The figures are the package's own.
struct ReferenceHistogram: Sendable {
  /// Three digits or two.
  let isLatency: Bool
  /// How often 900 was recorded.
  let many: UInt64
  /// `get_value_at_percentile` of 0.5, 50, 90 and 99.
  let percentiles: [UInt64]
  /// `total_count`.
  let total: UInt64
  /// The encoded text.
  let text: String

  static let latency = ReferenceHistogram(
    isLatency: true, many: 40, percentiles: [0, 8_724_152_319, 39_627_784_191, 49_224_351_743], total: 345,
    text: """
      HISTFAAAAsB4AQG1Akr9HISTEwAAAo0AAAAAAAAAAwAAAAAAAAABf/////////8/8AAAAAAAAASFDlAC6TAC/S8CkxsC5xQCoQ8C7wsCzQoClwoCi\
      QcClQgC7wUC/QUCuwYCjwQC3wQCtQUCzQMCuQMC7QMCpQQCoQMCywIC7QICjQMCsQMChwMCDQLtAQLVAQI3AqMCArkCAs0CAuUCAoECAskBAtUBAu\
      EBAu8BAvsBAokCApkCAoUCApkBAp8BAqkBArEBAiMCkwECwQECyQEC0wECXwJ5AuMBAqEBAnsCbwINAoMBAokBAosBAgKTAQKZAQKdAQKJAQIXAqc\
      BAq8BArMBAqEBAl0CYQItAjUCZwINAlsCMQI5AnECcwJ5AlMCJQJxAgkCgQEChQECiQECjQECHQIzAjkCWwIVAkkCTQJNAk8CQQIPAkkCBwIHAk0C\
      VwIrAisCJQI1Al0CYQJTAgsCQQIhAmcCaQIBAkECIQI/Ai0CVwIVAnECZQINAikCOwIrAg8CBwITAgsCDwI/Aj8CQQRDAgI/AgJFAgcCLwIJAkcCK\
      wIbAgcCPwIxAhkCSwICPwILAhsCMQI/Ag8CRwIHAkUCCwInAisCVwJXAgMCLwIHAhcCWwItAhMCLQIHAiMCAgcCIwIvAhECCwIPAjECFwIJAgsCMQ\
      ICMwQ1AhsCFwIDAgECKwI3AhMCIQIHAgkCIQIbAhsCOwIFAhkCFwIBAjcCJQIVBD0CIwICFQIxAgsCJQIXAkEEHwIBAhsCQwIdAiMCBwIHAjECFQI\
      tAi8CEwINAg0CJwJJAgIFAh0CDwILAgMCFQILAhcCCwIPAhMCAgsCFQIlAgMCBwQXAiECAQIbAgkCBwINAg8CJwQJAhsCAicCAgcCIQIXAgINAg8C\
      GQIHAiECCQIJAgsCBQItAhECBwIHAgUC5wYC0WsCqXRgsA==
      """)
  static let phase = ReferenceHistogram(
    isLatency: false, many: 1 << 60, percentiles: [903, 903, 903, 903], total: 1_152_921_504_606_847_281,
    text: """
      HISTFAAAAh94AQEUAuv9HISTEwAAAewAAAAAAAAAAgAAAAAAAAABf/////////8/8AAAAAAAAAS/B4KAgICAgICAIKkGAv0FAq8DAssCAvEBArsBA\
      qcBAqEBAm8CfwJbAl0CZQI/AkkCVQI3AjUCOwJBAjECJwIrAi8CNQItAgIbAhkCAwIjAiMCJwIrAh0CFwIXAhsCGwIdAh0CIQIfAg8CEwIRAhUCAQ\
      IPAhcCFQIZAgkCDQIZAhECDQILAgIPAg0CDwQRAg8CEQIPAgECEQIVAhMCEQIJAgkCAwIFAgsCAgcCBQIDAg0CCwINAgcCAwILAgINAg0CDwIPAgE\
      CBQIDAgkCAQIFAgcCBwIJAgUCAgcEAgcCCQIBAgMCAwIDAgkCCwIHAgIFAgECCwILBAUCAQIHAgMCBwIBAgsCCQICAwIFAgMCAgICAgIFAgUCBwQF\
      BAUEBwQFBAcCAwIBBAUCBQICBwQHBAECBQIFAgIFAgIHBAMCAwIJAgcCAgMEAQIJAgMCAgMCAgEEAgECAwIBAgICAwIBBAIDAgIDBAMCAQIBBAIBA\
      gUCAgMEAgECAQIBAgUEAQIBBAUCAQIBBAUCAQQBAgMCAgECAQIFBAECAgIHAgECAQIEBQICAwIDAgECAgIBAgcEAgECAgQBBAECAgICBAECAQIGAQ\
      IBAgICAgICAgMGAQQDBAIBAgEEAgIBBAECAgIEAwIBBARrArcNAvCMJD0=
      """)
}
