/// The four bytes a client's payload is combined with (RFC 6455 §5.3), the first in the lowest eight bits.
package typealias MaskKey = UInt32

/// Copies `count` bytes and combines each with the key's byte for it: masks and unmasks alike. `phase` is how many
/// bytes of the frame's payload came before. Source and destination are the same memory or apart from each other.
///
/// At any alignment, 64 bytes at a time, then sixteen and eight; the rest one by one. (The steps are written out because the
/// compiler makes them of a plain loop only for frames that are larger than most.)
package func copyMasked(
    from source: UnsafeRawPointer, to destination: UnsafeMutableRawPointer, count: Int, key: MaskKey, phase: Int = 0
) {
    let shift = UInt32(truncatingIfNeeded: phase & 3) * 8
    let rotated = (key &>> shift) | (key &<< ((32 &- shift) & 31))
    let word = UInt64(rotated) << 32 | UInt64(rotated)
    var offset = 0
    while offset &+ 64 <= count {
        let values = source.loadUnaligned(fromByteOffset: offset, as: SIMD8<UInt64>.self)
        destination.storeBytes(of: values ^ word.littleEndian, toByteOffset: offset, as: SIMD8<UInt64>.self)
        offset &+= 64
    }
    while offset &+ 16 <= count {
        let values = source.loadUnaligned(fromByteOffset: offset, as: SIMD2<UInt64>.self)
        destination.storeBytes(of: values ^ word.littleEndian, toByteOffset: offset, as: SIMD2<UInt64>.self)
        offset &+= 16
    }
    if offset &+ 8 <= count {
        let value = UInt64(littleEndian: source.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        destination.storeBytes(of: (value ^ word).littleEndian, toByteOffset: offset, as: UInt64.self)
        offset &+= 8
    }
    var rest = word
    while offset < count {
        let value = source.load(fromByteOffset: offset, as: UInt8.self)
        destination.storeBytes(of: value ^ UInt8(truncatingIfNeeded: rest), toByteOffset: offset, as: UInt8.self)
        rest &>>= 8
        offset &+= 1
    }
}
