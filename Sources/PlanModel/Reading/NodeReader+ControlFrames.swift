import Diagnostics
import Expressions
import PlanSyntax

/// `ping`, `pong` and `close`.
extension NodeReader {
    mutating func controlPayload(_ node: PlanNode, _ verb: Verb) -> ParsedTemplate? {
        // `ping:` with nothing behind it is the bare word with a colon too many.
        if node.isNull { return nil }
        let payload = template(node, of: "'\(verb.rawValue)'", "- \(verb.rawValue): hello")
        checkLength(
            of: payload, limit: 125, "the payload of a \(verb.rawValue)",
            help: "shorten it; a message of any length is sent with 'send'")
        return payload
    }

    /// RFC 6455 §5.5: a control frame holds 125 bytes, of which a close frame's code takes two.
    private mutating func checkLength(of payload: ParsedTemplate, limit: Int, _ name: String, help: String) {
        let count = payload.literals.reduce(0) { $0 + $1.utf8.count }
        guard count > limit else { return }
        report(
            .controlPayloadTooLong,
            .tooLong(name, limit: limit, found: payload.literal == nil ? "more" : String(count)),
            at: payload.source.span, help: help)
    }

    private static let closeKeys = KeySpace(owner: "'close'", known: ["code", "reason"])

    mutating func close(_ node: PlanNode) -> Close {
        if node.isNull { return Close() }
        let example = "- close:\n    code: 1000\n    reason: done"
        guard let fields = fields(node, of: Self.closeKeys, example: example) else { return Close() }
        let problems = findings.count
        let code = fields["code"].map { integerOperand($0, of: "'code'", "code: 1000", in: 0...Int.max) }
        let isKnown = findings.count == problems && fields["code"]?.isComplete == true
        if case .value(let code)? = code, isKnown, !canBeSent(Int(code.value)) {
            report(.invalidCloseCode, .cannotBeSent(code.value), at: code.span, help: Self.closeCodeHelp)
        }
        let reason = fields["reason"].map { template($0, of: "'reason'", "reason: done") }
        if let reason { checkLength(of: reason, limit: 123, "the reason of a close", help: "shorten it") }
        return Close(code: code, reason: reason)
    }
}

extension Diagnostic.Message {
    fileprivate static func tooLong(_ name: String, limit: Int, found: String) -> Self {
        Self("\(name) is at most \(limit) bytes, this is \(found)")
    }

    fileprivate static func cannotBeSent(_ code: Int64) -> Self { Self("a close frame cannot carry the code \(code)") }
}
