import Diagnostics

/// Builds the nodes of one YAML document from libyaml's events.
///
/// What cannot be read is reported, and an unreadable node stands in its place: of a block the bad value alone, within
/// brackets the outermost list or mapping in brackets, since it is open where the parts of those end.
struct YAMLReader {
    let file: SourceFile
    private let events: YAMLEvents
    private let scalars: YAMLScalarSource
    private let layout: YAMLLayout
    private let unreadable: [Range<Int>]
    private var anchors = AnchorTable()
    private var nodeCount = 0
    private(set) var diagnostics: [Diagnostic] = []
    /// Whether something was found in the outermost `{…}` or `[…]` that leaves open what they hold.
    private var isFlowBroken = false
    /// The last value that ended within `{…}` or `[…]`.
    private var lastFlowValue: Range<Int>?
    /// How many of them are open.
    private var flowDepth = 0
    /// Set where libyaml gave up. From there on every list and mapping ends.
    private var fault: YAMLFault?

    static func read(_ file: SourceFile) -> (node: PlanNode?, diagnostics: [Diagnostic]) {
        let faults = TextFaults(in: file, format: .yaml)
        guard faults.isReadable else { return (nil, faults.diagnostics) }
        var unreadable = faults.unreadable
        var found = faults.diagnostics
        while true {
            var reader = YAMLReader(file, unreadable: unreadable)
            do throws(Stop) {
                let node = try reader.document()
                return (node, found + reader.diagnostics)
            } catch {
                guard case .unquoted(let diagnostic, let range) = error else {
                    return (nil, found + reader.diagnostics)
                }
                found.append(diagnostic)
                unreadable.append(range)
            }
        }
    }

    /// How many bytes may be read again for the sake of texts that need quotes: a document is read anew behind each.
    private static let maximumRereading = PlanDocument.maximumFileSize

    /// - Parameter unreadable: texts that need quotes, and bytes that are none: read as if plain words stood there.
    private init(_ file: SourceFile, unreadable: [Range<Int>]) {
        self.file = file
        self.unreadable = unreadable
        var bytes = file.bytes
        for range in unreadable { for offset in range { bytes[offset] = UInt8(ascii: "x") } }
        let content = bytes.trimmingByteOrderMark
        events = YAMLEvents(content, base: content.startIndex)
        scalars = YAMLScalarSource(bytes)
        layout = YAMLLayout(file, read: bytes)
    }

    /// Why reading ends before the document does.
    private enum Stop: Error {
        /// The document is beyond a limit. A diagnostic says so.
        case beyondLimit
        /// A text that needs quotes has been found, and what follows it can be read if it is taken out.
        case unquoted(Diagnostic, Range<Int>)
    }

    private var mayBeReadAgain: Bool {
        (unreadable.count + 1) * file.bytes.count <= Self.maximumRereading
            && unreadable.count < PlanDocument.maximumDiagnosticCount
    }

    /// Goes on behind text that needs quotes, if its end is known.
    private func readBehind(_ text: UnquotedText) throws(Stop) {
        guard mayBeReadAgain, let range = text.range, !range.isEmpty,
            !unreadable.contains(where: { $0.overlaps(range) })
        else { return }
        throw .unquoted(text.diagnostic, range)
    }

    /// A node and what an alias to it adds to the document.
    private struct Built {
        var node: PlanNode
        /// Nodes in it, itself included.
        var count = 1
        /// Lists and mappings within each other, itself included.
        var height = 0
    }

    /// The next event; nil from where libyaml gave up on.
    private mutating func next() -> YAMLEvent? {
        guard fault == nil else { return nil }
        do { return try events.next() } catch {
            fault = error
            return nil
        }
    }

    private mutating func document() throws(Stop) -> PlanNode? {
        var root: PlanNode?
        while let event = next() {
            switch event.content {
            case .streamEnd:
                if let root, !(root.isNull && root.span.range.isEmpty) { return root }
                diagnostics.append(.emptyDocument(at: 0))
                return nil
            case .documentStart where root != nil:
                diagnostics.append(
                    Diagnostic(
                        .severalDocuments, .severalDocuments, at: layout.lineSpan(at: event.range.lowerBound),
                        help: "keep one of them here and move the others into files of their own"))
                return root
            case .streamStart, .documentStart, .documentEnd: continue
            default: root = try node(event, depth: 0, isInFlow: false).node
            }
        }
        if let fault { try report(fault) }
        return root?.beforeFault
    }

