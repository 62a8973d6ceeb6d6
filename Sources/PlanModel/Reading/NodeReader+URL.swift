import Diagnostics
import Expressions
import PlanSyntax

/// `url`: judged as far as it is known before the run.
extension NodeReader {
    mutating func url(_ node: PlanNode) -> ParsedTemplate {
        let template = template(node, of: "'url'", "url: ws://127.0.0.1:9001/")
        guard node.scalar != nil, !node.isNull else { return template }
        // The text of a failed template is not the author's.
        guard template.source.text == node.scalar?.text.text else { return template }
        guard let text = rendered(template) else {
            // What begins like an address shows its scheme without the rest.
            let beginning = template.source.text.firstRange(of: "${").map { template.source.text[..<$0.lowerBound] }
            if let beginning, beginning.contains(":") {
                check(WebSocketAddress.schemeProblem(of: String(beginning)), in: template.source)
            }
            return template
        }
        // A place within rendered text is no place in the source.
        let isAsWritten = text == template.source.text
        check(
            WebSocketAddress.problem(of: text),
            in: isAsWritten ? template.source : LocatedText("", at: template.source.span), isAsWritten ? nil : text)
        return template
    }

    private mutating func check(_ problem: WebSocketAddress.Problem?, in source: LocatedText, _ rendered: String? = nil)
    {
        guard let problem else { return }
        let span = rendered == nil ? source.span(of: problem.range) : source.span
        let help = [rendered.map { "the environment makes it '\($0)'" }, problem.help].compactMap(\.self)
        if problem.isNotSupportedYet {
            report(.notSupportedYet, Diagnostic.Message(problem.words), at: span)
        } else {
            report(
                .invalidURL, Diagnostic.Message(problem.words), at: span,
                help: help.isEmpty ? nil : help.joined(separator: "\n"))
        }
    }
}

/// The form of a WebSocket URI (RFC 6455 §3): `ws://host[:port][/path][?query]`.
enum WebSocketAddress {
    /// The first thing that is wrong with an address.
    struct Problem: Hashable {
        var words: String
        /// UTF-8 offsets into the address.
        var range: Range<Int>
        var help: String?
        var isNotSupportedYet = false
    }

    private static let example = "for example:\nurl: ws://127.0.0.1:9001/"

    static func problem(of address: String) -> Problem? {
        if address.isEmpty { return Problem(words: "'url' cannot be empty", range: 0..<0, help: example) }
        return schemeProblem(of: address) ?? characterProblem(of: Array(address.utf8))
            ?? authorityProblem(of: Array(address.utf8))
    }

    /// What is wrong with the scheme, where there may be more of the address than is known.
    static func schemeProblem(of address: String) -> Problem? {
        let bytes = Array(address.utf8)
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), bytes[..<colon].allSatisfy(isSchemeCharacter),
            bytes[(colon + 1)...].starts(with: "//".utf8) || address.lowercased().hasPrefix("ws+unix:")
        else {
            let rest = address.hasPrefix("//") ? String(address.dropFirst(2)) : address
            return Problem(
                words: "the address has no scheme", range: 0..<bytes.count, help: "did you mean 'ws://\(rest)'?")
        }
        let scheme = String(decoding: bytes[..<colon], as: UTF8.self).lowercased()
        let range = 0..<colon
        switch scheme {
        case "ws": return nil
        case "wss", "ws+unix":
            return Problem(
                words: "'\(scheme)' is not supported by this version of wsplan yet", range: range,
                isNotSupportedYet: true)
        case "http", "https":
            let meant = (scheme == "http" ? "ws" : "wss") + String(decoding: bytes[colon...], as: UTF8.self)
            return Problem(
                words: "'\(scheme)' is not the scheme of a WebSocket", range: range, help: "did you mean '\(meant)'?")
        default:
            return Problem(words: "'\(scheme)' is not the scheme of a WebSocket", range: range, help: example)
        }
    }

    /// Characters that no URI has (RFC 3986 §2), and the fragment, which a WebSocket URI must not have.
    private static func characterProblem(of bytes: [UInt8]) -> Problem? {
        for (offset, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: "#"):
                return Problem(
                    words: "the address of a WebSocket has no fragment", range: offset..<bytes.count,
                    help: "write a '#' that belongs to the path or the query as %23")
            case UInt8(ascii: " "):
                return Problem(
                    words: "a space in the address", range: offset..<offset + 1, help: "write it as %20")
            case 0x00..<0x20, 0x7F:
                return Problem(words: "a control character in the address", range: offset..<offset + 1)
            case 0x80...:
                let end = bytes[offset...].firstIndex { $0 < 0x80 } ?? bytes.count
                return Problem(
                    words: "a character beyond ASCII in the address", range: offset..<end,
                    help: "write its bytes in UTF-8 as %XX, and a host in its ASCII form")
            case UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\\"), UInt8(ascii: "^"),
                UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"):
                let character = String(decoding: [byte], as: UTF8.self)
                return Problem(
                    words: "'\(character)' in the address", range: offset..<offset + 1,
                    help: "write it as %\(String(byte, radix: 16, uppercase: true))")
            default: continue
            }
        }
        return nil
    }

    private static func authorityProblem(of bytes: [UInt8]) -> Problem? {
        let start = "ws://".utf8.count
        let end = bytes[start...].firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? bytes.count
        let authority = bytes[start..<end]
        if let at = authority.firstIndex(of: UInt8(ascii: "@")) {
            return Problem(
                words: "the address of a WebSocket has no user", range: start..<at + 1,
                help: "send an 'Authorization' header with 'connect.headers'")
        }
        var host = authority
        var port: ArraySlice<UInt8>?
        if authority.first == UInt8(ascii: "[") {
            guard let bracket = authority.firstIndex(of: UInt8(ascii: "]")) else {
                return Problem(words: "the address's '[' is never closed", range: start..<end)
            }
            host = authority[start + 1..<bracket]
            let rest = authority[(bracket + 1)...]
            guard rest.isEmpty || rest.first == UInt8(ascii: ":") else {
                return Problem(words: "only a port can follow the host", range: bracket + 1..<end)
            }
            port = rest.isEmpty ? nil : rest.dropFirst()
        } else if let colon = authority.firstIndex(of: UInt8(ascii: ":")) {
            host = authority[..<colon]
            port = authority[(colon + 1)...]
        }
        if host.isEmpty { return Problem(words: "the address has no host", range: start..<end, help: example) }
        guard let port else { return nil }
        if let number = UInt16(String(decoding: port, as: UTF8.self)), number > 0, port.first != UInt8(ascii: "+") {
            return nil
        }
        return Problem(
            words: "'\(String(decoding: port, as: UTF8.self))' is not a port", range: port.startIndex..<port.endIndex,
            help: "a port is a number from 1 to 65535")
    }

    private static func isSchemeCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
