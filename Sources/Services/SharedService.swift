/// A managed service that another process started, holds and stops: what it takes to use it and to watch it.
public struct SharedService: Sendable, Equatable, Codable {
  /// Name of the service: `postgres`, `redis`.
  public let name: String
  /// Where clients connect.
  public let url: String
  /// Version of the server, as its program states it.
  public let serverVersion: String
  /// Settings that were stated when it was started.
  public let settings: [ServiceSetting]
  /// Its guard: all processes of the server are below this one.
  public let guardProcess: Int32
}
