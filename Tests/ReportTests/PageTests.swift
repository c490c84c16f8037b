import Foundation
import Results
import Testing

@testable import Report

/// What must hold of every page, whatever is on it.
@Suite struct PageTests {
  static let pages = [
    Report([SampleRuns.small]).html(),
    Report([SampleRuns.large(strategies: 3, variants: 2, workers: [1, 2, 4, 8])]).html(),
    Report([SampleRuns.small, SampleRuns.large(strategies: 2, variants: 1, workers: [1, 2])]).html(),
    Report([SampleRuns.run([], scenario: "empty")]).html(),
    Report([SampleRuns.sweep, SampleRuns.small]).html(),
    Report([SampleRuns.turns]).html(),
    Report([SampleRuns.hosts]).html(),
  ]

  @Test(arguments: pages) func `a page is well-formed XML`(page: String) throws {
    _ = try PageReader(page)
  }

  @Test(arguments: pages) func `a page may load nothing and does not try`(page: String) throws {
    let reader = try PageReader(page)
    let policy = reader.elements.first { $0.attributes["http-equiv"] == "Content-Security-Policy" }
    #expect(policy?.attributes["content"]?.hasPrefix("default-src 'none'; style-src 'unsafe-inline'") == true)
    for element in reader.elements {
      #expect(!["script", "link", "img", "iframe", "object", "embed", "image", "base"].contains(element.name))
      #expect(element.attributes.keys.allSatisfy { !$0.hasPrefix("on") && $0 != "src" && $0 != "srcset" })
      for name in ["href", "xlink:href"] {
        if let target = element.attributes[name] { #expect(target.hasPrefix("#")) }
      }
    }
    #expect(!page.contains("http://") && !page.contains("https://") && !page.contains("@import"))
    #expect(page.matches(of: /url\(([^)]*)\)/).allSatisfy { $0.output.1.hasPrefix("#") })
  }

  @Test(arguments: pages) func `every chart says what it shows and carries its data`(page: String) throws {
    let reader = try PageReader(page)
    for index in reader.elements.indices where reader.elements[index].name == "svg" {
      let chart = reader.elements[index]
      if chart.attributes["aria-hidden"] == "true" { continue }
      #expect(chart.attributes["role"] == "img")
      let named = chart.attributes["aria-labelledby"]?.split(separator: " ").map(String.init) ?? []
      let inside = reader.descendants(of: index)
      #expect(named.count == 2)
      for id in named {
        let text = inside.first { $0.attributes["id"] == id }
        #expect(["title", "desc"].contains(text?.name))
        #expect(text?.text.isEmpty == false)
      }
    }
    for index in reader.elements.indices where reader.elements[index].name == "figure" {
      let inside = reader.descendants(of: index).map(\.name)
      #expect(inside.contains("svg") && inside.contains("figcaption") && inside.contains("table"))
    }
    #expect(
      reader.elements.filter { $0.name == "table" }.count == reader.elements.filter { $0.name == "caption" }.count)
  }

  @Test(arguments: pages) func `ids are unique, the contents lead somewhere, headings do not jump`(page: String) throws
  {
    let reader = try PageReader(page)
    let ids = reader.elements.compactMap { $0.attributes["id"] }
    #expect(Set(ids).count == ids.count)
    for target in reader.elements.compactMap({ $0.attributes["href"] }) {
      #expect(ids.contains(String(target.dropFirst())))
    }
    let levels = reader.elements.compactMap {
      $0.name.count == 2 && $0.name.first == "h" ? Int($0.name.dropFirst()) : nil
    }
    #expect(levels.first == 1)
    #expect(levels.filter { $0 == 1 }.count == 1)
    #expect(zip(levels, levels.dropFirst()).allSatisfy { $1 <= $0 + 1 })
  }

