import Foundation
import Testing

/// The documentation: every link of every page leads somewhere.
@Suite struct LinkTests {
  private static let root = SourceRulesTests.root
  private static let catalogue = "Sources/contend/Documentation.docc"

  /// Every page of the project but those that a run of this checkout has made, whose folders carry its time.
  private static let pages: [String] = {
    let own = ["README.md", "CHANGELOG.md"]
    return own
      + ["Sources", "results", "scripts", "scenarios"].flatMap { folder in
        let base = root.appendingPathComponent(folder)
        let paths = FileManager.default.enumerator(atPath: base.path)?.compactMap { $0 as? String } ?? []
        return paths.filter { $0.hasSuffix(".md") && !$0.contains(/-20\d{6}T/) }.sorted().map { "\(folder)/\($0)" }
      }
  }()

  @Test(arguments: pages) func everyLinkLeadsSomewhere(page: String) throws {
    let text = try String(contentsOf: Self.root.appendingPathComponent(page), encoding: .utf8)
    #expect(Self.brokenLinks(of: text, at: page) == [])
  }

  @Test func thePagesAreFound() throws {
    #expect(Self.pages.contains("results/README.md"))
    #expect(Self.pages.contains("\(Self.catalogue)/contend.md"))
    #expect(Self.pages.count > 15)
  }

  @Test(arguments: [
    ("[a](Missing.md)", "3: Missing.md"), ("[a](README.md#nowhere)", "3: README.md#nowhere"),
    ("![a](results/none.svg)", "3: results/none.svg"), ("[a](#nowhere)", "3: #nowhere"),
    ("[a](../other/README.md)", "3: ../other/README.md"), ("[a](ftp://example.org)", "3: ftp://example.org"),
    ("[a](readme.md)", "3: readme.md"), ("[a](README.md) [b](Missing.md)", "3: Missing.md"),
  ]) func aBrokenLinkIsFound(link: String, finding: String) throws {
    #expect(Self.brokenLinks(of: "# Title\n\n\(link)\n", at: "Page.md") == ["Page.md:\(finding)"])
  }

  @Test(arguments: [
    "[a](README.md)", "[a](README.md#install)", "[a](#a-title--with-code)", "[a](#twice-1)", "[a](results/)",
    "[a](https://example.org/a#b)", "`[a](Missing.md)`", "```\n[a](Missing.md)\n# No heading\n```",
  ]) func aGoodLinkIsNot(link: String) throws {
    let page = "# A title: `with` code\n\n## Twice\n\n## Twice\n\n\(link)\n"
    // Two hyphens stand where a sign between two blanks was; this heading has none.
    let text = page.replacing("A title: `with`", with: "A title & `with`")
    #expect(Self.brokenLinks(of: text, at: "Page.md") == [])
  }

  @Test func theREADMEStaysShort() throws {
    let attributes = try FileManager.default.attributesOfItem(
      atPath: Self.root.appendingPathComponent("README.md").path)
    let size = try #require(attributes[.size] as? Int)
    #expect(size < 10_240)
  }

  /// A page that no other page names is found by nobody.
  @Test func everyPageOfTheCatalogueIsListed() throws {
    let front = try String(
      contentsOf: Self.root.appendingPathComponent("\(Self.catalogue)/contend.md"), encoding: .utf8)
    let listed = Set(MarkdownPage(front).links.map(\.target))
    let pages = Self.pages.filter { $0.hasPrefix(Self.catalogue) }.compactMap { $0.split(separator: "/").last }
    #expect(pages.filter { $0 != "contend.md" && !listed.contains(String($0)) } == [])
  }

  // MARK: following a link

  /// The links of a page that lead nowhere, as `page:line: target`. Addresses of other machines are only read.
  private static func brokenLinks(of text: String, at page: String) -> [String] {
    let links = MarkdownPage(text)
    return links.links.filter { !leadsSomewhere($0.target, from: page, anchors: links.anchors) }
      .map { "\(page):\($0.line): \($0.target)" }
  }

  private static func leadsSomewhere(_ target: String, from page: String, anchors: Set<String>) -> Bool {
    if let url = URL(string: target), let scheme = url.scheme {
      return ["https", "http"].contains(scheme) && url.host?.isEmpty == false
    }
    let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let anchor = parts.count > 1 ? parts[1] : nil
    if parts[0].isEmpty { return anchor.map(anchors.contains) ?? false }
    let folder = root.appendingPathComponent(page).deletingLastPathComponent()
    let file = folder.appendingPathComponent(parts[0]).standardizedFileURL
    guard file.path.hasPrefix(root.standardizedFileURL.path + "/"), FileManager.default.fileExists(atPath: file.path)
    else { return false }
    guard let anchor else { return true }
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return false }
    return MarkdownPage(text).anchors.contains(anchor)
  }
}
