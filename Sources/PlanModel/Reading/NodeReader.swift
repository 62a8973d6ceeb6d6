import Diagnostics
import Expressions
import PlanSyntax

/// The state of one reading. Each function of its extensions reads one kind of node; where that fails it reports why and
/// gives something harmless of the same kind, so that nothing else has to be reported because of it.
struct NodeReader {
    let file: SourceFile
    /// What the environment of the process says.
    let processEnvironment: [String: String]
    var findings: [Diagnostic] = []
    var missingEnvironment: [Diagnostic] = []
    /// How many values are not known for a reason that is no finding, or has been told.
    var unknownCount = 0
    /// Whether nothing had to be left out.
    var isComplete = true
    /// Of what names may be declared in what had to be left out.
    var lacking: Namespaces = []
    /// Names that the plan gives to variables, and that expressions cannot use.
    var unusableNames: Set<String> = []
    /// The words in what had to be left out.
    var unreadNames: Set<String> = []
    /// What the plan declares in `env`.
    var environment: [EnvironmentVariable] = []
    /// What the plan declares in `metrics`.
    var metrics: [MetricDeclaration] = []
    /// The names of those that are times.
    var timeMetrics: Set<String> = []

    init(file: SourceFile, environment: [String: String]) {
        self.file = file
        processEnvironment = environment
    }

    mutating func report(
        _ code: DiagnosticCode, _ message: Diagnostic.Message, at span: SourceSpan, help: String? = nil,
        notes: [Diagnostic.Note] = []
    ) {
        findings.append(Diagnostic(code, message, at: span, help: help, notes: notes))
    }
}

extension NodeReader {
    /// Passes over a part of the document of which nobody knows what it means: whatever is named in it may be declared.
    mutating func leaveOut(_ node: PlanNode) {
        isComplete = false
        switch node.content {
        case .scalar(let scalar): unreadNames.insert(scalar.text.text)
        case .sequence(let elements): for element in elements { leaveOut(element) }
        case .mapping(let entries):
            for entry in entries {
                unreadNames.insert(entry.key.text)
                leaveOut(entry.value)
            }
        case .unreadable: lacking = .all
        }
    }

    /// The findings, but for expressions that use a name that cannot be used: that is said where it is declared.
    var findingsWithoutConsequences: [Diagnostic] {
        guard !unusableNames.isEmpty else { return findings }
        return findings.filter { $0.code != .malformedExpression || !standsInUnusableName($0.span) }
    }

    /// Names that are longer are not looked for.
    private static let maximumNameLength = 64

    /// Whether a place is, or lies within, a name that cannot be used: `-` in `my-room`, which is no part of a longer word.
    private func standsInUnusableName(_ span: SourceSpan) -> Bool {
        let place = span.range.clamped(to: file.bytes.indices)
        let isWord = { (offset: Int) in
            guard file.bytes.indices.contains(offset) else { return false }
            return Scope.isIdentifier("_" + String(decoding: [file.bytes[offset]], as: UTF8.self))
        }
        let starts = (max(0, place.lowerBound - Self.maximumNameLength)...place.lowerBound).filter { !isWord($0 - 1) }
        let limit = min(file.bytes.count, place.upperBound + Self.maximumNameLength)
        let ends = (place.upperBound...limit).filter { !isWord($0) }
        return starts.contains { start in
            ends.contains { start < $0 && unusableNames.contains(file.text(of: SourceSpan(start..<$0))) }
        }
    }
}

/// What a place of the plan needs: in words that continue `has to be`, and as the author might write it.
struct Wanted {
    var words: String
    var example: String

    init(_ words: String, _ example: String) {
        self.words = words
        self.example = example
    }
}

extension NodeReader {
    /// Reports a value of another kind than the one that is needed. About what is unreadable all has been said, and what
    /// is not complete may have been meant as something else.
    mutating func reportWrongType(_ node: PlanNode, of name: String, _ wanted: Wanted) {
        guard !node.isUnreadable, node.isComplete else {
            unknownCount += 1
            return
        }
        report(
            .wrongType, .wrongType(of: name, wanted: wanted.words, found: found(node)), at: node.span,
            help: "for example:\n\(wanted.example)")
    }

    /// What stands there: of a number which one, since it may be a number that is wanted.
    private func found(_ node: PlanNode) -> String {
        switch node.scalar?.kind {
        case .int, .double: "\(node.scalar?.text.text ?? "")"
        default: node.kindInWords
        }
    }

    /// Reads a mapping whose keys the author names; anything else is reported, and empty.
    mutating func entries(_ node: PlanNode, of name: String, _ wanted: Wanted) -> [PlanNode.Entry] {
        if !node.isComplete { isComplete = false }
        if let entries = node.mapping { return entries }
        if !reportMissingSpace(behindKeyIn: node) { reportWrongType(node, of: name, wanted) }
        isComplete = false
        return []
    }
}

extension NodeReader {
    /// Reads a mapping in which the author declares names. Where it cannot be read, unknown names are nobody's fault.
    mutating func declarations(
        _ node: PlanNode, of name: String, _ wanted: Wanted, in namespaces: Namespaces
    ) -> [PlanNode.Entry] {
        if node.mapping == nil || !node.isComplete { lacking.formUnion(namespaces) }
        return entries(node, of: name, wanted)
    }
}

extension Diagnostic.Message {
    fileprivate static func wrongType(of name: String, wanted: String, found: String) -> Self {
        Self("\(name) has to be \(wanted), not \(found)")
    }
}
