import Diagnostics
import Expressions
import PlanSyntax

/// Names of the author's own.
extension NodeReader {
    /// Reports a name that no variable can have.
    mutating func checkVariable(_ name: Located<String>) {
        if !Scope.isIdentifier(name.value) {
            unusableNames.insert(name.value)
            // `my-room` is read as `my - room` where it is used.
            unreadNames.formUnion(name.value.split { !Scope.isIdentifier("_\($0)") }.map(String.init))
            report(
                .invalidName, .notAnIdentifier(name.value), at: name.span,
                help: "a name is letters, digits and '_', and does not begin with a digit")
        } else if Scope.reservedNames.contains(name.value) || Scope.languageWords.contains(name.value) {
            unusableNames.insert(name.value)
            report(
                .invalidName, .reserved(name.value), at: name.span,
                help: "choose another name, such as '\(name.value)_'")
        }
    }

    /// Reads `vars` or `vu_vars`.
    mutating func variables(_ node: PlanNode, of key: String) -> [VariableDeclaration] {
        let wanted = Wanted("a mapping of names to values", "\(key):\n  room: lobby")
        return declarations(node, of: "'\(key)'", wanted, in: .variables).map { entry in
            let name = Located(entry.key.text, at: entry.key.span)
            checkVariable(name)
            return VariableDeclaration(name: name, value: value(entry.value))
        }
    }

    /// Reads the values of `set` or `let`.
    mutating func assignments(_ node: PlanNode, of verb: Verb) -> [Assignment] {
        checkNotEmpty(node, of: verb)
        // A `set` declares nothing that could be missing elsewhere.
        return assignments(node, of: verb.rawValue, in: verb == .let ? .variables : [])
    }

    /// Reads the values of `set`, `let` or `with`, which declares names of `namespaces`.
    mutating func assignments(_ node: PlanNode, of key: String, in namespaces: Namespaces) -> [Assignment] {
        let wanted = Wanted("a mapping of names to expressions", "\(key):\n  count: count + 1")
        return declarations(node, of: "'\(key)'", wanted, in: namespaces).map { entry in
            let name = Located(entry.key.text, at: entry.key.span)
            checkVariable(name)
            return Assignment(name: name, value: operand(entry.value))
        }
    }

    /// Tags that samples have anyway: a plan's tag of the same name would hide them.
    private static let ownTags: Set<String> = ["scenario", "group", "url", "check", "name", "kind", "code", "by"]

    /// Reads `tags`.
    mutating func tags(_ node: PlanNode) -> [Tag] {
        let example = "tags:\n  team: payments"
        return entries(node, of: "'tags'", Wanted("a mapping of names to text", example)).map { entry in
            let name = name(entry.key, of: "the name of a tag")
            if Self.ownTags.contains(name.value) {
                report(.invalidName, .ownTag(name.value), at: name.span, help: "choose another name")
            }
            return Tag(name: name, value: text(entry.value, of: "a tag", example))
        }
    }
}

extension Diagnostic.Message {
    fileprivate static func notAnIdentifier(_ name: String) -> Self {
        Self("'\(name)' cannot be the name of a variable")
    }

    fileprivate static func reserved(_ name: String) -> Self {
        Self("'\(name)' is a word of the language, and cannot be the name of a variable")
    }

    fileprivate static func ownTag(_ name: String) -> Self {
        Self("samples have a tag '\(name)' of their own")
    }
}