    /// The node that starts with `event`. `depth` counts the lists and mappings around it.
    private mutating func node(_ event: YAMLEvent, depth: Int, isInFlow: Bool) throws(Stop) -> Built {
        guard diagnostics.count < PlanDocument.maximumDiagnosticCount else {
            diagnostics.append(.tooManyProblems(before: event.range.lowerBound))
            throw .beyondLimit
        }
        if case .alias(let name) = event.content { return try alias(name, event, depth: depth, isInFlow: isInFlow) }
        nodeCount += 1
        let properties = layout.properties(from: event)
        let start = properties.contentStart
        guard nodeCount <= PlanDocument.maximumNodeCount else {
            throw stop(.tooManyNodes, at: file.characterSpan(at: start))
        }
        if let tag = properties.tag { reportTag(tag, isInFlow: isInFlow) }
        if let anchor = event.anchor { anchors.open(anchor) }
        var built: Built
        switch event.content {
        case .sequenceStart(let isFlow):
            guard depth < PlanDocument.maximumDepth else { throw stop(.tooDeep, at: file.characterSpan(at: start)) }
            if isFlow { flowDepth += 1 }
            built = try sequence(from: start, depth: depth + 1, isFlow: isFlow)
        case .mappingStart(let isFlow):
            guard depth < PlanDocument.maximumDepth else { throw stop(.tooDeep, at: file.characterSpan(at: start)) }
            if isFlow { flowDepth += 1 }
            built = try mapping(from: start, depth: depth + 1, isFlow: isFlow)
        case .scalar(let text, let style):
            let range = start..<max(start, event.range.upperBound)
            built = Built(node: try scalar(text, style, in: range, isInFlow: isInFlow))
        default: preconditionFailure("\(event.content) where a node was asked for")
        }
        let isOutermostFlow = built.node.isFlow && !isInFlow
        // A tag changes nothing about the block below it; before a scalar or a bracket it may be the start of text.
        let isTagged = properties.tag != nil && (built.node.scalar != nil || built.node.isFlow)
        if isOutermostFlow && isFlowBroken || isTagged { built.node.content = .unreadable }
        if properties.tag != nil { built.node.isComplete = false }
        if isOutermostFlow { isFlowBroken = false }
        if isInFlow { lastFlowValue = built.node.span.range }
        if let anchor = event.anchor {
            anchors.define(anchor, built.node, count: built.count, height: built.height)
        }
        return built
    }

    private mutating func sequence(from start: Int, depth: Int, isFlow: Bool) throws(Stop) -> Built {
        var elements: [PlanNode] = []
        var count = 1
        var height = 0
        var end = start
        while let event = next() {
            if case .sequenceEnd = event.content {
                if isFlow {
                    end = event.range.upperBound
                    flowDepth -= 1
                }
                break
            }
            let element = try self.node(event, depth: depth, isInFlow: isFlow)
            elements.append(element.node)
            end = max(end, Int(element.node.span.end))
            count += element.count
            height = max(height, element.height)
        }
        let node = PlanNode(.sequence(elements), at: SourceSpan(start..<end), isFlow: isFlow)
        return Built(node: node, count: count, height: height + 1)
    }

