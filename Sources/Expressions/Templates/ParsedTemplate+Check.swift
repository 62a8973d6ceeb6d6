package import Diagnostics

extension ParsedTemplate {
    /// Checks its expressions, reports what is wrong and gives nil, or the template.
    package func check(in scope: Scope, into findings: inout [Diagnostic]) -> Template? {
        var builder = TemplateBuilder(source: source)
        var isValid = true
        for segment in segments {
            switch segment {
            case .literal(let text): builder.appendLiteral(text.utf8)
            case .expression(let parsed):
                guard let expression = parsed.check(in: scope, into: &findings) else {
                    isValid = false
                    continue
                }
                if segments.count > 1, expression.staticType == .bytes {
                    findings.append(
                        Diagnostic(
                            .typeMismatch, .bytesInText, at: expression.source.span,
                            help: "hex(x), base64.encode(x) and string(x) make text of them"))
                    isValid = false
                }
                builder.append(expression, as: .text)
            }
        }
        return isValid ? builder.build() : nil
    }
}

extension Diagnostic.Message {
    fileprivate static var bytesInText: Self { Self("bytes cannot stand within a text") }
}
