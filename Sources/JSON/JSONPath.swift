/// One step of a way into a document, `.a.b[0]`.
package enum JSONPathStep: Hashable, Sendable {
    /// The member of an object with this name, compared as UTF-8 after its escapes are decoded.
    case key([UInt8])
    /// The element of an array, from 0.
    case index(Int)

    package static func key(_ name: String) -> JSONPathStep { .key(Array(name.utf8)) }
}

/// A way into a document, made once for many lookups. It is plain memory that whoever made it gives back: with arrays a
/// reference was counted for every key of every document.
package struct JSONPath: @unchecked Sendable {
    // Sendable: nobody writes to it.
    package enum Step: BitwiseCopyable {
        case key(UnsafeRawBufferPointer)
        case index(Int)
    }

    private let names: UnsafeMutableRawPointer
    private let steps: UnsafeMutablePointer<Step>
    package let count: Int

    /// The document itself.
    package static let root = JSONPath([])

    package init(_ path: [JSONPathStep]) {
        count = path.count
        let nameBytes = path.reduce(0) { if case .key(let name) = $1 { $0 + name.count } else { $0 } }
        names = .allocate(byteCount: max(1, nameBytes), alignment: 1)
        steps = .allocate(capacity: max(1, path.count))
        var place = names
        for (index, step) in path.enumerated() {
            switch step {
            case .key(let name):
                place.copyMemory(from: name, byteCount: name.count)
                (steps + index).initialize(to: .key(UnsafeRawBufferPointer(start: place, count: name.count)))
                place += name.count
            case .index(let element): (steps + index).initialize(to: .index(element))
            }
        }
    }

    /// After it the path must not be used.
    package func deallocate() {
        names.deallocate()
        steps.deallocate()
    }

    package subscript(index: Int) -> Step { steps[index] }
}

/// What stands at a path.
package enum JSONLookup: Hashable, Sendable {
    /// The value; of a container the token spans it whole.
    case found(JSONToken)
    /// The path ends before its step number `step` (from 0): the value there is a `parent`, and has no such member.
    case missing(step: Int, parent: JSONToken.Kind)
}
