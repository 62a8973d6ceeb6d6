package import Diagnostics

/// Assembles a template of pieces, such as a JSON payload whose leaves are templates.
package struct TemplateBuilder {
    /// The whole that the pieces come from, as it is shown to people.
    package var source: LocatedText
    private var segments: [Template.Segment] = []

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

    /// `.jsonValue`: one single `${…}` is its value as JSON, any other template a JSON string, quotes included.
    /// `.jsonString`: what stands between the quotes of a JSON string. `.validText`: what a text message may consist of.
    package mutating func append(_ template: Template, as rendering: Template.Rendering) {
        switch rendering {
        case .text: for segment in template.segments { append(segment) }
        case .validText:
            if let single = template.single { append(single, as: .validText) } else { append(template, as: .text) }
        case .jsonValue:
            if let single = template.single {
                append(single, as: .jsonValue)
            } else {
                appendLiteral("\"".utf8)
                append(template, as: .jsonString)
                appendLiteral("\"".utf8)
            }
        case .jsonString:
            for segment in template.segments {
                switch segment {
                case .literal(let bytes):
                    var content: [UInt8] = []
                    Template.appendJSONStringContent(String(decoding: bytes, as: UTF8.self), to: &content)
                    appendLiteral(content)
                case .expression(let expression, _): append(expression, as: .jsonString)
                }
            }
        }
    }

    private mutating func append(_ segment: Template.Segment) {
        switch segment {
        case .literal(let bytes): appendLiteral(bytes)
        case .expression: segments.append(segment)
        }
    }

    package func build() -> Template { Template(source: source, segments: segments) }
}
