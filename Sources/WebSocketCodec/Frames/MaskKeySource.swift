import Glibc

/// Fresh mask keys. RFC 6455 §10.3 wants them unpredictable from strong entropy, one for each frame: each is four
/// bytes of the kernel's generator that were never used before. They are fetched 64 keys at a time, so that a frame
/// costs a sixty-fourth of a system call.
struct MaskKeySource: ~Copyable, Sendable {
    private var keys = [MaskKey](repeating: 0, count: 64)
    private var used = 64

    mutating func next() -> MaskKey {
        if used == keys.count {
            fillWithEntropy(&keys)
            used = 0
        }
        defer { used += 1 }
        return keys[used]
    }
}

/// Fills at most 256 bytes from the kernel's generator (getentropy(3)).
func fillWithEntropy<Element: FixedWidthInteger>(_ elements: inout [Element]) {
    elements.withUnsafeMutableBytes { bytes in
        guard let start = bytes.baseAddress else { return }
        guard getentropy(start, bytes.count) == 0 else {
            preconditionFailure("getentropy failed with errno \(errno)")
        }
    }
}
