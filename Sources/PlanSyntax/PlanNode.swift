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
        /// In the order written, no key twice.
        case mapping([Entry])
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

    package init(_ content: Content, at span: SourceSpan, isFlow: Bool = false) {
        self.content = content
        self.span = span
        self.isFlow = isFlow
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
