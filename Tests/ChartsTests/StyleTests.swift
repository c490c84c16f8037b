import Foundation
import Testing

@testable import Charts

@Suite struct StyleTests {
  /// Relative luminance by WCAG 2.2 of a colour as `#rrggbb`.
  private static func channels(_ colour: String) throws -> [Double] {
    let number = try #require(Int(colour.dropFirst(), radix: 16))
    return [number >> 16, number >> 8 & 255, number & 255].map { Double($0) / 255 }
  }

  private static func luminance(_ channels: [Double]) -> Double {
    let linear = channels.map { $0 <= 0.04045 ? $0 / 12.92 : pow(($0 + 0.055) / 1.055, 2.4) }
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
  }

  private static func contrast(_ a: [Double], _ b: [Double]) -> Double {
    let (high, low) = (max(luminance(a), luminance(b)), min(luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)
  }

  @Test(arguments: [StyleSheet.light, StyleSheet.dark])
  func textAndMarksStandOut(theme: [(String, String)]) throws {
    let colours = Dictionary(uniqueKeysWithValues: theme)
    let page = try Self.channels(#require(colours["bg"]))
    for (name, colour) in theme where name != "bg" && name != "grid" {
      #expect(try Self.contrast(Self.channels(colour), page) >= 4.5, "\(name) \(colour)")
    }
    let text = try Self.channels(#require(colours["fg"]))
    for tone in ["good", "bad"] {
      let full = try Self.channels(#require(colours[tone]))
      let cell = zip(full, page).map { $0 * HeatMapDrawing.strongest + $1 * (1 - HeatMapDrawing.strongest) }
      #expect(Self.contrast(text, cell) >= 4.5, "text on the strongest \(tone)")
    }
  }

  @Test func themesDefineTheSameVariables() {
    #expect(StyleSheet.light.map(\.0) == StyleSheet.dark.map(\.0))
  }

  @Test func thirtySeriesAreToldApartWithoutLabels() {
    let looks = (0..<30).map { index in
      let style = SeriesStyle(index: index)
      return "\(style.colourClass) \(style.dash) \(style.marker)"
    }
    #expect(Set(looks).count == 30)
  }

  @Test func theStyleSheetLoadsNothing() {
    for word in ["http", "url(", "@import", "//"] { #expect(!StyleSheet.css.contains(word)) }
  }
}