    private mutating func mapping(from start: Int, depth: Int, isFlow: Bool) throws(Stop) -> Built {
        var entries = MergingEntries()
        var hasAllKeys = true
        var count = 1
        var height = 0
        var end = start
        while let event = next() {
            if case .mappingEnd = event.content {
                if isFlow {
                    end = event.range.upperBound
                    flowDepth -= 1
                }
                break
            }
            let key = try self.key(event, depth: depth, isFlow: isFlow)
            guard let valueEvent = next() else { break }
            let value = try self.node(valueEvent, depth: depth, isInFlow: isFlow)
            end = max(end, Int(value.node.span.end))
            count += value.count + 1
            height = max(height, value.height)
            // Text that needs quotes because of its ': ' may hold a key.
            if key == nil || value.node.isUnreadable && file.text(of: value.node.span).contains(": ") {
                hasAllKeys = false
            }
            guard let key else { continue }
            let isMerge = key.isPlain && key.text.text == "<<"
            let diagnostic =
                isMerge
                ? entries.merge(value.node, key: key.text)
                : entries.append(entry(key, value.node, isFlow: isFlow))
            if let diagnostic { diagnostics.append(diagnostic) }
        }
        var node = PlanNode(
            .mapping(entries.merged()), at: SourceSpan(start..<end), isFlow: isFlow,
            isComplete: hasAllKeys && entries.isComplete)
        if !isFlow { mendDashes(&node) }
        return Built(node: node, count: count, height: height + 1)
    }

    /// An entry as it stands there; `{vus:1}`, which to YAML is a key without a value, as it was meant.
    private mutating func entry(_ key: PlanNode.Scalar, _ value: PlanNode, isFlow: Bool) -> PlanNode.Entry {
        guard isFlow, key.isPlain, value.isNull, value.span.range.isEmpty,
            let found = MissingSpace(behindKeyIn: key.text.text)
        else { return PlanNode.Entry(key: key.text, value: value) }
        diagnostics.append(found.diagnostic(at: Int(key.text.span.start)))
        return PlanNode.Entry(
            key: key.text.slice(0..<found.wordLength), value: PlanNode(.unreadable, at: value.span, isFlow: true))
    }

    /// Takes keys that begin with dashes for the lists that are meant.
    private mutating func mendDashes(_ node: inout PlanNode) {
        guard let (content, keys) = node.withListsAtDashes(where: layout.lacksSpace(behindDashOf:)) else { return }
        let places = Set(keys.map(\.span))
        diagnostics.removeAll { $0.code == .duplicateKey && places.contains($0.span) }
        diagnostics += keys.prefix(PlanDocument.maximumDiagnosticCount).compactMap(layout.missingSpace(behindDashOf:))
        node.content = content
    }

    /// The key that starts with `event`, or nil (and a diagnostic) for what is no text.
    private mutating func key(_ event: YAMLEvent, depth: Int, isFlow: Bool) throws(Stop) -> PlanNode.Scalar? {
        let built = try node(event, depth: depth, isInFlow: isFlow)
        let message: Diagnostic.Message
        switch built.node.content {
        case .scalar(let scalar) where scalar.kind != .null: return scalar
        case .scalar: message = .nullKey
        case .sequence, .mapping: message = .collectionKey(built.node.kindInWords)
        case .unreadable: return nil
        }
        let range = built.node.span.range
        let isDoubleBrace = isFlow && range.lowerBound > 0 && file.bytes[range.lowerBound - 1] == UInt8(ascii: "{")
        diagnostics.append(
            Diagnostic(
                .unusableKey, message, at: built.node.span,
                help: isDoubleBrace
                    ? "an expression is interpolated with ${…}; text that starts with '{' needs quotes" : nil))
        if isFlow { isFlowBroken = true }
        return nil
    }

    private mutating func scalar(
        _ text: [UInt8], _ style: PlanNode.Scalar.Style, in range: Range<Int>, isInFlow: Bool
    ) throws(Stop) -> PlanNode {
        let isBlock = style == .literal || style == .folded
        let span = SourceSpan(isBlock ? layout.withoutTrailingBreaks(range) : range)
        if unreadable.contains(where: { $0.overlaps(range) }) {
            return PlanNode(.unreadable, at: span, isFlow: isInFlow)
        }
        if style == .plain, let cut = layout.cutText(range, isInFlow: isInFlow) {
            try readBehind(cut)
            diagnostics.append(cut.diagnostic)
            if isInFlow { isFlowBroken = true }
            return PlanNode(.unreadable, at: span, isFlow: isInFlow)
        }
        let located = scalars.locate(text, style: style, in: range, span: span)
        let kind = style == .plain ? CoreSchema.kind(ofPlain: located.text) : .string
        let comment = isBlock ? nil : layout.comment(after: range.upperBound)
        let scalar = PlanNode.Scalar(located, kind: kind, style: style, trailingComment: comment)
        return PlanNode(.scalar(scalar), at: span, isFlow: isInFlow)
    }

