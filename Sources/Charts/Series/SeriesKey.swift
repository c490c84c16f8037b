extension SeriesStyle {
  /// The marker alone, 12 by 12, to find a series of a chart again in a table. It says nothing that the words beside it
  /// do not say, and is hidden from those who hear the page.
  public var key: String {
    "<svg class=\"chart key\" viewBox=\"0 0 12 12\" aria-hidden=\"true\"><g class=\"\(colourClass)\">"
      + "<path class=\"point\" d=\"\(marker.path(x: 6, y: 6))\"/></g></svg>"
  }
}
