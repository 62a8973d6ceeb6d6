/// The constants of an expression that messages are compared with, as plain memory: taking one out of an array of values
/// would count a reference for each message.
struct ConstantTexts: @unchecked Sendable {
    // Sendable: nobody writes to them. The memory belongs to the `ExpressionCode` that made them.
    private let memory: UnsafeMutableRawPointer
    /// By the index of the constant; empty for one that is no text in UTF-8.
    private let texts: UnsafeMutablePointer<UnsafeRawBufferPointer>

    init(of constants: [Value]) {
        let bytes = constants.map { constant in
            if case .bytes(let bytes) = constant { bytes } else { [UInt8]() }
        }
        memory = .allocate(byteCount: max(1, bytes.reduce(0) { $0 + $1.count }), alignment: 1)
        texts = .allocate(capacity: max(1, constants.count))
        var place = memory
        for (index, bytes) in bytes.enumerated() {
            place.copyMemory(from: bytes, byteCount: bytes.count)
            (texts + index).initialize(to: UnsafeRawBufferPointer(start: place, count: bytes.count))
            place += bytes.count
        }
    }

    func deallocate() {
        memory.deallocate()
        texts.deallocate()
    }

    subscript(index: Node.Index) -> UnsafeRawBufferPointer { texts[Int(index)] }
}
