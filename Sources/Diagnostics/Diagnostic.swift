/// Something in a plan that its author has to mend, or should.
package struct Diagnostic: Hashable, Sendable {
    package enum Severity: String, Hashable, Sendable {
        case error
        case warning
    }

    /// What is wrong, in words. The wording lives beside the rule that says it, as a static function of an extension.
    package struct Message: Hashable, Sendable {
        package var text: String

        package init(_ text: String) { self.text = text }
    }

    /// A second place that explains the first one.
    package struct Note: Hashable, Sendable {
        package var text: String
        package var span: SourceSpan

        package init(_ text: String, at span: SourceSpan) {
            self.text = text
            self.span = span
        }
    }

    package var code: DiagnosticCode
    package var severity: Severity
    package var message: Message
    package var span: SourceSpan
    /// What to do about it: a suggestion, a corrected form.
    package var help: String?
    package var notes: [Note]

    package init(
        _ code: DiagnosticCode, _ message: Message, at span: SourceSpan, severity: Severity = .error,
        help: String? = nil, notes: [Note] = []
    ) {
        self.code = code
        self.severity = severity
        self.message = message
        self.span = span
        self.help = help
        self.notes = notes
    }
}
