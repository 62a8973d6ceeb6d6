import Diagnostics
import Expressions
import PlanSyntax
import WebSocketCodec

/// `url` (RFC 6455 §3): judged as far as it is known before the run.
extension NodeReader {
    mutating func url(_ node: PlanNode) -> ParsedTemplate {
        let template = template(node, of: "'url'", "url: ws://127.0.0.1:9001/")
        guard node.scalar != nil, !node.isNull else { return template }
        // The text of a failed template is not the author's.
        guard template.source.text == node.scalar?.text.text else { return template }
        if let text = rendered(template) {
            check(KnownAddress(text: text, source: template.source))
        } else if let expression = template.source.text.firstRange(of: "${") {
            // What begins like an address shows its scheme without the rest.
            let beginning = template.source.slice(0..<template.source.text[..<expression.lowerBound].utf8.count)
            if beginning.text.contains(":") {
                checkScheme(of: KnownAddress(text: beginning.text, source: beginning))
            }
        }
        return template
    }

    private mutating func check(_ address: KnownAddress) {
        if reportUnsupportedScheme(of: address) { return }
        do {
            let url = try WebSocketURL(address.text)
            guard let userInfo = url.userInfo else { return }
            let start = "\(url.scheme.rawValue)://".utf8.count
            report(
                "the address of a WebSocket has no user", at: start..<start + userInfo.utf8.count + 1, of: address,
                help: "send an 'Authorization' header with 'connect.headers'")
        } catch {
            report(error, in: address)
        }
    }

    private mutating func checkScheme(of address: KnownAddress) {
        if reportUnsupportedScheme(of: address) { return }
        do { _ = try WebSocketURL.scheme(of: address.text) } catch { report(error, in: address) }
    }

    private mutating func reportUnsupportedScheme(of address: KnownAddress) -> Bool {
        guard let scheme = try? WebSocketURL.scheme(of: address.text), scheme == .wsUnix else { return false }
        reportNotSupportedYet(
            scheme.rawValue, at: address.span(of: 0..<scheme.rawValue.utf8.count),
            help: "a later version of wsplan has it; this one connects over TCP")
        return true
    }

    private mutating func report(_ error: WebSocketURLError, in address: KnownAddress) {
        report(error.reason, at: error.range, of: address, help: error.help)
    }

    private mutating func report(_ reason: String, at range: Range<Int>, of address: KnownAddress, help: String?) {
        let count = findings.count
        report(.invalidURL, Diagnostic.Message(reason), at: address.span(of: range), help: help)
        if !address.isAsWritten { tellRendered(address.text, since: count) }
    }
}

/// An address, or its beginning, as it is before the run.
private struct KnownAddress {
    var text: String
    /// What it was made from.
    var source: LocatedText

    var isAsWritten: Bool { text == source.text }

    /// A place within rendered text is no place in the source.
    func span(of range: Range<Int>) -> SourceSpan { isAsWritten ? source.span(of: range) : source.span }
}
