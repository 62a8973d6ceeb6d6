/// A name and a value, as `Cookie` sends them (RFC 6265 §4.2).
package struct Cookie: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }

    /// By bytes: a server may tell those apart that look the same.
    package static func == (one: Cookie, other: Cookie) -> Bool {
        one.name.utf8.elementsEqual(other.name.utf8) && one.value.utf8.elementsEqual(other.value.utf8)
    }

    /// Whether `text` can be a cookie's value (`cookie-value`, RFC 6265 §4.1.1): printable ASCII without space, `"`, `,`,
    /// `;` and `\`, all of it perhaps in double quotes.
    package static func isValue(_ text: some StringProtocol) -> Bool {
        var bytes = Array(text.utf8)[...]
        if bytes.count >= 2, bytes.first == UInt8(ascii: "\""), bytes.last == UInt8(ascii: "\"") {
            bytes = bytes.dropFirst().dropLast()
        }
        return bytes.allSatisfy(\.isCookieOctet)
    }

    /// Whether `text` can be a part of a cookie's value.
    package static func isPartOfValue(_ text: some StringProtocol) -> Bool {
        text.utf8.allSatisfy { $0.isCookieOctet || $0 == UInt8(ascii: "\"") }
    }

    /// The value of the one `Cookie` header that a request may have: `own` as they are, and of `kept` those of other names.
    /// Nil for no cookies.
    package static func headerValue(_ own: [Cookie], keeping kept: [Cookie] = []) -> String? {
        let all = own + others(than: own, in: kept)
        return all.isEmpty ? nil : text(of: all)
    }

    /// The same where a value is written already: it stays as it is, whatever stands in it.
    package static func headerValue(written: String, keeping kept: [Cookie]) -> String {
        let others = others(than: parse(headerValue: written), in: kept)
        return [written, text(of: others)].filter { !$0.isEmpty }.joined(separator: "; ")
    }

    /// Those of `kept` whose names none of `own` has.
    private static func others(than own: [Cookie], in kept: [Cookie]) -> [Cookie] {
        kept.filter { cookie in !own.contains { $0.name.utf8.elementsEqual(cookie.name.utf8) } }
    }

    private static func text(of cookies: [Cookie]) -> String {
        cookies.map { "\($0.name)=\($0.value)" }.joined(separator: "; ")
    }

    /// The cookies in the value of a `Cookie` header.
    private static func parse(headerValue: String) -> [Cookie] {
        Array(headerValue.utf8).split(separator: UInt8(ascii: ";")).compactMap { pair in
            guard let equals = pair.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            return Cookie(name: trimmedText(pair[..<equals]), value: trimmedText(pair[(equals + 1)...]))
        }
    }
}

extension UInt8 {
    /// `cookie-octet` of RFC 6265 §4.1.1.
    fileprivate var isCookieOctet: Bool {
        switch self {
        case 0x21, 0x23...0x2B, 0x2D...0x3A, 0x3C...0x5B, 0x5D...0x7E: true
        default: false
        }
    }
}
