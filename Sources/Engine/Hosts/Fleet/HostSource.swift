internal import Hosts
internal import Model

/// Where agents come from.
protocol HostSource: AnyObject {
  /// Descriptors that are readable when somebody may have come.
  var descriptors: [Int32] { get }
  /// Connections that are there now, and who was turned away, in sentences.
  func arrivals() -> (channels: [Channel], refused: [String])
  /// A place has become free: starts another agent for it, if that is up to us.
  func refill()
  /// Why nobody can come any more; nil as long as somebody may.
  func obstacle() -> String?
  /// Ends what it has started.
  func end()
}
