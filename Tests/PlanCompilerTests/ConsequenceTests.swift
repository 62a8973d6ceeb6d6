import Diagnostics
import PlanModel
import PlanSyntax
import TestSupport
import Testing

/// One mistake gives one diagnostic: plans that are right, each with one thing in it made wrong.
@Suite struct ConsequenceTests {
    /// Plans about which there is nothing to say.
    static let plans: [SourceFile] = {
        let root = BuiltProducts.packageRoot
        let names = (try? TextFile.names(in: root + "/plans")) ?? []
        let paths =
            names.filter { $0.hasSuffix(".yaml") }.map { "\(root)/plans/\($0)" }
            + ["\(root)/Tests/PlanModelTests/Fixtures/ok/everything.yaml"]
        return paths.compactMap { path in
            (try? TextFile.readBytes(path)).map { SourceFile(name: path, bytes: $0) }
        }.filter { LintedPlan($0).diagnostics.isEmpty }
    }()

    @Test func aMisspeltKeyIsOneMistake() throws {
        var count = 0
        for file in Self.plans {
            let document = try #require(PlanDocument.read(file).node)
            for key in document.languageKeys where key.text.utf8.count >= 4 {
                let bytes = Array(key.text.utf8)
                let middle = bytes.count / 2
                guard bytes[middle] != bytes[middle - 1] else { continue }
                var swapped = bytes
                swapped.swapAt(middle, middle - 1)
                let diagnostics = Self.lint(file, with: swapped, at: key.span)
                #expect(diagnostics.count == 1, "\(key.text) in \(file.name): \(diagnostics)")
                count += 1
            }
        }
        #expect(count > 100)
    }

    @Test func aValueOfAnotherKindIsOneMistake() throws {
        var count = 0
        for file in Self.plans {
            let document = try #require(PlanDocument.read(file).node)
            for node in document.values where !node.span.range.isEmpty {
                let diagnostics = Self.lint(file, with: Array(" [0]".utf8), at: node.span)
                #expect(diagnostics.count <= 1, "\(file.text(of: node.span)) in \(file.name): \(diagnostics)")
                count += 1
            }
        }
        #expect(count > 200)
    }

    private static func lint(_ file: SourceFile, with bytes: [UInt8], at span: SourceSpan) -> [Diagnostic] {
        var changed = file.bytes
        changed.replaceSubrange(span.range, with: bytes)
        return LintedPlan(SourceFile(name: file.name, bytes: changed)).diagnostics
    }
}

extension PlanNode {
    private static let authorsKeys: Set = [
        "headers", "cookies", "resolve", "tags", "vars", "vu_vars", "env", "data", "blocks", "check", "set", "let",
        "with", "json", "metrics", "record", "thresholds", "scenarios",
    ]

    /// The keys that the language names.
    fileprivate var languageKeys: [LocatedText] {
        switch content {
        case .scalar, .unreadable: []
        case .sequence(let elements): elements.flatMap(\.languageKeys)
        case .mapping(let entries):
            entries.flatMap { entry -> [LocatedText] in
                if entry.key.text.hasPrefix("x-") || entry.key.text == "$schema" { return [] }
                guard Self.authorsKeys.contains(entry.key.text) else { return [entry.key] + entry.value.languageKeys }
                // Below a name of the author's own, the steps of a block, the options of a variable or a data source and the keys
                // of a scenario are the language's.
                let hasOwnKeysBelow = ["blocks", "env", "data", "scenarios"].contains(entry.key.text)
                let inner = hasOwnKeysBelow ? entry.value.mapping ?? [] : []
                return [entry.key] + inner.flatMap(\.value.languageKeys)
            }
        }
    }

    /// Every value in the document, as far as it is written once.
    fileprivate var values: [PlanNode] {
        switch content {
        case .scalar, .unreadable: []
        case .sequence(let elements): elements + elements.flatMap(\.values)
        case .mapping(let entries):
            entries.filter { !$0.key.text.hasPrefix("x-") }.flatMap { [$0.value] + $0.value.values }
        }
    }
}
