import Diagnostics
import JSON

/// Reads a plan written in JSON (RFC 8259, strict) into the nodes that YAML would give.
///
/// Where a fault leaves no doubt about what was meant (a comma too many or too few, a comment, single quotes), it is
/// reported, and the document is read once more without it: see ``JSONRepair``.
struct JSONReader {
    private var scanner: JSONScanner
    private let source: Source
    private let buffer: UnsafeRawBufferPointer
    private var nodeCount = 0
    private var diagnostics: [Diagnostic] = []
    /// Set where the syntax breaks. From there on every list and mapping ends.
    private var fault: JSONError?
    /// Where the lists and mappings start that are open.
    private var openContainers: [Int] = []

    /// The text as it is read.
    private struct Source {
        let file: SourceFile
        /// Bytes of the file before the first that is read, a byte order mark.
        let base: Int
        var bytes: [UInt8]
        /// What does not hold what its author wrote.
        var unreadable: [Range<Int>] = []
        var bareKeys: Set<Range<Int>> = []
        var isComplete = true
        var repairCount = 0

        init(_ file: SourceFile, unreadable: [Range<Int>]) {
            self.file = file
            bytes = Array(file.bytes.trimmingByteOrderMark)
            let base = file.bytes.count - bytes.count
            self.base = base
            self.unreadable = unreadable.map { $0.lowerBound - base..<$0.upperBound - base }
            for range in self.unreadable { for offset in range { bytes[offset] = UInt8(ascii: "x") } }
        }

        /// A document is read anew after each repair; that may take so many bytes in all.
        private static let maximumRereading = PlanDocument.maximumFileSize

        /// Whether there is still time to read the document once more.
        var mayBeReadAgain: Bool {
            repairCount < PlanDocument.maximumDiagnosticCount
                && (repairCount + 1) * bytes.count <= Self.maximumRereading
        }

        mutating func apply(_ repair: JSONRepair, of fault: JSONError) {
            repairCount += 1
            bytes.replaceSubrange(repair.range, with: repair.replacement)
            if let range = repair.unreadable { unreadable.append(range) }
            if let key = repair.bareKey { bareKeys.insert(key) }
            if fault.reason == .trailingContent { isComplete = false }
        }
    }

    static func read(_ file: SourceFile) -> (node: PlanNode?, diagnostics: [Diagnostic]) {
        let faults = TextFaults(in: file, format: .json)
        guard faults.isReadable else { return (nil, faults.diagnostics) }
        var source = Source(file, unreadable: faults.unreadable)
        var repaired = faults.diagnostics
        while true {
            let (node, diagnostics, fault) = source.bytes.withUnsafeBytes { buffer in
                var reader = JSONReader(source, buffer)
                let node = reader.document()
                if let fault = reader.fault { reader.report(fault) }
                return (node, reader.diagnostics, reader.fault)
            }
            guard let fault else { return (node, repaired + diagnostics) }
            guard let repair = JSONRepair(of: fault, in: source.bytes), let told = diagnostics.last else {
                return (node?.beforeFault, repaired + diagnostics)
            }
            guard source.mayBeReadAgain else {
                return (node?.beforeFault, repaired + diagnostics + [.tooManyProblems(before: Int(told.span.end))])
            }
            source.apply(repair, of: fault)
            repaired.append(told)
        }
    }

    private init(_ source: Source, _ buffer: UnsafeRawBufferPointer) {
        self.source = source
        self.buffer = buffer
        scanner = JSONScanner(buffer, loneSurrogates: .rejected)
    }

    /// The document is beyond a limit: there is no node. A diagnostic says so.
    private struct BeyondLimit: Error {}

    private mutating func document() -> PlanNode? {
        guard let token = next() else { return nil }
        do throws(BeyondLimit) {
            var node = try value(token, depth: 0)
            _ = next()
            if !source.isComplete { node.isComplete = false }
            return node
        } catch {
            return nil
        }
    }

    /// The next token; nil behind the document, and where its syntax breaks.
    private mutating func next() -> JSONToken? {
        guard fault == nil else { return nil }
        do { return try scanner.next() } catch {
            fault = error
            return nil
        }
    }

