import Diagnostics
import Expressions
import PlanSyntax
import WebSocketCodec

/// `connect.cookies` and `connect.origin`.
extension NodeReader {
    /// RFC 6265 §4.1.1, as far as names and values are known before the run.
    mutating func cookies(_ node: PlanNode) -> [Connect.Cookie] {
        let example = "cookies:\n  session: ${env.SESSION}"
        return entries(node, of: "'cookies'", Wanted("a mapping of names to text", example)).map { entry in
            let name = Located(entry.key.text, at: entry.key.span)
            if !isHTTPToken(name.value) {
                report(
                    .invalidCookie, .cookieName(name.value), at: name.span,
                    help: "the name of a cookie is letters, digits and !#$%&'*+-.^_`|~")
            }
            let value = template(entry.value, of: "a cookie", example)
            checkCookieValue(value, of: name.value, at: entry.value.span)
            return Connect.Cookie(name: name, value: value)
        }
    }

    /// Reports a value that cannot be sent, as far as it is known.
    private mutating func checkCookieValue(_ value: ParsedTemplate, of name: String, at span: SourceSpan) {
        let text = rendered(value)
        let fits = text.map { Cookie.isValue($0) } ?? value.literals.allSatisfy { Cookie.isPartOfValue($0) }
        guard !fits else { return }
        let count = findings.count
        report(
            .invalidCookie, .cookieValue(name), at: span,
            help: "it has no spaces, quotes, commas, semicolons, backslashes, control characters and characters beyond "
                + "ASCII; ${url_encode(…)} writes them in another way")
        if let text, text != value.source.text { tellRendered(text, since: count) }
    }

    /// RFC 6454 §7.1: what browsers write. Anything else may be written as a header.
    mutating func origin(_ node: PlanNode) -> ParsedTemplate {
        let example = "origin: https://example.com"
        let origin = template(node, of: "'origin'", example)
        guard let text = rendered(origin), node.scalar != nil, !node.isNull, !isOrigin(text) else { return origin }
        let count = findings.count
        report(
            .invalidHeader, .origin, at: node.span,
            help: "an origin has a scheme, a host and perhaps a port, and no path, for example https://example.com")
        if text != origin.source.text { tellRendered(text, since: count) }
        return origin
    }

    private func isOrigin(_ text: String) -> Bool {
        if text == "null" { return true }
        guard let separator = text.firstRange(of: "://"), separator.lowerBound > text.startIndex,
            text[..<separator.lowerBound].utf8.allSatisfy({ isSchemeCharacter($0) })
        else { return false }
        let authority = text[separator.upperBound...]
        guard !authority.contains("/"), !authority.contains("?"), !authority.contains("@"),
            let url = try? WebSocketURL("ws://\(authority)")
        else { return false }
        return url.target == "/"
    }

    private func isSchemeCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}

extension Diagnostic.Message {
    fileprivate static func cookieName(_ name: String) -> Self { Self("'\(name)' cannot be the name of a cookie") }

    fileprivate static func cookieValue(_ name: String) -> Self {
        Self("this cannot be the value of the cookie '\(name)'")
    }

    fileprivate static var origin: Self { Self("this is not an origin") }
}
