internal import Diagnostics
internal import PlanSyntax

/// The keys that the language names at one place.
struct KeySpace {
    /// What the keys belong to, as messages call it: `load`.
    var owner: String
    var known: [String]
    /// Keys of the language that this version of wsplan does not read yet.
    var later: [String] = []
}

/// The entries of a mapping whose keys the language names.
struct Fields {
    private(set) var entries: [PlanNode.Entry]
    var span: SourceSpan

    init(_ entries: [PlanNode.Entry], at span: SourceSpan) {
        self.entries = entries
        self.span = span
    }

    subscript(name: String) -> PlanNode? { entry(name)?.value }

    func entry(_ name: String) -> PlanNode.Entry? { entries.first { $0.key.text == name } }
}

extension NodeReader {
    /// Reads a mapping whose keys the language names, and reports the keys that it does not know; nil for anything but
    /// a mapping, which is reported.
    mutating func fields(_ node: PlanNode, of space: KeySpace, example: String) -> Fields? {
        guard let entries = node.mapping else {
            reportWrongType(node, of: "'\(space.owner)'", Wanted("a mapping", example))
            return nil
        }
        for entry in entries { checkKey(entry.key, in: space) }
        return Fields(entries, at: node.span)
    }

    /// Reports a key that may not stand in `space`.
    mutating func checkKey(_ key: LocatedText, in space: KeySpace) {
        let name = key.text
        if space.known.contains(name) || Self.isIgnored(name) { return }
        if space.later.contains(name) {
            reportNotSupportedYet(name, at: key.span)
            return
        }
        let near = suggestion(for: name, among: space.known + space.later)
        report(
            .unknownKey, .unknownKey(name, in: space.owner), at: key.span,
            help: near.map { "did you mean '\($0)'?" } ?? "known here: " + space.known.joined(separator: ", "))
    }

    /// Keys for other tools, and for anchors.
    static func isIgnored(_ key: String) -> Bool { key == "$schema" || key.hasPrefix("x-") }

    mutating func reportNotSupportedYet(_ name: String, at span: SourceSpan) {
        report(.notSupportedYet, .notSupportedYet(name), at: span)
    }

    mutating func reportMissing(_ key: String, of owner: String, at span: SourceSpan, example: String) {
        report(.missingKey, .missingKey(key, of: owner), at: span, help: "for example:\n\(example)")
    }
}

extension Diagnostic.Message {
    fileprivate static func unknownKey(_ name: String, in owner: String) -> Self {
        Self("unknown key '\(name)' in \(owner)")
    }

    fileprivate static func notSupportedYet(_ name: String) -> Self {
        Self("'\(name)' is not supported by this version of wsplan yet")
    }

    fileprivate static func missingKey(_ key: String, of owner: String) -> Self {
        Self("\(owner) needs '\(key)'")
    }
}
