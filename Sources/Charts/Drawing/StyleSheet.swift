/// The colours and text of all charts.
public enum StyleSheet {
  /// The CSS that a page must hold once, in a `<style>`.
  ///
  /// It defines colours as variables on `:root`, for light and dark screens and for paper: `--fg` and `--bg` for text
  /// and page, `--muted` for lesser text, `--grid` for thin lines, `--s1` to `--s6` for series (the hues of Okabe and
  /// Ito, "Color Universal Design", 2008, with their lightness changed for contrast), `--good`, `--bad` and
  /// `--unclear` for verdicts. All but `--grid` have a contrast of at least 4.5 to 1 with `--bg`. Pages may use them.
  public static let css = """
    :root{color-scheme:light dark;\(declarations(light))}
    @media(prefers-color-scheme:dark){:root{\(declarations(dark))}}
    @media print{:root{color-scheme:light;\(declarations(light))}}
    \(rules)

    """

  /// Names and values of the variables on light screens and on paper.
  static let light = [
    ("fg", "#1b1b1b"), ("bg", "#ffffff"), ("muted", "#5a6068"), ("grid", "#dfe2e6"), ("s1", "#0072b2"),
    ("s2", "#bf4d00"), ("s3", "#007d5b"), ("s4", "#a0457b"), ("s5", "#8a6700"), ("s6", "#5f6670"),
    ("good", "#0072b2"), ("bad", "#bf4d00"), ("unclear", "#5f6670"),
  ]

  /// Names and values of the variables on dark screens.
  static let dark = [
    ("fg", "#e8e8e8"), ("bg", "#16181c"), ("muted", "#a3a9b2"), ("grid", "#32363d"), ("s1", "#56b4e9"),
    ("s2", "#ff9d5c"), ("s3", "#3ecf9e"), ("s4", "#e39cc4"), ("s5", "#f0d35b"), ("s6", "#b4bac4"),
    ("good", "#56b4e9"), ("bad", "#ff9d5c"), ("unclear", "#b4bac4"),
  ]

  private static func declarations(_ variables: [(String, String)]) -> String {
    variables.map { "--\($0.0):\($0.1)" }.joined(separator: ";")
  }

  private static let rules = """
    .chart{display:block;width:100%;height:auto;max-width:60rem;font:13px system-ui,sans-serif;\
    font-variant-numeric:tabular-nums}
    .chart text{fill:var(--fg);white-space:pre}
    .chart .tick,.chart .note{fill:var(--muted)}
    .chart .over{paint-order:stroke;stroke:var(--bg);stroke-width:3px;stroke-linejoin:round}
    .chart .inside{fill:var(--bg);paint-order:stroke;stroke:var(--c);stroke-width:5px;stroke-linejoin:round}
    .chart .grid{stroke:var(--grid)}
    .chart .axis{stroke:var(--muted)}
    .chart .guide{stroke:var(--muted);stroke-dasharray:3 3;fill:none}
    .chart .shade{fill:var(--muted);fill-opacity:.14}
    .chart .leader{stroke:var(--muted);stroke-width:.7;fill:none}
    .chart .line{fill:none;stroke:var(--c);stroke-width:2;stroke-linejoin:round}
    .chart .thin{stroke-width:1.2}
    .chart .band{fill:var(--c);fill-opacity:.16}
    .chart .bar{fill:var(--c)}
    .chart .invalid{stroke:var(--muted)}
    .chart .whisker{fill:none;stroke:var(--fg);stroke-width:1.4}
    .chart .point{fill:var(--c);stroke:var(--c);stroke-width:1.2}
    .chart .hollow{fill:var(--bg);stroke:var(--c);stroke-width:1.8}
    .chart .texture{stroke:var(--bg);stroke-width:1.4;fill:none;opacity:.4}
    .chart .hatch{stroke:var(--muted);stroke-width:1.4;fill:none}
    .chart .frame{fill:none;stroke:var(--muted)}
    \((1...SeriesStyle.colours).map { ".chart .s\($0){--c:var(--s\($0))}" }.joined(separator: "\n"))
    .chart .good{--c:var(--good)}
    .chart .bad{--c:var(--bad)}
    .chart .unclear{--c:var(--unclear)}
    .chart .neutral{--c:var(--fg)}
    .narrow{display:none}
    @media screen and (max-width:600px){.wide{display:none}.narrow{display:block}}
    """
}
