#if DynamoDB
/// What a request got.
enum HTTPAnswer {
  /// A complete response.
  case response(status: Int, body: [UInt8])
  /// The connection was lost, or could not be made.
  ///
  /// - Parameter wasSent: whether the server may have the request.
  case lost(wasSent: Bool)
  /// The moment has passed until which the answer was waited for.
  case late
}
#endif