    /// `depth` counts the containers around the value.
    private mutating func value(_ token: JSONToken, depth: Int) throws(BeyondLimit) -> PlanNode {
        nodeCount += 1
        guard diagnostics.count < PlanDocument.maximumDiagnosticCount else {
            diagnostics.append(.tooManyProblems(before: source.base + token.range.lowerBound))
            throw BeyondLimit()
        }
        guard nodeCount <= PlanDocument.maximumNodeCount else { throw beyond(.tooManyNodes, at: span(token.range)) }
        if isUnreadable(token) { return PlanNode(.unreadable, at: span(token.range)) }
        switch token.kind {
        case .beginObject, .beginArray:
            guard depth < PlanDocument.maximumDepth else { throw beyond(.tooDeep, at: span(token.range)) }
            openContainers.append(token.range.lowerBound)
            var node =
                token.kind == .beginObject ? try members(depth: depth + 1) : try elements(depth: depth + 1)
            if fault == nil { openContainers.removeLast() }
            node.span = span(token.range.lowerBound..<scanner.offset)
            return node
        case .string:
            return scalar(text(of: token), .string, style: .doubleQuoted)
        case .number:
            let kind: PlanNode.Scalar.Kind
            switch scanner.number(token) {
            case .int(let value): kind = .int(value)
            case .double(let value):
                if value.isInfinite {
                    diagnostics.append(Diagnostic(.malformedJSON, .numberOutOfRange, at: span(token.range)))
                    return PlanNode(.unreadable, at: span(token.range))
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

    private mutating func elements(depth: Int) throws(BeyondLimit) -> PlanNode {
        var elements: [PlanNode] = []
        while let token = next(), token.kind != .endArray { elements.append(try value(token, depth: depth)) }
        return PlanNode(.sequence(elements), at: span(0..<0))
    }

    private mutating func members(depth: Int) throws(BeyondLimit) -> PlanNode {
        var entries: [PlanNode.Entry] = []
        var keys = UniqueKeys()
        var isComplete = true
        while let token = next(), token.kind != .endObject, let valueToken = next() {
            let value = try value(valueToken, depth: depth)
            if isUnreadable(token) {
                isComplete = false
                continue
            }
            let entry = PlanNode.Entry(key: key(of: token), value: value)
            if let diagnostic = keys.insert(entry.key) { diagnostics.append(diagnostic) }
            entries.append(entry)
        }
        return PlanNode(.mapping(entries), at: span(0..<0), isComplete: isComplete)
    }

    private func isUnreadable(_ token: JSONToken) -> Bool {
        !source.unreadable.isEmpty && source.unreadable.contains { $0.overlaps(token.range) }
    }

    private func key(of token: JSONToken) -> LocatedText {
        guard source.bareKeys.contains(token.range) else { return text(of: token) }
        let place = span(token.range)
        return LocatedText(source.file.text(of: place), at: place)
    }

    private func scalar(_ text: LocatedText, _ kind: PlanNode.Scalar.Kind, style: PlanNode.Scalar.Style) -> PlanNode {
        PlanNode(.scalar(.init(text, kind: kind, style: style)), at: text.span)
    }

    private func verbatim(_ token: JSONToken) -> LocatedText {
        LocatedText(
            String(decoding: UnsafeRawBufferPointer(rebasing: buffer[token.range]), as: UTF8.self),
            at: span(token.range)
        )
    }

    private func text(of token: JSONToken) -> LocatedText {
        var builder = LocatedTextBuilder()
        var pieces = scanner.pieces(of: token)
        while let piece = pieces.next() {
            switch piece {
            case .verbatim(let range): builder.append(Array(buffer[range])[...], at: source.base + range.lowerBound)
            case .escape(let scalar, let range):
                builder.append(
                    String(scalar).utf8, replacing: source.base + range.lowerBound..<source.base + range.upperBound)
            }
        }
        return builder.build(at: span(token.range))
    }

    private func span(_ range: Range<Int>) -> SourceSpan {
        SourceSpan(source.base + range.lowerBound..<source.base + range.upperBound)
    }

    // MARK: - Errors

    private mutating func beyond(_ message: Diagnostic.Message, at span: SourceSpan) -> BeyondLimit {
        diagnostics.append(Diagnostic(.documentTooLarge, message, at: span))
        return BeyondLimit()
    }

    private mutating func report(_ fault: JSONError) {
        // Bytes that are no text are reported already.
        if source.unreadable.contains(where: { $0.contains(fault.offset) }) { return }
        diagnostics.append(
            fault.reason == .emptyDocument
                ? .emptyDocument(at: source.base + fault.offset)
                : JSONFault(fault, in: source.bytes, openContainer: openContainers.last).diagnostic(
                    of: source.file, source.base))
    }
}

extension Diagnostic.Message {
    fileprivate static var numberOutOfRange: Self { Self("the number is beyond what a double can hold") }
}
