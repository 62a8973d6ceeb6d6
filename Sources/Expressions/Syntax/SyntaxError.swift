import Diagnostics

/// Where an expression's text stops making sense, and what the author probably meant.
struct SyntaxError: Error {
    var message: Diagnostic.Message
    /// UTF-8 offsets into the text.
    var range: Range<Int>
    var help: String?
    var code: DiagnosticCode

    init(
        _ message: Diagnostic.Message, at range: Range<Int>, help: String? = nil,
        code: DiagnosticCode = .malformedExpression
    ) {
        self.message = message
        self.range = range
        self.help = help
        self.code = code
    }

    func diagnostic(in text: LocatedText) -> Diagnostic {
        Diagnostic(code, message, at: text.span(of: range), help: help)
    }
}
