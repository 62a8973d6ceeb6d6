import Diagnostics
import Expressions
import PlanModel
import TestSupport
import Testing

/// What the plans of `docs/plan-language.md` show of the language; that each of them runs is tested end to end.
struct DocumentationTests {
    @Test func everyVerbHasAnExample() throws {
        var shown: Set<Verb> = []
        for plan in try Self.plans() { plan.walk { shown.insert($0.verb) } }
        #expect(Set(Verb.allCases).subtracting(shown) == [])
    }

    /// A kind is shown where a handler asks for it.
    @Test func everyKindOfErrorIsInTheTableAndHasAnExample() throws {
        let text = try TextFile.read(BuiltProducts.packageRoot + "/docs/plan-language.md")
        let section = try #require(text.split(separator: "\n## ").first { $0.hasPrefix("Errors\n") })
        let listed = section.split(separator: "\n").filter { $0.hasPrefix("| `") }.flatMap { row in
            row.split(separator: "|")[0].matches(of: /`(\w+)`/).map { String($0.1) }
        }
        let kinds = ErrorKind.allCases.map(\.rawValue)
        #expect(listed == kinds)
        var conditions = ""
        for plan in try Self.plans() {
            plan.walk { if case .if(let branch) = $0.kind { conditions += branch.condition.source.text } }
        }
        for kind in kinds { #expect(conditions.contains("\"\(kind)\""), "\(kind)") }
    }

    private static func plans() throws -> [Plan] {
        try CodeBlock.all(in: "docs/plan-language.md").filter { $0.language == "yaml" }.compactMap {
            ReadPlan(yaml: $0.text).plan
        }
    }
}
