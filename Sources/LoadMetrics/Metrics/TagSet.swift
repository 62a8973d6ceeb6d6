import Diagnostics

/// A name and a value put on samples. Two tags are the same when their UTF-8 bytes are.
package struct Tag: Hashable, Sendable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    package static func == (left: Tag, right: Tag) -> Bool {
        left.name.hasSameBytes(as: right.name) && left.value.hasSameBytes(as: right.value)
    }

    package func hash(into hasher: inout Hasher) {
        for byte in name.utf8 { hasher.combine(byte) }
        hasher.combine(UInt8(0xFF))  // No UTF-8 text has this byte: it ends the name.
        for byte in value.utf8 { hasher.combine(byte) }
        hasher.combine(UInt8(0xFF))
    }
}

/// The tags of a series, or those that a selector asks for: each name once, in ascending order of bytes.
package struct TagSet: Hashable, Sendable {
    package private(set) var tags: [Tag]

    /// Of several tags of one name the last counts.
    package init(_ tags: some Sequence<Tag> = []) {
        self.tags = []
        for tag in tags { set(tag) }
    }

    package var isEmpty: Bool { tags.isEmpty }

    package subscript(name: String) -> String? {
        tags.first { $0.name.hasSameBytes(as: name) }?.value
    }

    /// Puts a tag in, in place of one of the same name.
    package mutating func set(_ tag: Tag) {
        let index = tags.firstIndex { !$0.name.utf8.lexicographicallyPrecedes(tag.name.utf8) } ?? tags.count
        if index < tags.count, tags[index].name.hasSameBytes(as: tag.name) {
            tags[index] = tag
        } else {
            tags.insert(tag, at: index)
        }
    }

    /// These tags and one more, which takes the place of one of the same name.
    package func with(_ name: String, _ value: String) -> TagSet {
        var copy = self
        copy.set(Tag(name, value))
        return copy
    }

    /// Whether every tag of a selector is among these. The empty selector selects all.
    package func matches(_ selector: TagSet) -> Bool {
        selector.tags.allSatisfy(tags.contains)
    }

    /// Where samples go once a recorder has too many tag sets (`MetricsRecorder.tagSetLimit`).
    package static let overflow: TagSet = ["overflow": "true"]
}

extension TagSet: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements.map { Tag($0.0, $0.1) })
    }
}

extension TagSet: Comparable {
    /// By the bytes of names and values, so that reports list series in the same order each time.
    package static func < (left: TagSet, right: TagSet) -> Bool {
        left.tags.lexicographicallyPrecedes(right.tags) {
            $0.name.hasSameBytes(as: $1.name)
                ? $0.value.utf8.lexicographicallyPrecedes($1.value.utf8)
                : $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
        }
    }
}

extension TagSet: CustomStringConvertible {
    /// As a selector writes it, `{check=greeting, scenario="a, b"}`; nothing when there are no tags.
    package var description: String {
        isEmpty ? "" : "{" + tags.map { "\($0.name)=\(Self.written($0.value))" }.joined(separator: ", ") + "}"
    }

    /// A value in quotes where a selector would read it differently without.
    private static func written(_ value: String) -> String {
        let isPlain =
            !value.isEmpty && value.first != " " && value.last != " " && !value.contains { "\",}".contains($0) }
        guard !isPlain else { return value }
        return "\"" + value.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined() + "\""
    }
}
