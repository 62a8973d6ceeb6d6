import Diagnostics
import PlanSyntax

/// Lists of steps, and what each step is.
extension NodeReader {
    /// Reads a list of steps; `owner` is what has them, in the words of a message.
    mutating func steps(_ node: PlanNode, of owner: String) -> [Step] {
        if node.isUnreadable || !node.isComplete {
            isComplete = false
            lacking.formUnion(.steps)
        }
        guard let elements = node.sequence ?? listWithoutSpaces(node) else {
            isComplete = false
            reportWrongType(node, of: owner, Wanted("a list of steps", "- send: hello\n- close"))
            return []
        }
        return joiningOptions(elements).compactMap { element in
            let step = step(element)
            if step == nil { isComplete = false }
            return step
        }
    }

    /// The elements of a list, with options that have a `-` of their own, which is reported, put to the step above.
    private mutating func joiningOptions(_ elements: [PlanNode]) -> [PlanNode] {
        var joined: [PlanNode] = []
        for element in elements {
            if let last = joined.last, let step = adding(element, to: last) {
                joined[joined.count - 1] = step
            } else {
                joined.append(element)
            }
        }
        return joined
    }

    /// A step with the options that stand in an element behind it; nil where that is anything else.
    private mutating func adding(_ element: PlanNode, to step: PlanNode) -> PlanNode? {
        guard var entries = step.mapping, step.isComplete, let options = element.mapping, let first = options.first,
            let index = entries.firstIndex(where: { Verb(rawValue: $0.key.text) != nil }),
            let verb = Verb(rawValue: entries[index].key.text)
        else { return nil }
        if entries[index].value.isNull, options.allSatisfy({ verb.syntax.fields.contains($0.key.text) }) {
            report(
                .missingVerb, .missingVerb, at: first.key.span,
                help: "'\(first.key.text)' belongs into the '\(verb.rawValue)' above: with more indentation, "
                    + "and without a '-' of its own")
            entries[index].value = element
            return PlanNode(.mapping(entries), at: step.span, isFlow: step.isFlow)
        }
        guard
            options.allSatisfy({ option in
                verb.syntax.options.contains(option.key.text)
                    && !entries.contains { $0.key.text == option.key.text }
            })
        else { return nil }
        report(
            .missingVerb, .missingVerb, at: first.key.span,
            help: "'\(first.key.text)' belongs to the '\(verb.rawValue)' above, without a '-' of its own, "
                + "for example:\n\(verb.syntax.example)")
        entries += options
        return PlanNode(.mapping(entries), at: step.span, isFlow: step.isFlow, isComplete: element.isComplete)
    }

    private mutating func step(_ node: PlanNode) -> Step? {
        switch node.content {
        case .scalar(let scalar): bareStep(scalar, node)
        case .mapping(let entries): step(of: entries, node)
        case .sequence: node.isComplete ? notAStep(node) : unreadableStep()
        case .unreadable: unreadableStep()
        }
    }

    /// It may have been a `let`.
    private mutating func unreadableStep() -> Step? {
        lacking.formUnion(.steps)
        return nil
    }

    /// Passes over a step of which nobody knows what it does: it may have been an `await` too, which binds `message`.
    private mutating func leaveOutStep(_ node: PlanNode) -> Step? {
        leaveOut(node)
        unreadNames.insert("message")
        return nil
    }

    private mutating func notAStep(_ node: PlanNode) -> Step? {
        report(
            .notAStep, .notAStep(node.kindInWords), at: node.span,
            help: "a step is a mapping with one verb, or the bare word: ping, pong or close")
        // A list may stand for any step; a word or a number is none that was only written in another way, but stands where one
        // was to be that thresholds may name.
        guard node.sequence == nil else { return unreadableStep() }
        lacking.insert(.samples)
        return leaveOutStep(node)
    }

    /// A step that is one word.
    private mutating func bareStep(_ scalar: PlanNode.Scalar, _ node: PlanNode) -> Step? {
        guard scalar.kind == .string else { return notAStep(node) }
        let word = scalar.text.text
        if reportMissingSpace(behindKeyIn: node) { return leaveOutStep(node) }
        guard let verb = Verb(rawValue: word) ?? reportUnknownVerb(scalar.text) else { return leaveOutStep(node) }
        switch verb {
        case .ping: return Step(.ping(nil), verb: verb, at: node.span)
        case .pong: return Step(.pong(nil), verb: verb, at: node.span)
        case .close: return Step(.close(Close()), verb: verb, at: node.span)
        default:
            if word == verb.rawValue {
                report(
                    .missingArgument, .missingArgument(word), at: node.span,
                    help: "for example:\n\(verb.syntax.example)")
            }
            return verb.bindsNames ? unreadableStep() : nil
        }
    }

