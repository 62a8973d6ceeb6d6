package import Diagnostics

extension PlanNode {
    /// A value that is neither list nor mapping: its text, and what YAML's core schema or JSON takes it for.
    package struct Scalar: Hashable, Sendable {
        /// What a scalar is by its form alone.
        package enum Kind: Hashable, Sendable {
            case null
            case bool(Bool)
            case int(Int64)
            /// A number with fraction or exponent, or an integer beyond 64 bits. In YAML it may be infinite or NaN.
            case double(Double)
            case string
        }

        /// How the scalar was written.
        package enum Style: Hashable, Sendable {
            /// Without quotes; in JSON numbers, booleans and null.
            case plain
            case singleQuoted
            /// In JSON all strings.
            case doubleQuoted
            /// A block that keeps its line breaks, `|`.
            case literal
            /// A block whose lines are joined, `>`.
            case folded
        }

        /// The text after escapes, folding and chomping; of a number the digits as written.
        package var text: LocatedText
        package var kind: Kind
        package var style: Style
        /// The comment that follows the scalar on its last line, from its `#` on. Behind a plain scalar it may be text
        /// that the author meant to belong to the value.
        package var trailingComment: SourceSpan?

        package init(_ text: LocatedText, kind: Kind, style: Style, trailingComment: SourceSpan? = nil) {
            self.text = text
            self.kind = kind
            self.style = style
            self.trailingComment = trailingComment
        }

        package var isPlain: Bool { style == .plain }
    }
}
