/// Histograms as the reference implementation in Python (PyPI `hdrhistogram` 0.10.8) encodes them.
///
/// Made by hand: `record_value((i*i*i*7919) % 50_000_000_007)` for i in 1...300, 0 three times, 900 `many` times, 901 and
/// 63,999,999,999 once; `encode()`; the zlib stream inside replaced by `zlib.compress(zlib.decompress(stream), 0)`, as we
/// do not compress. The figures are the package's own.
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
    isLatency: true, many: 40, percentiles: [0, 8_657_043_455, 39_191_576_575, 49_056_579_583], total: 345,
    text: """
      HISTFAAAAr14AQGyAk39HISTEwAAAooAAAAAAAAAAwAAAAAAAAABAAAADuf///8/8AAAAAAAAAaFDlAC6TAC/S8CkxsC5xQCoQ8C7wsCzQoClw\
      oCiQcClQgC7wUC/QUCuwYCjwQC3wQCtQUCzQMCuQMC7QMCpQQCoQMCywIC7QICjQMCsQMChwMCDQLtAQLVAQI3AqMCArkCAs0CAuUCAoECAskB\
      AtUBAuEBAu8BAvsBAokCApkCAoUCApkBAp8BAqkBArEBAiMCkwECwQECyQEC0wECXwJ5AuMBAqEBAnsCbwINAoMBAokBAosBAgKTAQKZAQKdAQ\
      KJAQIXAqcBAq8BArMBAqEBAl0CYQItAjUCZwINAlsCMQI5AnECcwJ5AlMCJQJxAgkCgQEChQECiQECjQECHQIzAjkCWwIVAkkCTQJNAk8CQQIP\
      AkkCBwIHAk0CVwIrAisCJQI1Al0CYQJTAgsCQQIhAmcCaQIBAkECIQI/Ai0CVwIVAnECZQINAikCOwIrAg8CBwITAgsCDwI/Aj8CQQRDAgI/Ag\
      JFAgcCLwIJAkcCKwIbAgcCPwIxAhkCSwICPwILAhsCMQI/Ag8CRwIHAkUCCwInAisCVwJXAgMCLwIHAhcCWwItAhMCLQIHAiMCAgcCIwIvAhEC\
      CwIPAjECFwIJAgsCMQICMwQ1AhsCFwIDAgECKwI3AhMCIQIHAgkCIQIbAhsCOwIFAhkCFwIBAjcCJQIVBD0CIwICFQIxAgsCJQIXAkEEHwIBAh\
      sCQwIdAiMCBwIHAjECFQItAi8CEwINAg0CJwJJAgIFAh0CDwILAgMCFQILAhcCCwIPAhMCAgsCFQIlAgMCBwQXAiECAQIbAgkCBwINAg8CJwQJ\
      AhsCAicCAgcCIQIXAgINAg8CGQIHAiECCQIJAgsCBQItAhECBwIHAgUC5wYCX+Rb6w==
      """)
  static let phase = ReferenceHistogram(
    isLatency: false, many: 1 << 60, percentiles: [903, 903, 903, 903], total: 1_152_921_504_606_847_281,
    text: """
      HISTFAAAAhx4AQERAu79HISTEwAAAekAAAAAAAAAAgAAAAAAAAABAAAADu////8/8AAAAAAAAAa/B4KAgICAgICAIKkGAv0FAq8DAssCAvEBAr\
      sBAqcBAqEBAm8CfwJbAl0CZQI/AkkCVQI3AjUCOwJBAjECJwIrAi8CNQItAgIbAhkCAwIjAiMCJwIrAh0CFwIXAhsCGwIdAh0CIQIfAg8CEwIR\
      AhUCAQIPAhcCFQIZAgkCDQIZAhECDQILAgIPAg0CDwQRAg8CEQIPAgECEQIVAhMCEQIJAgkCAwIFAgsCAgcCBQIDAg0CCwINAgcCAwILAgINAg\
      0CDwIPAgECBQIDAgkCAQIFAgcCBwIJAgUCAgcEAgcCCQIBAgMCAwIDAgkCCwIHAgIFAgECCwILBAUCAQIHAgMCBwIBAgsCCQICAwIFAgMCAgIC\
      AgIFAgUCBwQFBAUEBwQFBAcCAwIBBAUCBQICBwQHBAECBQIFAgIFAgIHBAMCAwIJAgcCAgMEAQIJAgMCAgMCAgEEAgECAwIBAgICAwIBBAIDAg\
      IDBAMCAQIBBAIBAgUCAgMEAgECAQIBAgUEAQIBBAUCAQIBBAUCAQQBAgMCAgECAQIFBAECAgIHAgECAQIEBQICAwIDAgECAgIBAgcEAgECAgQB\
      BAECAgICBAECAQIGAQIBAgICAgICAgMGAQQDBAIBAgEEAgIBBAECAgIEAwIBBARrAqOzH/g=
      """)
}