    private mutating func step(of entries: [PlanNode.Entry], _ node: PlanNode) -> Step? {
        let entries = entries.filter { !Self.isIgnored($0.key.text) }
        let verbs = entries.filter { Verb(rawValue: $0.key.text) != nil }
        guard let first = verbs.first else {
            guard node.isComplete else { return unreadableStep() }
            guard let (entry, verb) = verbInsteadOf(entries, node) else { return leaveOutStep(node) }
            return step(verb, entry, entries, node)
        }
        // One that is written twice has been reported.
        if let other = verbs.first(where: { $0.key.text != first.key.text }) {
            reportSeveralVerbs(first.key, other.key)
            return leaveOutStep(node)
        }
        return Verb(rawValue: first.key.text).flatMap { step($0, first, entries, node) }
    }

    /// Reads the step of a verb; `entry` is the one that has it, or a misspelt form of it.
    private mutating func step(
        _ verb: Verb, _ entry: PlanNode.Entry, _ entries: [PlanNode.Entry], _ node: PlanNode
    ) -> Step? {
        if !node.isComplete { isComplete = false }
        var fields = Fields(entries, at: entry.key.span, isComplete: node.isComplete)
        var value = entry.value
        var outdented: [PlanNode.Entry] = []
        var unknown: [PlanNode.Entry] = []
        for option in entries where option.key.text != entry.key.text {
            if value.isNull, verb.syntax.takesNames || verb.syntax.fields.contains(option.key.text) {
                outdented.append(option)
                continue
            }
            switch checkOption(option, of: verb, in: &fields) {
            case .fits: break
            case .misspelt(let meant): if !fields.adopt(option, as: meant) { leaveOut(option.value) }
            case .refused: leaveOut(option.value)
            case .unknown: unknown.append(option)
            }
        }
        // What `every` is given stands behind it, not below it as in `interval: 1s`.
        if value.isNull, outdented.isEmpty, !verb.syntax.canStandAlone,
            let index = unknown.firstIndex(where: { $0.value.scalar != nil && !$0.value.isNull })
        {
            let option = unknown.remove(at: index)
            report(
                .unknownKey, .unknownOption(option.key.text, of: verb), at: option.key.span,
                help: "what '\(verb.rawValue)' is given stands behind it, for example:\n\(verb.syntax.example)")
            value = option.value
        }
        for option in unknown { refuse(option, from: &fields, verb.optionKeys, example: verb.syntax.example) }
        if let first = outdented.first {
            // What should stand one level deeper is read as if it did.
            report(
                .misplacedOption, .outdented(first.key.text, of: verb), at: first.key.span,
                help: "'\(first.key.text)' needs more indentation than '\(verb.rawValue)'")
            value = PlanNode(.mapping(outdented), at: first.key.span)
        }
        return Step(kind(of: verb, value, fields), verb: verb, at: entry.key.span)
    }

    /// Judges a key beside a verb.
    private mutating func checkOption(
        _ option: PlanNode.Entry, of verb: Verb, in fields: inout Fields
    ) -> KeyJudgement {
        let (key, options) = (option.key, verb.syntax.options)
        if options.contains(key.text) { return .fits }
        let owners = Verb.having(option: key.text).map { "'\($0.rawValue)'" }
        guard owners.isEmpty else {
            // In a value that cannot be read may stand the verb that it belongs to.
            guard fields.isComplete else { return .refused }
            let body = verb.syntax.needed.first {
                $0.value == .steps && fields.lacks($0.name) && Self.bodies.contains(key.text)
                    && option.value.sequence != nil
            }
            let help =
                if let body {
                    "did you mean '\(body.name)'?"
                } else if options.isEmpty {
                    "'\(verb.rawValue)' has no options"
                } else {
                    "its options are: " + options.joined(separator: ", ")
                }
            report(.misplacedOption, .misplacedOption(key.text, of: verb, owners), at: key.span, help: help)
            return body.map { .misspelt($0.name) } ?? .refused
        }
        guard !verb.syntax.fields.contains(key.text) else {
            report(
                .misplacedOption, .alternative(key.text, of: verb), at: key.span,
                help: "leave it out, or write all that '\(verb.rawValue)' is given below it: "
                    + verb.syntax.fields.joined(separator: ", "))
            return .refused
        }
        return checkKey(key, in: verb.optionKeys)
    }

