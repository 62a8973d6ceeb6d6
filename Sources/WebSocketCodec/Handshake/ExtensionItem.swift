/// One extension of `Sec-WebSocket-Extensions` with its parameters (RFC 6455 §9.1).
struct ExtensionItem: Hashable, Sendable {
    struct Parameter: Hashable, Sendable {
        var name: String
        /// Quotes taken off; nil where there is none.
        var value: String?
    }

    var name: String
    var parameters: [Parameter] = []
}

extension HTTPHeaders {
    /// The extensions that `Sec-WebSocket-Extensions` lists, over all lines with that name, in the order in which they
    /// stand there. Empty elements of the list are passed over (RFC 9110 §5.6.1.2).
    ///
    /// - Throws: where a line is no such list, and where there are lines and not one extension.
    func webSocketExtensions() throws(HandshakeError) -> [ExtensionItem] {
        let lines = values(of: "Sec-WebSocket-Extensions")
        var items: [ExtensionItem] = []
        for line in lines {
            var parser = ExtensionListParser(line)
            do throws(ExtensionListParser.Problem) {
                items += try parser.items()
            } catch {
                throw HandshakeError(reason: "header 'Sec-WebSocket-Extensions' is \(quoted(line)), \(error.words)")
            }
        }
        guard lines.isEmpty || !items.isEmpty else {
            throw HandshakeError(reason: "header 'Sec-WebSocket-Extensions' is there and lists nothing")
        }
        return items
    }
}

/// The grammar of RFC 6455 §9.1, with spaces wherever that of its time allowed them (RFC 2616 §2.1).
private struct ExtensionListParser {
    struct Problem: Error {
        /// Goes on a sentence that shows the line.
        let words: String
    }

    private var rest: ArraySlice<UInt8>

    init(_ line: String) { rest = Array(line.utf8)[...] }

    mutating func items() throws(Problem) -> [ExtensionItem] {
        var items: [ExtensionItem] = []
        while true {
            while take(UInt8(ascii: ",")) {}
            if rest.isEmpty { return items }
            items.append(try item())
            guard take(UInt8(ascii: ",")) || rest.isEmpty else {
                throw Problem(words: "where an extension is followed by \(shown)")
            }
        }
    }

    private mutating func item() throws(Problem) -> ExtensionItem {
        guard let name = token() else { throw Problem(words: "where \(shown) stands for the name of an extension") }
        var item = ExtensionItem(name: name)
        while take(UInt8(ascii: ";")) {
            guard let name = token() else { throw Problem(words: "where \(shown) stands for the name of a parameter") }
            var parameter = ExtensionItem.Parameter(name: name)
            if take(UInt8(ascii: "=")) { parameter.value = try value(of: name) }
            item.parameters.append(parameter)
        }
        return item
    }

    /// A token, or one in quotes: what stands in them has to be a token as well.
    private mutating func value(of name: String) throws(Problem) -> String {
        if let value = token() { return value }
        guard take(UInt8(ascii: "\"")) else { throw Problem(words: "where \(shown) stands for the value of '\(name)'") }
        var value: [UInt8] = []
        while var byte = rest.popFirst() {
            if byte == UInt8(ascii: "\"") {
                let text = String(decoding: value, as: UTF8.self)
                guard isHTTPToken(text) else { throw Problem(words: "where the value of '\(name)' is not a token") }
                return text
            }
            if byte == UInt8(ascii: "\\") {
                guard let escaped = rest.popFirst() else { break }
                byte = escaped
            }
            value.append(byte)
        }
        throw Problem(words: "where the value of '\(name)' has no closing quote")
    }

    private mutating func token() -> String? {
        skipSpaces()
        let token = rest.prefix(while: \.isHTTPTokenCharacter)
        guard !token.isEmpty else { return nil }
        rest = rest.dropFirst(token.count)
        return String(decoding: token, as: UTF8.self)
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpaces()
        guard rest.first == byte else { return false }
        rest = rest.dropFirst()
        return true
    }

    private mutating func skipSpaces() {
        rest = rest.drop(while: \.isHTTPWhitespace)
    }

    /// What stands next, for people.
    private var shown: String {
        rest.first.map { quoted(String(decoding: [$0], as: UTF8.self)) } ?? "the end"
    }
}
