internal import Charts
internal import Words

/// The mark of a strategy as charts draw it, to be found again in tables.
enum StrategyMark {
  /// A point of the strategy's colour and shape.
  static func node(_ index: Int) -> HTMLNode { .markup(SeriesStyle(index: index).key) }
}
