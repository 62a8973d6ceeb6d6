import Diagnostics

/// An immutable map that keeps the order in which its entries were written.
///
/// Keys are bools, ints, uints and strings (a double with an integral value finds the same number); strings compare
/// by their UTF-8 bytes. Small maps are searched one by one, larger ones by hash.
package struct ValueMap: Sendable {
    package struct Entry: Sendable {
        package var key: Value
        package var value: Value

        package init(key: Value, value: Value) {
            self.key = key
            self.value = value
        }
    }

    private final class Storage: Sendable {
        let entries: [Entry]
        /// Only for more entries than one searches one by one.
        let index: [Key: Int]

        init(_ entries: [Entry], index: [Key: Int]) {
            self.entries = entries
            self.index = index
        }
    }

    private static let linearLimit = 8

    private let storage: Storage

    package init() { storage = Storage([], index: [:]) }

    /// A map of string keys; of several entries with one key the last one counts, at the place of the first.
    package init(_ entries: [(key: String, value: Value)]) {
        self = ValueMap(keepingLast: entries.map { Entry(key: .string($0.key), value: $0.value) })
    }

    /// Of several entries with one key the last one counts, at the place of the first, as in JSON texts of other tools.
    package init(keepingLast entries: [Entry]) {
        var builder = Builder()
        for entry in entries { builder.set(entry) }
        self = builder.build()
    }

    /// Two entries of a map that CEL calls an error.
    struct DuplicateKey: Error {
        var key: Value
    }

    /// A map of entries whose keys are keys (`Value.isKey`) and all differ.
    static func distinct(_ entries: [Entry]) -> Result<ValueMap, DuplicateKey> {
        var builder = Builder()
        for entry in entries {
            guard builder.set(entry) == .new else { return .failure(DuplicateKey(key: entry.key)) }
        }
        return .success(builder.build())
    }

    package var entries: [Entry] { storage.entries }
    package var count: Int { storage.entries.count }
    package var isEmpty: Bool { storage.entries.isEmpty }

    /// The value of a key, or nil.
    package subscript(_ key: Value) -> Value? {
        guard let key = Key(key) else { return nil }
        if storage.entries.count > Self.linearLimit {
            return storage.index[key].map { storage.entries[$0].value }
        }
        for entry in storage.entries where Key(entry.key) == key { return entry.value }
        return nil
    }

    /// The value of a string key, or nil.
    package subscript(_ key: String) -> Value? { self[.string(key)] }

    private struct Builder {
        enum Outcome { case new, replaced, notAKey }

        var entries: [Entry] = []
        var index: [Key: Int] = [:]

        @discardableResult
        mutating func set(_ entry: Entry) -> Outcome {
            guard let key = Key(entry.key) else { return .notAKey }
            let known =
                entries.count > linearLimit ? index[key] : entries.firstIndex { Key($0.key) == key }
            if let known {
                entries[known].value = entry.value
                return .replaced
            }
            entries.append(entry)
            if entries.count > linearLimit {
                if index.isEmpty {
                    for (place, entry) in entries.enumerated() {
                        if let key = Key(entry.key) { index[key] = place }
                    }
                } else {
                    index[key] = entries.count - 1
                }
            }
            return .new
        }

        func build() -> ValueMap { ValueMap(storage: Storage(entries, index: index)) }
    }

    private init(storage: Storage) { self.storage = storage }
}

extension ValueMap {
    /// A key in the form in which equal keys are equal: numbers by their value, strings by their bytes.
    private enum Key: Hashable {
        case bool(Bool)
        case int(Int64)
        /// Beyond the range of Int64.
        case uint(UInt64)
        case string(Bytewise)

        init?(_ value: Value) {
            switch value {
            case .bool(let value): self = .bool(value)
            case .int(let value): self = .int(value)
            case .uint(let value): self = Int64(exactly: value).map(Key.int) ?? .uint(value)
            case .double(let value):
                if let integer = Int64(exactly: value) {
                    self = .int(integer)
                } else if let integer = UInt64(exactly: value) {
                    self = .uint(integer)
                } else {
                    return nil
                }
            case .string(let value): self = .string(Bytewise(text: value))
            case .null, .bytes, .list, .map: return nil
            }
        }
    }

    /// A string that equals another when their UTF-8 bytes do.
    private struct Bytewise: Hashable {
        let text: String

        static func == (left: Self, right: Self) -> Bool { left.text.hasSameBytes(as: right.text) }

        func hash(into hasher: inout Hasher) {
            var text = text
            text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        }
    }
}
