/// A value in memory of its own. As an optional it takes one word where there is none: for what only few connections have.
struct Indirect<Value: ~Copyable>: ~Copyable {
    private let place: UnsafeMutablePointer<Value>

    init(_ value: consuming Value) {
        place = .allocate(capacity: 1)
        place.initialize(to: value)
    }

    deinit {
        place.deinitialize(count: 1)
        place.deallocate()
    }

    var value: Value {
        _read { yield place.pointee }
        _modify { yield &place.pointee }
    }
}
