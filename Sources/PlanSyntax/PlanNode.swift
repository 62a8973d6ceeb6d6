package import Diagnostics

/// One value of a plan document as its author wrote it. YAML and JSON give the same nodes; what a value means to a plan
/// is decided above.
///
/// Anchors and merge keys are already carried out: an alias is a copy of the node that its anchor names, and its span
/// is where that node stands.
package struct PlanNode: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        case scalar(Scalar)
        case sequence([PlanNode])
        /// In the order written. A key that is written twice is reported, and stands here twice; the first one counts.
        case mapping([Entry])
        /// Something that cannot be read: a diagnostic says why. It may stand for anything, so nothing else is to be said
        /// about it.
        case unreadable
    }

    /// One key of a mapping and what it holds.
    package struct Entry: Hashable, Sendable {
        package var key: LocatedText
        package var value: PlanNode

        package init(key: LocatedText, value: PlanNode) {
            self.key = key
            self.value = value
        }
    }

    package var content: Content
    /// The value without its anchor; quotes, brackets and block indicators belong to it.
    package var span: SourceSpan
    /// Whether the value is, or stands in, one of YAML's `{…}` and `[…]`, where plain text ends early. Never in JSON.
    package var isFlow: Bool
    /// Whether all elements of a list and all entries of a mapping are in it. What seems to be missing from another one
    /// may stand in a part that cannot be read, about which there is a diagnostic; and it may have been meant as something
    /// else.
    package var isComplete: Bool

    package init(_ content: Content, at span: SourceSpan, isFlow: Bool = false, isComplete: Bool = true) {
        self.content = content
        self.span = span
        self.isFlow = isFlow
        self.isComplete = isComplete
    }
}

extension PlanNode {
    /// The scalar, if the node is one.
    package var scalar: Scalar? {
        if case .scalar(let scalar) = content { scalar } else { nil }
    }

    /// The elements, if the node is a sequence.
    package var sequence: [PlanNode]? {
        if case .sequence(let elements) = content { elements } else { nil }
    }

    /// The entries, if the node is a mapping.
    package var mapping: [Entry]? {
        if case .mapping(let entries) = content { entries } else { nil }
    }

    package var isUnreadable: Bool { content == .unreadable }

    /// Whether the author wrote null: `null`, `~`, or nothing at all.
    package var isNull: Bool { scalar?.kind == .null }

    /// The value of a key, compared as UTF-8 bytes, if the node is a mapping that has it.
    package subscript(key: StaticString) -> PlanNode? {
        key.withUTF8Buffer { wanted in
            mapping?.first { $0.key.text.utf8.elementsEqual(wanted) }?.value
        }
    }

    /// What to call such a value in a message: `a mapping`, `a list`, `a number`, `text`.
    package var kindInWords: String {
        switch content {
        case .sequence: "a list"
        case .mapping: "a mapping"
        case .unreadable: "something unreadable"
        case .scalar(let scalar):
            switch scalar.kind {
            case .null: "null"
            case .bool: "a boolean"
            case .int, .double: "a number"
            case .string: "text"
            }
        }
    }
}
