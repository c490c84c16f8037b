internal import MemoryStrategies
public import Model
public import Runtime

/// All strategies of this binary, with the stores that they can be put over.
public enum StrategyCatalog {
  /// Strategies over their own store, in the order of `contend list`.
  public static let entries: [StrategyEntry] = MemoryRegistry.strategies

  /// What the entries are.
  public static var descriptors: [StrategyDescriptor] { entries.map(\.descriptor) }

  /// The strategy with an id, over its own store or over another one; nil when there is none.
  public static func entry(id: String, over store: String?) -> StrategyEntry? {
    guard let entry = entries.first(where: { $0.descriptor.id == id }) else { return nil }
    guard let store, store != entry.descriptor.store else { return entry }
    return compositions(over: store).first { $0.descriptor.id == id }
  }

  /// Opens the administration of a store for the driver: connects, blocking.
  ///
  /// - Parameter url: where the service is; may hold credentials.
  public static func administration(
    of service: String, url: String, namespace: String
  ) throws(SetupFailure) -> any StoreAdministration {
    throw SetupFailure("this binary knows no service \(service)")
  }

  private static func compositions(over store: String) -> [StrategyEntry] {
    []
  }
}