    // MARK: - Aliases

    private mutating func alias(
        _ name: String, _ event: YAMLEvent, depth: Int, isInFlow: Bool
    ) throws(Stop) -> Built {
        let span = SourceSpan(event.range)
        let message: Diagnostic.Message
        var help: String?
        switch anchors[name] {
        case .defined(let node, let count, let height):
            nodeCount += count
            guard nodeCount <= PlanDocument.maximumNodeCount else { throw stop(.tooManyNodes, at: span) }
            guard depth + height <= PlanDocument.maximumDepth else { throw stop(.tooDeep, at: span) }
            return Built(node: node, count: count, height: height)
        case .open:
            message = .recursiveAlias(name)
        case nil:
            message = .unknownAlias(name)
            help =
                suggestion(for: name, among: anchors.names).map { "did you mean '*\($0)'?" }
                ?? layout.help(forAlias: name, at: event.range, isInFlow: isInFlow)
        }
        diagnostics.append(Diagnostic(.unusableAlias, message, at: span, help: help))
        return Built(node: PlanNode(.unreadable, at: span, isFlow: isInFlow))
    }

    // MARK: - Errors

    private mutating func reportTag(_ range: Range<Int>, isInFlow: Bool) {
        let tag = String(decoding: file.bytes[range], as: UTF8.self)
        let isYAMLs = tag.hasPrefix("!!") || tag.hasPrefix("!<")
        let help =
            isYAMLs
            ? "leave it out; a value in quotes is text"
            : layout.quoteIfText(at: range.lowerBound, isInFlow: isInFlow)
        diagnostics.append(Diagnostic(.explicitTag, .explicitTag(tag), at: SourceSpan(range), help: help))
    }

    private mutating func stop(_ message: Diagnostic.Message, at span: SourceSpan) -> Stop {
        diagnostics.append(Diagnostic(.documentTooLarge, message, at: span))
        return .beyondLimit
    }

    /// Says where libyaml gave up, unless that is only the rest of text that was found to need quotes on the same line, or
    /// on the line above: that may have held the key of this one.
    private mutating func report(_ fault: YAMLFault) throws(Stop) {
        let text = layout.unquotedText(for: fault, behind: lastFlowValue, isInFlow: flowDepth > 0)
        if let text { try readBehind(text) }
        let line = file.position(at: UInt32(fault.offset)).line
        let explained =
            unreadable.map { UInt32($0.lowerBound) }
            + diagnostics.filter { [.needsQuotes, .explicitTag, .missingSpace].contains($0.code) }.map(\.span.start)
        let told = text?.diagnostic ?? layout.diagnostic(for: fault)
        let isExplained = explained.contains { (line - 1...line).contains(file.position(at: $0).line) }
        if !isExplained || told.code == .missingSpace { diagnostics.append(told) }
        if let range = text?.range, !mayBeReadAgain { diagnostics.append(.tooManyProblems(before: range.upperBound)) }
    }
}

extension Diagnostic.Message {
    fileprivate static var severalDocuments: Self { Self("a second YAML document starts here; a plan is one document") }
    fileprivate static var nullKey: Self { Self("a key cannot be empty or null; quote it if it is meant as text") }

    fileprivate static func collectionKey(_ kind: String) -> Self { Self("a key is text; here it is \(kind)") }

    fileprivate static func recursiveAlias(_ name: String) -> Self {
        Self("the alias '*\(abbreviated(name))' stands within its own anchor, so that it would never end")
    }

    fileprivate static func unknownAlias(_ name: String) -> Self {
        let name = abbreviated(name)
        return Self("'*\(name)' is read as a YAML alias, and no anchor '&\(name)' stands before it")
    }

    fileprivate static func explicitTag(_ tag: String) -> Self {
        Self("'\(abbreviated(tag))' is read as a YAML tag; a plan has none")
    }
}
