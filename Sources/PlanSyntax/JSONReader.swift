import Diagnostics
import JSON

/// Reads a plan written in JSON (RFC 8259, strict) into the nodes that YAML would give.
struct JSONReader {
    private var scanner: JSONScanner
    private let bytes: UnsafeRawBufferPointer
    /// Bytes of the file before the scanner's first, a byte order mark.
    private let base: Int
    private var nodeCount = 0
    private var diagnostics: [Diagnostic] = []

    static func read(_ file: SourceFile) -> (node: PlanNode?, diagnostics: [Diagnostic]) {
        if let fault = TextFault.first(in: file.bytes, format: .json) {
            return (nil, [Diagnostic(.invalidEncoding, fault.message, at: file.characterSpan(at: fault.offset))])
        }
        return file.bytes.trimmingByteOrderMark.withUnsafeBytes { buffer in
            var reader = JSONReader(buffer, base: file.bytes.count - buffer.count)
            do throws(Stop) {
                let node = try reader.document()
                return (node, reader.diagnostics)
            } catch {
                switch error {
                case .malformed(let fault): reader.report(fault, in: file)
                case .reported: break
                }
                return (nil, reader.diagnostics)
            }
        }
    }

    private init(_ bytes: UnsafeRawBufferPointer, base: Int) {
        self.bytes = bytes
        self.base = base
        scanner = JSONScanner(bytes, loneSurrogates: .rejected)
    }

    /// Why reading ends before the document does.
    private enum Stop: Error {
        case malformed(JSONError)
        /// A diagnostic says it already.
        case reported
    }

    private mutating func document() throws(Stop) -> PlanNode {
        let node = try value(next(), depth: 0)
        do { _ = try scanner.next() } catch { throw .malformed(error) }
        return node
    }

    private mutating func next() throws(Stop) -> JSONToken {
        do {
            if let token = try scanner.next() { return token }
        } catch { throw .malformed(error) }
        preconditionFailure("the scanner ended within the document")
    }

    /// `depth` counts the containers around the value.
    private mutating func value(_ token: JSONToken, depth: Int) throws(Stop) -> PlanNode {
        nodeCount += 1
        guard diagnostics.count < PlanDocument.maximumDiagnosticCount else { throw .reported }
        guard nodeCount <= PlanDocument.maximumNodeCount else { throw stop(.tooManyNodes, at: span(token.range)) }
        switch token.kind {
        case .beginObject, .beginArray:
            guard depth < PlanDocument.maximumDepth else { throw stop(.tooDeep, at: span(token.range)) }
            let content: PlanNode.Content =
                token.kind == .beginObject
                ? .mapping(try members(depth: depth + 1)) : .sequence(try elements(depth: depth + 1))
            return PlanNode(content, at: span(token.range.lowerBound..<scanner.offset))
        case .string:
            return scalar(text(of: token), .string, style: .doubleQuoted)
        case .number:
            let kind: PlanNode.Scalar.Kind
            switch scanner.number(token) {
            case .int(let value): kind = .int(value)
            case .double(let value):
                if value.isInfinite {
                    diagnostics.append(Diagnostic(.malformedJSON, .numberOutOfRange, at: span(token.range)))
                }
                kind = .double(value)
            }
            return scalar(verbatim(token), kind, style: .plain)
        case .true: return scalar(verbatim(token), .bool(true), style: .plain)
        case .false: return scalar(verbatim(token), .bool(false), style: .plain)
        case .null: return scalar(verbatim(token), .null, style: .plain)
        case .key, .endObject, .endArray: preconditionFailure("\(token.kind) where a value was asked for")
        }
    }

    private mutating func elements(depth: Int) throws(Stop) -> [PlanNode] {
        var elements: [PlanNode] = []
        while true {
            let token = try next()
            if token.kind == .endArray { return elements }
            elements.append(try value(token, depth: depth))
        }
    }

    private mutating func members(depth: Int) throws(Stop) -> [PlanNode.Entry] {
        var entries: [PlanNode.Entry] = []
        var keys = UniqueKeys()
        while true {
            let token = try next()
            if token.kind == .endObject { return entries }
            let entry = PlanNode.Entry(key: text(of: token), value: try value(next(), depth: depth))
            if let diagnostic = keys.insert(entry.key) { diagnostics.append(diagnostic) }
            entries.append(entry)
        }
    }

    private func scalar(_ text: LocatedText, _ kind: PlanNode.Scalar.Kind, style: PlanNode.Scalar.Style) -> PlanNode {
        PlanNode(.scalar(.init(text, kind: kind, style: style)), at: text.span)
    }

    private func verbatim(_ token: JSONToken) -> LocatedText {
        LocatedText(
            String(decoding: UnsafeRawBufferPointer(rebasing: bytes[token.range]), as: UTF8.self), at: span(token.range)
        )
    }

    private func text(of token: JSONToken) -> LocatedText {
        var builder = LocatedTextBuilder()
        var pieces = scanner.pieces(of: token)
        while let piece = pieces.next() {
            switch piece {
            case .verbatim(let range): builder.append(Array(bytes[range])[...], at: base + range.lowerBound)
            case .escape(let scalar, let range):
                builder.append(
                    String(scalar).utf8, replacing: base + range.lowerBound..<base + range.upperBound)
            }
        }
        return builder.build(at: span(token.range))
    }

    private func span(_ range: Range<Int>) -> SourceSpan {
        SourceSpan(base + range.lowerBound..<base + range.upperBound)
    }

    // MARK: - Errors

    private mutating func stop(_ message: Diagnostic.Message, at span: SourceSpan) -> Stop {
        diagnostics.append(Diagnostic(.documentTooLarge, message, at: span))
        return .reported
    }

    private mutating func report(_ fault: JSONError, in file: SourceFile) {
        if fault.reason == .emptyDocument {
            diagnostics.append(.emptyDocument(at: base + fault.offset))
            return
        }
        let help: String? =
            switch fault.reason {
            case .trailingComma: "remove the comma"
            case .comment: "YAML has comments: a plan whose name ends in .yaml is read as YAML"
            case .singleQuotes: "write \" around text"
            case .malformedEscape: "write \\\\ for a backslash"
            case .controlCharacter(0x0A), .controlCharacter(0x0D):
                "close the string before the line ends, or write \\n for a line break"
            case .controlCharacter(0x09): "write \\t for a tab"
            default: nil
            }
        diagnostics.append(
            Diagnostic(
                .malformedJSON, Diagnostic.Message(fault.reason.description),
                at: file.characterSpan(at: base + fault.offset), help: help))
    }
}

extension Diagnostic.Message {
    fileprivate static var numberOutOfRange: Self { Self("the number is beyond what a double can hold") }
}
