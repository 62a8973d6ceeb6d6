package import Diagnostics

/// An expression whose form is right; whether its names mean something is for `check(in:)` to say.
package struct ParsedExpression: Hashable, Sendable {
    /// What the author wrote, without the `${` and `}` of a template.
    package let source: LocatedText
    let tree: SyntaxTree

    init(source: LocatedText, tree: SyntaxTree) {
        self.source = source
        self.tree = tree
    }

    /// A YAML number, boolean, null, list or map that stands where an expression may: that literal.
    package init(literal: Value, text: LocatedText) {
        source = text
        tree = SyntaxTree(literal: literal, range: 0..<text.text.utf8.count)
    }

    /// Reports what is wrong with the text and gives nil, or the expression.
    package static func parse(_ text: LocatedText, into findings: inout [Diagnostic]) -> ParsedExpression? {
        var parser = Parser(text)
        do {
            return ParsedExpression(source: text, tree: try parser.parse())
        } catch {
            findings.append(error.diagnostic(in: text))
            return nil
        }
    }

    /// The names that the expression refers to, in source order: `env.HOST`, `message.json`, `count`.
    package var references: [NameReference] { tree.references(in: source) }

    package static func == (left: Self, right: Self) -> Bool {
        left.source == right.source && left.tree.isLiteralOnly == right.tree.isLiteralOnly
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(source) }
}

/// A name that an expression refers to, without what macros bind.
package struct NameReference: Hashable, Sendable {
    /// The first part: `env` of `env.HOST`, or a variable.
    package var root: String
    /// What is selected from it by name, if anything: `HOST`.
    package var field: String?
    package var span: SourceSpan
}

extension ParsedExpression {
    /// Resolves names, checks types and computes what is constant. Reports what is wrong and gives nil, or the
    /// expression; there may be warnings beside one.
    ///
    /// - Parameter findsFailures: whether an expression is wrong that reads nothing that varies and has no value; else that
    ///   turns out when it is evaluated.
    package func check(
        in scope: Scope, expecting expected: ValueTypes = .any, findsFailures: Bool = true,
        into findings: inout [Diagnostic]
    ) -> Expression? {
        var checker = Checker(self, scope: scope, findsFailures: findsFailures)
        let expression = checker.check(expecting: expected)
        findings += checker.findings
        return expression
    }
}
