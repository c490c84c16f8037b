internal import Words

/// A picture of figures as inline SVG: no script, no external reference, the same bytes for the same values.
///
/// It takes its colours from `StyleSheet.css`, which the page must hold once.
public protocol Chart: Sendable {
  /// What is shown, for those who hear the page and as hover text; the visible heading is the page's.
  var title: String { get }
  /// What there is to see: the finding in a sentence or two, with its figures.
  var description: String { get }
  /// The chart in a drawing of this width; its text is 13 units high.
  ///
  /// - Parameters:
  ///   - id: unique on the page; the start of all ids in the chart.
  ///   - width: 720 for a screen, 360 for a telephone, where labels move above their rows.
  func svg(id: String, width: Double) -> String
}

extension Chart {
  /// The chart for a screen and for paper, 720 wide.
  public func svg(id: String) -> String { svg(id: id, width: 720) }

  /// The chart twice, 720 and 360 wide; the style sheet shows the one that suits the window, so that text stays
  /// readable on a telephone.
  public func responsiveSVG(id: String) -> String {
    "<div class=\"wide\">\n\(svg(id: id, width: 720))</div>\n"
      + "<div class=\"narrow\">\n\(svg(id: id + "-narrow", width: 360))</div>\n"
  }

  func document(id: String, width: Double, height: Double, _ drawing: Drawing) -> String {
    """
    <svg class="chart" viewBox="0 0 \(coordinate(width)) \(coordinate(height))" role="img" \
    aria-labelledby="\(id)-title \(id)-description">
    <title id="\(id)-title">\(title.inXML)</title>
    <desc id="\(id)-description">\(description.inXML)</desc>
    \(drawing.markup)</svg>

    """
  }
}

/// Below this width names stand above their rows instead of beside them.
let narrowWidth = 500.0
