import JSON

/// Reading the message in place: nothing is copied that the expression does not keep.
extension ExpressionCode {
    func messageValue(
        of fact: Fact, at index: Node.Index, in context: borrowing EvaluationContext
    ) throws(EvaluationError) -> Value {
        try withMessage(of: context, at: index) { (bytes, binary) throws(EvaluationError) in
            switch fact {
            case .messageSize: return .int(Int64(bytes.count))
            case .messageBinary: return .bool(binary)
            case .messageBytes: return .bytes(Array(bytes))
            case .messageData where binary: return .bytes(Array(bytes))
            case .messageJSON: return try find(.root, in: bytes, at: index) { $0.value(of: $1) }
            default:
                guard !binary else { throw error(.unreadable("message.text", why: "the message is binary"), at: index) }
                guard let text = String(validating: bytes, as: UTF8.self) else {
                    throw error(.unreadable("message.text", why: "the bytes are not valid UTF-8"), at: index)
                }
                return .string(text)
            }
        }
    }

    /// What stands in the message's JSON at a path.
    func messageValue(
        at path: JSONPath, node: Node.Index, in context: borrowing EvaluationContext
    ) throws(EvaluationError) -> Value {
        try withMessage(of: context, at: node) { (bytes, _) throws(EvaluationError) in
            try find(path, in: bytes, at: node) { $0.value(of: $1) }
        }
    }

    /// Whether a string that equals `text` stands there.
    func messageValue(
        at path: JSONPath, node: Node.Index, equals text: UnsafeRawBufferPointer,
        in context: borrowing EvaluationContext
    ) throws(EvaluationError) -> Bool {
        try withMessage(of: context, at: node) { (bytes, _) throws(EvaluationError) in
            try find(path, in: bytes, at: node) { document, token in
                token.kind == .string && document.scanner.string(token, equals: text)
            }
        }
    }

    /// `has(message.json.a.b)`: an error where even `message.json.a` is no object.
    func hasMessageValue(
        at path: JSONPath, node: Node.Index, in context: borrowing EvaluationContext
    ) throws(EvaluationError) -> Bool {
        try withMessage(of: context, at: node) { (bytes, _) throws(EvaluationError) in
            switch try lookUp(path, in: bytes, at: node) {
            case .found: return true
            case .missing(path.count - 1, .beginObject): return false
            case .missing(let step, let parent): throw missing(path[step], in: parent, at: node)
            }
        }
    }

    /// Compares the message's bytes, or those of a string in its JSON, with a text that is kept as bytes.
    func messageText(
        _ test: TextTest, _ text: UnsafeRawBufferPointer, node: Node.Index, at index: Node.Index,
        in context: borrowing EvaluationContext
    ) throws(EvaluationError) -> Bool {
        guard case .messagePath(let path) = nodes[Int(node)] else {
            return try withMessageText(at: node, in: context) { test.holds(for: $0, text) }
        }
        return try withMessage(of: context, at: node) { (bytes, _) throws(EvaluationError) in
            try find(lookups[Int(path)], in: bytes, at: node) { (document, token) throws(EvaluationError) in
                guard token.kind == .string else {
                    throw error(.wrongType(operation: "\(test)", document.value(of: token).type), at: index)
                }
                guard token.hasEscapes else {
                    return test.holds(for: .init(rebasing: bytes[token.range.dropFirst().dropLast()]), text)
                }
                var decoded = document.scanner.string(token)
                return decoded.withUTF8 { test.holds(for: UnsafeRawBufferPointer($0), text) }
            }
        }
    }

    /// The bytes of `message.text`, whose node is blamed where there is none. That they are UTF-8 is not looked at.
    func withMessageText<Result>(
        at node: Node.Index, in context: borrowing EvaluationContext,
        _ body: (UnsafeRawBufferPointer) throws(EvaluationError) -> Result
    ) throws(EvaluationError) -> Result {
        try withMessage(of: context, at: node) { (bytes, binary) throws(EvaluationError) in
            guard !binary else { throw error(.unreadable("message.text", why: "the message is binary"), at: node) }
            return try body(bytes)
        }
    }

    // MARK: - Bytes

    private func withMessage<Result>(
        of context: borrowing EvaluationContext, at index: Node.Index,
        _ body: (UnsafeRawBufferPointer, _ binary: Bool) throws(EvaluationError) -> Result
    ) throws(EvaluationError) -> Result {
        switch context.message {
        case .none: throw error(.absent("message"), at: index)
        case .borrowed(let bytes, let binary): return try body(bytes, binary)
        case .owned(let bytes, let binary):
            let result = bytes.withUnsafeBytes { bytes in
                Swift.Result { () throws(EvaluationError) in try body(bytes, binary) }
            }
            return try result.get()
        }
    }

    private func find<Result>(
        _ path: JSONPath, in bytes: UnsafeRawBufferPointer, at index: Node.Index,
        _ body: (JSONDocument, JSONToken) throws(EvaluationError) -> Result
    ) throws(EvaluationError) -> Result {
        switch try lookUp(path, in: bytes, at: index) {
        case .found(let token): return try body(JSONDocument(bytes), token)
        case .missing(let step, let parent): throw missing(path[step], in: parent, at: index)
        }
    }

    private func lookUp(
        _ path: JSONPath, in bytes: UnsafeRawBufferPointer, at index: Node.Index
    ) throws(EvaluationError) -> JSONLookup {
        do throws(JSONError) {
            return try JSONScanner.find(path, in: bytes)
        } catch {
            throw self.error(.notJSON("message.json", error), at: index)
        }
    }

    private func missing(_ step: JSONPath.Step, in parent: JSONToken.Kind, at index: Node.Index) -> EvaluationError {
        switch (step, parent) {
        case (.key(let key), .beginObject):
            error(.noSuchKey(.string(String(decoding: key, as: UTF8.self))), at: index)
        case (.index(let element), .beginObject): error(.noSuchKey(.int(Int64(element))), at: index)
        case (.index(let element), .beginArray): error(.indexOutOfRange(String(element), count: nil), at: index)
        case (.key, _): error(.wrongType(operation: "selecting a field", parent.type), at: index)
        case (.index, _): error(.wrongType(operation: "[…]", parent.type), at: index)
        }
    }
}

extension TextTest {
    func holds(for bytes: UnsafeRawBufferPointer, _ text: UnsafeRawBufferPointer) -> Bool {
        switch self {
        case .equals: compare(bytes, text) == 0
        case .startsWith: compare(.init(rebasing: bytes.prefix(text.count)), text) == 0
        case .endsWith: compare(.init(rebasing: bytes.suffix(text.count)), text) == 0
        case .contains: byteOffset(of: text, in: bytes) != nil
        }
    }
}

extension JSONToken.Kind {
    fileprivate var type: ValueTypes {
        switch self {
        case .beginObject, .endObject: .map
        case .beginArray, .endArray: .list
        case .key, .string: .string
        case .number: .number
        case .true, .false: .bool
        case .null: .null
        }
    }
}
