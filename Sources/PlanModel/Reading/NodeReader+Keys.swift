import Diagnostics
import PlanSyntax

/// The keys that the language names at one place.
struct KeySpace {
    /// What the keys belong to, as messages call it: `load`.
    var owner: String
    var known: [String]
    /// Keys of the language that this version of wsplan does not read yet.
    var later: [String] = []
    /// Keys that do not belong into the mapping but beside it.
    var beside: [String] = []
}

/// The entries of a mapping whose keys the language names.
struct Fields {
    private(set) var entries: [PlanNode.Entry]
    var span: SourceSpan
    /// Whether no entry may be missing.
    let isComplete: Bool
    /// The entries with misspelt keys, under the keys that are probably meant.
    private var misspelt: [String: PlanNode.Entry] = [:]

    init(_ entries: [PlanNode.Entry], at span: SourceSpan, isComplete: Bool) {
        self.entries = entries
        self.span = span
        self.isComplete = isComplete
    }

    subscript(name: String) -> PlanNode? { entry(name)?.value }

    /// The entry of a key, or one whose key is a misspelt form of it: what is wrong with its value is to be said as well,
    /// and what it declares is there.
    func entry(_ name: String) -> PlanNode.Entry? { entries.first { $0.key.text == name } ?? misspelt[name] }

    /// Every entry of a key that stands there more than once, which is reported; or the one whose key is misspelt.
    func all(_ name: String) -> [PlanNode.Entry] {
        entries.filter { $0.key.text == name } + [misspelt[name]].compactMap(\.self)
    }

    /// Takes an entry for that of the key `name`. False where that is there already.
    mutating func adopt(_ entry: PlanNode.Entry, as name: String) -> Bool {
        guard self.entry(name) == nil else { return false }
        misspelt[name] = entry
        return true
    }
}

extension NodeReader {
    /// Reads a mapping whose keys the language names, and reports the keys that it does not know; nil for anything but
    /// a mapping, which is reported.
    mutating func fields(_ node: PlanNode, of space: KeySpace, example: String) -> Fields? {
        guard let entries = node.mapping else {
            reportWrongType(node, of: space.owner, Wanted("a mapping", example))
            isComplete = false
            return nil
        }
        if !node.isComplete { isComplete = false }
        var fields = Fields(entries, at: node.span, isComplete: node.isComplete)
        checkKeys(of: &fields, in: space)
        return fields
    }

    /// Reports the keys that may not stand in `space`.
    mutating func checkKeys(of fields: inout Fields, in space: KeySpace) {
        for entry in fields.entries {
            if let meant = checkKey(entry.key, in: space), fields.adopt(entry, as: meant) { continue }
            if !space.known.contains(entry.key.text), !Self.isIgnored(entry.key.text) { leaveOut(entry.value) }
        }
    }

    /// Reports a key that may not stand in `space`. Gives the key that was probably meant.
    mutating func checkKey(_ key: LocatedText, in space: KeySpace) -> String? {
        let name = key.text
        if space.known.contains(name) || Self.isIgnored(name) { return nil }
        if space.later.contains(name) {
            reportNotSupportedYet(name, at: key.span)
            return nil
        }
        if space.beside.contains(name) {
            report(
                .misplacedOption, .standsBeside(name, space.owner), at: key.span,
                help: "it has the indentation of \(space.owner)")
            return nil
        }
        let near = suggestion(for: name, among: space.known + space.later)
        report(
            .unknownKey, .unknownKey(name, in: space.owner), at: key.span,
            help: near.map { "did you mean '\($0)'?" }
                ?? (space.known.isEmpty ? nil : "known here: " + space.known.joined(separator: ", ")))
        return near.flatMap { space.known.contains($0) ? $0 : nil }
    }

    /// Keys for other tools, and for anchors.
    static func isIgnored(_ key: String) -> Bool { key == "$schema" || key.hasPrefix("x-") }

    mutating func reportNotSupportedYet(
        _ name: String, at span: SourceSpan, help: String = "leave it out: a later version of wsplan has it"
    ) {
        report(.notSupportedYet, .notSupportedYet(name), at: span, help: help)
    }

    /// Reports that a key is not there, unless it may stand in what cannot be read.
    mutating func reportMissing(
        _ key: String, of owner: String, _ fields: Fields, at span: SourceSpan? = nil, example: String
    ) {
        guard fields.isComplete else { return }
        report(.missingKey, .missingKey(key, of: owner), at: span ?? fields.span, help: "for example:\n\(example)")
    }
}

extension Diagnostic.Message {
    fileprivate static func unknownKey(_ name: String, in owner: String) -> Self {
        Self("unknown key '\(name)' in \(owner)")
    }

    fileprivate static func standsBeside(_ name: String, _ owner: String) -> Self {
        Self("'\(name)' stands beside \(owner), not in it")
    }

    fileprivate static func notSupportedYet(_ name: String) -> Self {
        Self("'\(name)' is not supported by this version of wsplan yet")
    }

    fileprivate static func missingKey(_ key: String, of owner: String) -> Self {
        Self("\(owner) needs '\(key)'")
    }
}
