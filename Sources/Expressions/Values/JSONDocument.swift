package import JSON

extension Value {
    /// The value of a JSON text, or why it is not one JSON document.
    package static func json(_ text: String) throws(JSONError) -> Value {
        var text = text
        let result = text.withUTF8 { bytes in
            Result { () throws(JSONError) in try JSONDocument.parse(UnsafeRawBufferPointer(bytes)) }
        }
        return try result.get()
    }
}

/// Makes values of a JSON text that has been validated.
package struct JSONDocument {
    let bytes: UnsafeRawBufferPointer
    /// For the text of strings and numbers; it stays at the start.
    let scanner: JSONScanner

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        scanner = JSONScanner(bytes)
    }

    /// The whole text as a value, or why it is not one JSON document.
    package static func parse(_ bytes: UnsafeRawBufferPointer) throws(JSONError) -> Value {
        switch try JSONScanner.find(.root, in: bytes) {
        case .found(let token): return JSONDocument(bytes).value(of: token)
        case .missing: preconditionFailure("the root is the whole document")
        }
    }

    /// The value of a token that `find` gave; of a container it spans the whole.
    func value(of token: JSONToken) -> Value {
        switch token.kind {
        case .beginObject, .beginArray: container(token.range)
        default: scalar(token, of: scanner)
        }
    }

    private func scalar(_ token: JSONToken, of scanner: JSONScanner) -> Value {
        switch token.kind {
        case .string, .key: .string(scanner.string(token))
        case .number:
            switch scanner.number(token) {
            case .int(let value): .int(value)
            case .double(let value): .double(value)
            }
        case .true: .bool(true)
        case .false: .bool(false)
        case .null: .null
        case .beginObject, .endObject, .beginArray, .endArray: preconditionFailure("a bracket has no value")
        }
    }

    private struct Open {
        var isObject: Bool
        var elements: [Value] = []
        var entries: [ValueMap.Entry] = []
        var key = Value.null

        mutating func append(_ value: Value) {
            if isObject { entries.append(.init(key: key, value: value)) } else { elements.append(value) }
        }

        var value: Value { isObject ? .map(ValueMap(keepingLast: entries)) : .list(elements) }
    }

    /// Builds with a stack of its own, for documents may be nested deeper than an event loop's stack is.
    private func container(_ range: Range<Int>) -> Value {
        var scanner = JSONScanner(UnsafeRawBufferPointer(rebasing: bytes[range]))
        var open: [Open] = []
        do throws(JSONError) {
            while let token = try scanner.next() {
                var finished: Value?
                switch token.kind {
                case .beginObject: open.append(Open(isObject: true))
                case .beginArray: open.append(Open(isObject: false))
                case .key: open[open.count - 1].key = scalar(token, of: scanner)
                case .endObject, .endArray: finished = open.removeLast().value
                default: finished = scalar(token, of: scanner)
                }
                guard let finished else { continue }
                if open.isEmpty { return finished }
                open[open.count - 1].append(finished)
            }
        } catch {
            preconditionFailure("a document that was validated is not valid: \(error)")
        }
        preconditionFailure("a container that was validated does not end")
    }
}
