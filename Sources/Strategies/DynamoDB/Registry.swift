#if DynamoDB
public import Model
public import Runtime

/// Strategies that need DynamoDB, in the order of `contend list`. There is no server that could be managed.
public enum DynamoDBRegistry {
  /// All of them, over a table of the run.
  public static let strategies: [StrategyEntry] = [
    StrategyEntry(NoneStrategy.descriptor, NoneStrategy.self),
    StrategyEntry(OptimisticStrategy.descriptor, OptimisticStrategy.self),
    StrategyEntry(AtomicStrategy.descriptor, AtomicStrategy.self),
  ]

  /// The backend, as the catalog holds it.
  public static let backend = BackendEntry(
    strategies: strategies,
    services: [BackendService(ServiceDescriptor("dynamodb", schemes: ["http", "https"]), administration)])

  /// Opens the administration of the run's table; connects.
  public static func administration(url: String, namespace: String) throws(SetupFailure) -> any StoreAdministration {
    try DynamoDBAdministration(url: url, namespace: namespace)
  }
}

extension StrategyDescriptor {
  /// A strategy of this backend.
  static func dynamoDB(
    _ name: String, _ summary: String, _ documentation: Documentation, grade: Grade = .forbidden,
    applicability: Applicability = .any
  ) -> StrategyDescriptor {
    StrategyDescriptor(
      id: "dynamodb." + name, summary: summary, documentation: documentation, needs: ["dynamodb"], store: "dynamodb",
      scope: .network, threading: .shared, applicability: applicability, grade: grade, returnsValues: true)
  }
}
#endif