  @Test func `sections stand in their order and only where they have something to show`() throws {
    let small = try PageReader(Self.pages[0]).sections
    #expect(
      small == [
        "answer", "violations", "comparison", "latency", "time", "outcomes", "tries", "fairness", "timeline", "noise",
        "environment", "scenario", "commands",
      ])
    let large = try PageReader(Self.pages[1]).sections
    #expect(
      large == [
        "answer", "violations", "comparison", "throughput", "latency", "time", "outcomes", "tries", "fairness",
        "timeline", "conditions", "noise", "environment", "scenario", "commands",
      ])
    #expect(try PageReader(Self.pages[3]).sections == ["answer", "environment", "scenario", "commands"])
  }

  @Test func `who was at work is a picture with its table, and two at once are counted`() throws {
    let markdown = Report([SampleRuns.turns]).markdown()
    #expect(markdown.contains("Who was at work"))
    let row = markdown.split(separator: "\n").first { $0.contains("postgres.for-update") && $0.contains("400 ms") }
    // Three turns of two workers, one beside another, one of which nobody knows the end.
    #expect(row?.contains("| 3 | 2 | 1 | 1 | 400 ms |") == true, "\(row ?? "")")
    #expect(Report([SampleRuns.turns]).html().contains("kill the process of a holder"))
  }

  @Test func `the same runs give the same bytes`() {
    #expect(Report([SampleRuns.small]).html() == Self.pages[0])
    #expect(Report([SampleRuns.small]).markdown() == Report([SampleRuns.small]).markdown())
  }

  @Test func `a strategy that broke an invariant has no place in rankings and charts of speed`() throws {
    let page = Self.pages[0]
    let latency = try #require(page.firstRange(of: "<section id=\"latency\""))
    let time = try #require(page.firstRange(of: "<section id=\"time\""))
    #expect(!page[latency.lowerBound..<time.lowerBound].contains("memory.none"))
    let table = try #require(page.firstRange(of: "<caption>Comparison</caption>"))
    let rule = try #require(page[table.lowerBound...].firstRange(of: "Violations: not ranked"))
    let row = try #require(page[table.lowerBound...].firstRange(of: "memory.none"))
    #expect(rule.lowerBound < row.lowerBound)
  }

  @Test func `a map of winners stands before the sentences, in the colours of the other charts`() throws {
    let reader = try PageReader(Report([SampleRuns.sweep]).html())
    let index = try #require(reader.elements.firstIndex { $0.name == "figure" })
    let section = try #require(reader.elements.firstIndex { $0.attributes["id"] == "answer" })
    let violations = try #require(reader.elements.firstIndex { $0.attributes["id"] == "violations" })
    let words = try #require(reader.elements.firstIndex { $0.attributes["class"] == "labelled" })
    #expect(section < index && index < words && words < violations)
    let inside = reader.descendants(of: index)
    #expect(Set(inside.compactMap { $0.attributes["class"] }).isSuperset(of: ["s1", "s2", "s3", "inside", "cover"]))
    #expect(inside.contains { $0.name == "title" && $0.text.contains("every strategy broke an invariant") })
  }

  @Test func `a strategy has one colour in the map and in the tables`() throws {
    let page = Report([SampleRuns.sweep]).html()
    for (name, colour) in [("postgres.for-update", "s1"), ("postgres.optimistic", "s2"), ("redis.lock", "s3")] {
      for place in ["  \(name)</text>", "</svg>\(name)</td>", "</svg>\(name)</th>"] {
        let found = try #require(page.firstRange(of: place), "\(place)")
        let before = page[..<found.lowerBound].matches(of: /<g class="(s[0-9])">/).last
        #expect(before.map { String($0.output.1) } == colour, "\(place)")
      }
    }
  }

  @Test func `a report of two hundred trials stays small`() {
    let run = SampleRuns.large(strategies: 6, variants: 6, workers: [1, 8])
    #expect(run.trials.count == 216)
    let clock = ContinuousClock()
    var page = ""
    var text = ""
    let time = clock.measure {
      let report = Report([run])
      page = report.html()
      text = report.markdown()
    }
    print("report of \(run.trials.count) trials: \(page.utf8.count / 1024) and \(text.utf8.count / 1024) KiB, \(time)")
    #expect(page.utf8.count < 2_000_000)
    #expect(text.utf8.count < 500_000)
  }
}