    /// The options that hold steps.
    private static let bodies = ["do", "then", "else"]

    /// Reports a step without a verb. Gives the entry whose key is probably a misspelt one, and that verb.
    private mutating func verbInsteadOf(
        _ entries: [PlanNode.Entry], _ node: PlanNode
    ) -> (PlanNode.Entry, Verb)? {
        guard let wrong = entries.first(where: { !Verb.allOptions.contains($0.key.text) }) else {
            reportMissingVerb(entries, node)
            return nil
        }
        return reportUnknownVerb(wrong.key).map { (wrong, $0) }
    }

    private mutating func reportMissingVerb(_ entries: [PlanNode.Entry], _ node: PlanNode) {
        report(
            .missingVerb, .missingVerb, at: entries.first?.key.span ?? node.span,
            help: entries.isEmpty
                ? "a step is a mapping with one verb, for example:\n- send: hello"
                : "options stand below their verb, without a '-' of their own, for example:\n"
                    + (Verb.having(option: entries[0].key.text).first ?? .send).syntax.example)
    }

    private mutating func reportSeveralVerbs(_ first: LocatedText, _ second: LocatedText) {
        report(
            .severalVerbs, .severalVerbs(first.text, second.text), at: second.span,
            help: "begin the second step with a '-' of its own",
            notes: [Diagnostic.Note("the first verb stands here", at: first.span)])
    }

    /// Reports a word that is no verb. Gives the one that was probably meant.
    private mutating func reportUnknownVerb(_ word: LocatedText) -> Verb? {
        let verbs = Verb.allCases.map(\.rawValue)
        // Quoted, or in JSON, it is no matter of a missing space.
        if let colon = word.text.firstIndex(of: ":"), verbs.contains(String(word.text[..<colon])) {
            let value = word.text[word.text.index(after: colon)...]
            report(
                .unknownVerb, .unknownVerb(word.text), at: word.span,
                help: "did you mean {\"\(word.text[..<colon])\": \"\(value)\"}?")
            return nil
        }
        let near = suggestion(for: word.text, among: verbs)
        report(
            .unknownVerb, .unknownVerb(word.text), at: word.span,
            help: near.map { "did you mean '\($0)'?" } ?? "verbs are: " + verbs.joined(separator: ", "))
        return near.flatMap(Verb.init(rawValue:))
    }
}

extension Verb {
    /// The keys that may stand beside the verb.
    fileprivate var optionKeys: KeySpace {
        KeySpace(owner: "a step '\(rawValue)'", known: syntax.options, needed: syntax.needed)
    }
}

extension Diagnostic.Message {
    fileprivate static func notAStep(_ found: String) -> Self { Self("a step is a mapping or a word, not \(found)") }

    fileprivate static func missingArgument(_ verb: String) -> Self { Self("'\(verb)' does not stand alone") }

    fileprivate static func misplacedOption(_ option: String, of verb: Verb, _ owners: [String]) -> Self {
        Self("'\(option)' is an option of \(owners.joined(separator: ", ")), not of '\(verb.rawValue)'")
    }

    fileprivate static func outdented(_ key: String, of verb: Verb) -> Self {
        Self("'\(key)' belongs into '\(verb.rawValue)', not beside it")
    }

    fileprivate static func alternative(_ key: String, of verb: Verb) -> Self {
        Self("'\(key)' belongs into '\(verb.rawValue)', which has a value already")
    }

    fileprivate static func unknownOption(_ key: String, of verb: Verb) -> Self {
        Self("unknown key '\(key)' in a step '\(verb.rawValue)'")
    }

    fileprivate static let missingVerb = Self("a step without a verb")

    fileprivate static func severalVerbs(_ first: String, _ second: String) -> Self {
        Self("a step has one verb, this one has '\(first)' and '\(second)'")
    }

    fileprivate static func unknownVerb(_ verb: String) -> Self { Self("unknown verb '\(verb)'") }
}
