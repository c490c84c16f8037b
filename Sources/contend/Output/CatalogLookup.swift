internal import Analysis
internal import Runtime
internal import StrategyCatalog

extension StrategyCatalog {
  /// What conclusions from results may know of the strategies of this program.
  static let lookup: StrategyLookup = { id, store in entry(id: id, over: store)?.descriptor }
}
