/// What is known of a value before it is evaluated: its types, and those of what is in it where it is a list or a map.
package struct StaticType: Sendable {
    package var types: ValueTypes
    private var contents: Contents

    private indirect enum Contents: Sendable {
        /// There is none: neither a list nor a map.
        case none
        case unknown
        /// What JSON can hold, on every level.
        case json
        case known(Parts)
    }

    private struct Parts: Sendable {
        /// Of a list.
        var elements: StaticType
        /// Of a map.
        var keys: ValueTypes
        var values: StaticType
    }

    /// Lists and maps within each other of which more is known than that.
    private static let levelLimit = 8
    private var levels = 0

    private init(_ types: ValueTypes, _ contents: Contents) {
        self.types = types
        self.contents = contents
    }

    private init(_ types: ValueTypes, _ parts: Parts) {
        let levels = 1 + max(parts.elements.levels, parts.values.levels)
        self.init(types, levels > Self.levelLimit ? .unknown : .known(parts))
        if levels <= Self.levelLimit { self.levels = levels }
    }

    /// A value of one of these types; of what is in it nothing is known.
    package init(_ types: ValueTypes) {
        self.init(types, types.isDisjoint(with: [.list, .map]) ? .none : .unknown)
    }

    package static let any = StaticType(.any)
    package static let json = StaticType(.json, .json)
    /// What is in an empty list.
    static let nothing = StaticType([])

    package static func list(of elements: StaticType) -> StaticType {
        StaticType(.list, Parts(elements: elements, keys: [], values: .nothing))
    }

    package static func map(keys: ValueTypes, values: StaticType) -> StaticType {
        StaticType(.map, Parts(elements: .nothing, keys: keys, values: values))
    }

    /// What is known of a value that is known.
    package init(of value: Value) { self.init(of: value, levels: Self.levelLimit) }

    private init(of value: Value, levels: Int) {
        switch value {
        case .list(let elements) where levels > 0:
            self = .list(of: .union(elements.lazy.map { StaticType(of: $0, levels: levels - 1) }))
        case .map(let map) where levels > 0:
            self = .map(
                keys: map.entries.reduce(into: []) { $0.formUnion($1.key.type) },
                values: .union(map.entries.lazy.map { StaticType(of: $0.value, levels: levels - 1) }))
        default: self.init(value.type)
        }
    }

    // MARK: - Parts

    /// Of a list.
    package var elements: StaticType { parts?.elements.orAny ?? .any }

    /// Of a map.
    var values: StaticType { parts?.values.orAny ?? .any }

    /// What an index finds: elements of a list, values of a map.
    var indexed: StaticType { collecting(\.elements, \.values) }

    /// What a macro walks over: the elements of a list, the keys of a map.
    var walked: StaticType { collecting(\.elements) { StaticType($0.keys) } }

    private func collecting(_ ofList: (Parts) -> StaticType, _ ofMap: (Parts) -> StaticType) -> StaticType {
        guard let parts else { return .any }
        let inList = types.contains(.list) ? ofList(parts) : .nothing
        return (types.contains(.map) ? inList.union(ofMap(parts)) : inList).orAny
    }

    private var parts: Parts? {
        switch contents {
        case .none, .unknown: nil
        case .json: Parts(elements: .json, keys: .string, values: .json)
        case .known(let parts): parts
        }
    }

    /// Of what is in an empty list nothing wrong can be said.
    private var orAny: StaticType { types.isEmpty ? .any : self }

    // MARK: - Union

    /// What is known of a value that is one of the two.
    package func union(_ other: StaticType) -> StaticType {
        let types = types.union(other.types)
        switch (contents, other.contents) {
        case (_, .none): return StaticType(types, like: self)
        case (.none, _): return StaticType(types, like: other)
        case (.json, .json): return StaticType(types, .json)
        default:
            guard let parts, let others = other.parts else { return StaticType(types, .unknown) }
            return StaticType(
                types,
                Parts(
                    elements: parts.elements.union(others.elements), keys: parts.keys.union(others.keys),
                    values: parts.values.union(others.values)))
        }
    }

    private init(_ types: ValueTypes, like other: StaticType) {
        self = other
        self.types = types
    }

    package static func union(_ types: some Sequence<StaticType>) -> StaticType {
        types.reduce(.nothing) { $0.union($1) }
    }
}
