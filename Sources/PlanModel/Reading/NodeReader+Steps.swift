import Diagnostics
import PlanSyntax

/// Lists of steps, and what each step is.
extension NodeReader {
    /// Reads a list of steps; `owner` is what has them, in the words of a message.
    mutating func steps(_ node: PlanNode, of owner: String) -> [Step] {
        if node.isUnreadable || !node.isComplete {
            isComplete = false
            mayLackNames = true
        }
        guard let elements = node.sequence else {
            isComplete = false
            reportWrongType(node, of: owner, Wanted("a list of steps", "- send: hello\n- close"))
            return []
        }
        return elements.compactMap { element in
            let step = step(element)
            if step == nil { isComplete = false }
            return step
        }
    }

    private mutating func step(_ node: PlanNode) -> Step? {
        switch node.content {
        case .scalar(let scalar): bareStep(scalar, node)
        case .mapping(let entries): step(of: entries, node)
        case .sequence: notAStep(node)
        case .unreadable: unreadableStep()
        }
    }

    /// It may have been a `let`.
    private mutating func unreadableStep() -> Step? {
        mayLackNames = true
        return nil
    }

    private mutating func notAStep(_ node: PlanNode) -> Step? {
        report(
            .notAStep, .notAStep(node.kindInWords), at: node.span,
            help: "a step is a mapping with one verb, or the bare word: ping, pong or close")
        return nil
    }

    /// A step that is one word.
    private mutating func bareStep(_ scalar: PlanNode.Scalar, _ node: PlanNode) -> Step? {
        guard scalar.kind == .string else { return notAStep(node) }
        let word = scalar.text.text
        guard let verb = Verb(rawValue: word) else {
            reportUnknownVerb(scalar.text)
            return nil
        }
        switch verb {
        case .ping: return Step(.ping(nil), verb: verb, at: node.span)
        case .pong: return Step(.pong(nil), verb: verb, at: node.span)
        case .close: return Step(.close(Close()), verb: verb, at: node.span)
        default:
            report(
                .missingArgument, .missingArgument(word), at: node.span, help: "for example:\n\(verb.syntax.example)")
            return nil
        }
    }

    private mutating func step(of entries: [PlanNode.Entry], _ node: PlanNode) -> Step? {
        let entries = entries.filter { !Self.isIgnored($0.key.text) }
        let verbs = entries.filter { Verb(rawValue: $0.key.text) != nil || Verb.later.contains($0.key.text) }
        guard let first = verbs.first else {
            guard node.isComplete else { return unreadableStep() }
            reportWithoutVerb(entries, node)
            return nil
        }
        guard verbs.count == 1 else {
            reportSeveralVerbs(first.key, verbs[1].key)
            return nil
        }
        guard let verb = Verb(rawValue: first.key.text) else {
            reportNotSupportedYet(first.key.text, at: first.key.span)
            return nil
        }
        if !node.isComplete { isComplete = false }
        var fields = Fields(entries, at: first.key.span, isComplete: node.isComplete)
        for entry in entries where entry.key.text != verb.rawValue {
            if let meant = checkOption(entry.key, of: verb) { fields.misspelt.insert(meant) }
        }
        return Step(kind(of: verb, first.value, fields), verb: verb, at: first.key.span)
    }

    /// Reports a key that may not stand beside a verb. Gives the option that was probably meant.
    private mutating func checkOption(_ key: LocatedText, of verb: Verb) -> String? {
        let options = verb.syntax.options
        guard !options.contains(key.text) else { return nil }
        let owners = Verb.having(option: key.text).map { "'\($0.rawValue)'" }
        guard owners.isEmpty else {
            report(
                .misplacedOption, .misplacedOption(key.text, of: verb, owners), at: key.span,
                help: options.isEmpty
                    ? "'\(verb.rawValue)' has no options" : "its options are: " + options.joined(separator: ", "))
            isComplete = false
            return nil
        }
        return checkKey(key, in: KeySpace(owner: "a step '\(verb.rawValue)'", known: options))
    }

    private mutating func reportWithoutVerb(_ entries: [PlanNode.Entry], _ node: PlanNode) {
        if let wrong = entries.first(where: { !Verb.allOptions.contains($0.key.text) }) {
            reportUnknownVerb(wrong.key)
            return
        }
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

    private mutating func reportUnknownVerb(_ word: LocatedText) {
        let verbs = Verb.allCases.map(\.rawValue)
        if Verb.later.contains(word.text) {
            reportNotSupportedYet(word.text, at: word.span)
            return
        }
        // `send:hello` is one word to YAML.
        if let colon = word.text.firstIndex(of: ":"), verbs.contains(String(word.text[..<colon])) {
            report(
                .unknownVerb, .missingSpace, at: word.span,
                help: "did you mean '\(word.text[...colon]) \(word.text[word.text.index(after: colon)...])'?")
            return
        }
        report(
            .unknownVerb, .unknownVerb(word.text), at: word.span,
            help: suggestion(for: word.text, among: verbs + Verb.later).map { "did you mean '\($0)'?" }
                ?? "verbs are: " + verbs.joined(separator: ", "))
    }
}

extension Diagnostic.Message {
    fileprivate static func notAStep(_ found: String) -> Self { Self("a step is a mapping or a word, not \(found)") }

    fileprivate static func missingArgument(_ verb: String) -> Self { Self("'\(verb)' does not stand alone") }

    fileprivate static func misplacedOption(_ option: String, of verb: Verb, _ owners: [String]) -> Self {
        Self("'\(option)' is an option of \(owners.joined(separator: ", ")), not of '\(verb.rawValue)'")
    }

    fileprivate static let missingVerb = Self("a step without a verb")

    fileprivate static func severalVerbs(_ first: String, _ second: String) -> Self {
        Self("a step has one verb, this one has '\(first)' and '\(second)'")
    }

    fileprivate static let missingSpace = Self("a ':' needs a space behind it")

    fileprivate static func unknownVerb(_ verb: String) -> Self { Self("unknown verb '\(verb)'") }
}
