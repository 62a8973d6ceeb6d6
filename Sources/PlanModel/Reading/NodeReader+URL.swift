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
        do { _ = try WebSocketURL(address.text) } catch { report(error, in: address) }
    }

    /// Reports an address with a name and password beside a header that says who asks, as far as that is known.
    mutating func checkAuthorization(_ url: ParsedTemplate, _ headers: [Connect.Header]) {
        guard let userInfo = rendered(url).flatMap({ try? WebSocketURL($0) })?.userInfo,
            let header = headers.first(where: { $0.name.value.lowercased() == "authorization" })
        else { return }
        let place = Array(url.source.text.utf8).firstRange(of: Array("\(userInfo)@".utf8))
        report(
            .conflictingKeys, .userBesideAuthorization, at: place.map { url.source.span(of: $0) } ?? url.source.span,
            help: "leave out one of them",
            notes: [Diagnostic.Note("'\(header.name.value)' stands here", at: header.name.span)])
    }

    /// The secrets in the addresses of a scenario, as far as they are known.
    mutating func secrets(of url: ParsedTemplate, _ connect: Connect) -> [String] {
        let target = rendered(url).flatMap { try? WebSocketURL($0) }
        return (target?.secrets ?? []) + (connect.route.proxy?.secrets ?? [])
    }

    private mutating func checkScheme(of address: KnownAddress) {
        do { _ = try WebSocketURL.scheme(of: address.text) } catch { report(error, in: address) }
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

extension Diagnostic.Message {
    fileprivate static var userBesideAuthorization: Self {
        Self("the address has a name for the server, and a header 'Authorization' has another")
    }
}
