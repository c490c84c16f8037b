#if Etcd
internal import Runtime

extension GRPCConnection {
  /// Waits for a key to be deleted. The next call ends the watch.
  ///
  /// - Parameter revision: the first whose events count.
  /// - Returns: false when the moment has passed. A watch that was lost, or cancelled because its revision is too old,
  ///   counts as an event: who waits looks again.
  func waitForDeletion(of key: String, from revision: Int64, until deadline: Int64) async -> Bool {
    guard await openStream(WatchRequest(key: key, revision: revision)) else { return monotonicNow() < deadline }
    while case .success(let response) = await next(WatchResponse.self, until: deadline) {
      if response.hasEvents || response.isCancelled { return true }
    }
    return monotonicNow() < deadline
  }
}
#endif
