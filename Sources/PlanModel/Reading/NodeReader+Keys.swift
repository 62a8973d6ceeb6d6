import Diagnostics
import PlanSyntax

extension NodeReader {
    /// Reads a mapping whose keys the language names, and reports the keys that it does not know; nil for anything but
    /// a mapping, which is reported.
    mutating func fields(_ node: PlanNode, of space: KeySpace, example: String) -> Fields? {
        guard let entries = node.mapping else {
            if !reportMissingSpace(behindKeyIn: node) {
                reportWrongType(node, of: space.owner, Wanted("a mapping", example))
            }
            isComplete = false
            return nil
        }
        if !node.isComplete { isComplete = false }
        var fields = Fields(entries, at: node.span, isComplete: node.isComplete)
        checkKeys(of: &fields, in: space, example: example)
        return fields
    }

    /// Reports the keys that may not stand in `space`.
    mutating func checkKeys(of fields: inout Fields, in space: KeySpace, example: String) {
        var unknown: [PlanNode.Entry] = []
        for entry in fields.entries {
            switch checkKey(entry.key, in: space) {
            case .fits: break
            case .misspelt(let meant): if !fields.adopt(entry, as: meant) { leaveOut(entry.value) }
            case .refused: leaveOut(entry.value)
            case .unknown: unknown.append(entry)
            }
        }
        for entry in unknown { refuse(entry, from: &fields, space, example: example) }
    }

    /// What a key is at its place.
    enum KeyJudgement {
        /// It may stand there.
        case fits
        /// It may not, which is reported.
        case refused
        /// It may not, which is reported, and probably means another one.
        case misspelt(String)
        /// It may not, and that is yet to be said.
        case unknown
    }

    /// Judges a key by its name alone.
    mutating func checkKey(_ key: LocatedText, in space: KeySpace) -> KeyJudgement {
        let name = key.text
        if space.known.contains(name) || Self.isIgnored(name) { return .fits }
        if space.beside.contains(name) {
            reportStandsBeside(key, space.owner)
            return .refused
        }
        if space.ofPlan.contains(name) {
            reportBelongsToPlan(key)
            return .refused
        }
        guard let near = space.foreign[name] ?? suggestion(for: name, among: space.known) else {
            return .unknown
        }
        report(.unknownKey, .unknownKey(name, in: space.owner), at: key.span, help: "did you mean '\(near)'?")
        return space.known.contains(near) ? .misspelt(near) : .refused
    }

    /// Reports a key that nobody knows. Where one is missing whose value it may have, that is said in the same breath.
    mutating func refuse(
        _ entry: PlanNode.Entry, from fields: inout Fields, _ space: KeySpace, example: String
    ) {
        let missing = space.needed.filter { fields.lacks($0.name) }
        let place = missing.first { $0.canTake(entry.value) } ?? missing.first { $0.mayTake(entry.value) }
        guard let place else {
            reportUnknownKey(entry.key, in: space)
            leaveOut(entry.value)
            return
        }
        report(
            .unknownKey, .unknownKey(entry.key.text, in: space.owner), at: entry.key.span,
            help: "\(space.owner) needs '\(place.name)', for example:\n\(example)")
        take(entry, for: place, in: &fields)
    }

    mutating func reportUnknownKey(_ key: LocatedText, in space: KeySpace) {
        report(
            .unknownKey, .unknownKey(key.text, in: space.owner), at: key.span,
            help: space.known.isEmpty ? nil : "known here: " + space.known.joined(separator: ", "))
    }

    /// Reads an entry on as that of a missing key, as far as its value makes sense there.
    mutating func take(_ entry: PlanNode.Entry, for key: NeededKey, in fields: inout Fields) {
        if key.canTake(entry.value), fields.adopt(entry, as: key.name) { return }
        fields.excuse(key.name)
        leaveOut(entry.value)
    }

    mutating func reportStandsBeside(_ key: LocatedText, _ owner: String) {
        report(
            .misplacedOption, .standsBeside(key.text, owner), at: key.span, help: "give it the indentation of \(owner)")
    }

    mutating func reportBelongsToPlan(_ key: LocatedText) {
        report(
            .misplacedOption, .belongsToPlan(key.text), at: key.span,
            help: "write it at the top level, without indentation")
    }

    /// Keys for other tools, and for anchors.
    static func isIgnored(_ key: String) -> Bool { key == "$schema" || key.hasPrefix("x-") }

    /// Reports that a key is not there, unless it may stand in what cannot be read.
    mutating func reportMissing(
        _ key: String, of owner: String, _ fields: Fields, at span: SourceSpan? = nil, example: String
    ) {
        reportMissing(anyOf: [key], of: owner, fields, at: span, example: example)
    }

    /// The same of several keys, of which one would do.
    mutating func reportMissing(
        anyOf keys: [String], of owner: String, _ fields: Fields, at span: SourceSpan? = nil, example: String
    ) {
        guard keys.allSatisfy(fields.lacks) else { return }
        report(
            .missingKey, .missingKey(anyOf: keys, of: owner), at: span ?? fields.span, help: "for example:\n\(example)")
    }
}

extension Diagnostic.Message {
    fileprivate static func unknownKey(_ name: String, in owner: String) -> Self {
        Self("unknown key '\(name)' in \(owner)")
    }

    fileprivate static func standsBeside(_ name: String, _ owner: String) -> Self {
        Self("'\(name)' stands beside \(owner), not in it")
    }

    fileprivate static func belongsToPlan(_ name: String) -> Self {
        Self("'\(name)' belongs to the plan, not to one of its scenarios")
    }

    fileprivate static func missingKey(anyOf keys: [String], of owner: String) -> Self {
        Self("\(owner) needs \(keys.map { "'\($0)'" }.joined(separator: " or "))")
    }
}
