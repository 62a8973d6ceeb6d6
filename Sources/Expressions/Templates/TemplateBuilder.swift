package import Diagnostics

/// Assembles a template of pieces, such as a JSON payload whose leaves are templates.
package struct TemplateBuilder {
    private let source: LocatedText
    private var segments: [Template.Segment] = []

    /// `source` is the whole that the pieces come from.
    package init(source: LocatedText) { self.source = source }

    /// Bytes that are written as they are.
    package mutating func appendLiteral(_ bytes: some Sequence<UInt8>) {
        if case .literal(var last)? = segments.last {
            last.append(contentsOf: bytes)
            segments[segments.count - 1] = .literal(last)
        } else {
            let bytes = Array(bytes)
            if !bytes.isEmpty { segments.append(.literal(bytes)) }
        }
    }

    package mutating func append(_ expression: Expression, as rendering: Template.Rendering) {
        segments.append(.expression(expression, rendering))
    }

    package func build() -> Template { Template(source: source, segments: segments, constant: nil) }
}
