import Glibc

/// A growing queue of bytes: appended at the end, consumed from the front, one contiguous piece of memory in between
/// that write(2) or SSL_write takes as it is. An empty buffer owns no memory.
///
/// Not copyable, so that growing never copies because somebody else holds it too, and no reference is counted.
package struct ByteBuffer: ~Copyable, @unchecked Sendable {
    // Sendable: the memory has exactly one owner.
    private var base: UnsafeMutableRawPointer?
    private var readIndex = 0
    private var writeIndex = 0

    /// How many bytes the owned memory holds.
    package private(set) var capacity = 0

    package init() {}

    deinit {
        free(base)
    }

    /// How many bytes wait to be consumed.
    package var count: Int { writeIndex - readIndex }

    package var isEmpty: Bool { writeIndex == readIndex }

    /// The bytes that wait to be consumed. Valid until the buffer is changed.
    package var readableBytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base.map { UnsafeRawPointer($0) + readIndex }, count: count)
    }

    /// Removes `count` bytes from the front.
    package mutating func consume(_ count: Int) {
        precondition(count >= 0 && count <= self.count, "cannot consume \(count) of \(self.count) bytes")
        readIndex += count
        if readIndex == writeIndex {
            readIndex = 0
            writeIndex = 0
        }
    }

    /// Removes bytes from the end until `count` are left.
    package mutating func truncate(to count: Int) {
        precondition(count >= 0 && count <= self.count, "cannot truncate \(self.count) bytes to \(count)")
        writeIndex = readIndex + count
    }

    /// Removes all bytes and gives the memory back.
    package mutating func release() {
        free(base)
        base = nil
        readIndex = 0
        writeIndex = 0
        capacity = 0
    }

    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress, !bytes.isEmpty else { return }
        appendUninitialized(bytes.count) { destination in
            destination.copyMemory(from: source, byteCount: bytes.count)
            return bytes.count
        }
    }

    package mutating func append(_ bytes: RawSpan) {
        bytes.withUnsafeBytes { append($0) }
    }

    package mutating func append(_ byte: UInt8) {
        appendUninitialized(1) { destination in
            destination.storeBytes(of: byte, as: UInt8.self)
            return 1
        }
    }

    /// Appends the UTF-8 bytes of `text`.
    package mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    /// Has `fill` write up to `count` bytes behind the last one, for example by recv(2), and appends as many as it
    /// says that it wrote.
    @inline(__always)
    package mutating func appendUninitialized(_ count: Int, _ fill: (UnsafeMutableRawPointer) -> Int) {
        if count > capacity - writeIndex || base == nil {
            makeRoom(for: count)
        }
        let written = fill(base.unsafelyUnwrapped + writeIndex)
        precondition(written >= 0 && written <= count, "wrote \(written) bytes where there was room for \(count)")
        writeIndex += written
    }

    /// Moves the waiting bytes to the front, and doubles the memory unless that has freed half of it: appending stays
    /// linear in what is appended. A large block grows by realloc(3) without being copied.
    @inline(never)
    private mutating func makeRoom(for additional: Int) {
        precondition(additional >= 0, "a negative number of bytes")
        let count = self.count
        let needed = count + additional
        let freed = readIndex
        if let base, freed > 0 {
            memmove(base, base + freed, count)
            readIndex = 0
            writeIndex = count
        }
        if needed <= capacity, freed >= capacity / 2, base != nil { return }
        let newCapacity = max(needed, capacity * 2, Self.smallestCapacity)
        guard let memory = realloc(base, newCapacity) else {
            preconditionFailure("out of memory for a buffer of \(newCapacity) bytes")
        }
        base = memory
        capacity = newCapacity
    }

    private static let smallestCapacity = 256
}
