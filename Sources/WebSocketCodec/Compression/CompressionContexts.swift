/// What the compressed connections of one event loop share. A message that refers to no earlier one (RFC 7692 §7.1.1)
/// needs a compressor or a decompressor only while it is dealt with: one of each serves all connections, where one of
/// each for every connection would be some 300 KiB a piece.
package final class CompressionContexts: @unchecked Sendable {
    // Sendable: used by the one loop only.

    /// A buffer larger than that gives its memory back after use.
    private static let keptCapacity = 256 << 10

    /// With the largest window, which does for what was compressed with a smaller one.
    private var spareInflater: Inflater?
    private var deflater: Deflater?
    private var deflaterTerms: (windowBits: Int, level: Int) = (0, 0)

    /// The latest message that was inflated in one piece.
    var inflated = ByteBuffer()
    /// The latest message that was compressed.
    var deflated = ByteBuffer()

    package init() {}

    /// How many bytes of memory messages take here.
    package var allocatedByteCount: Int { inflated.capacity + deflated.capacity }

    /// A decompressor without a past. A message that is spread over several reads keeps it meanwhile.
    func takeInflater() -> Inflater {
        guard var inflater = spareInflater.take() else { return Inflater(windowBits: 15) }
        inflater.reset()
        return inflater
    }

    /// Takes a decompressor back; one too many is given up.
    func giveBack(_ inflater: consuming Inflater) {
        if spareInflater == nil { spareInflater = consume inflater }
    }

    /// Compresses one message that refers to no earlier one. Servers of one run answer alike: there is one compressor,
    /// made anew where they do not.
    func compress(_ payload: UnsafeRawBufferPointer, windowBits: Int, level: Int, to output: inout ByteBuffer) {
        if deflater == nil || deflaterTerms != (windowBits, level) {
            deflater = Deflater(windowBits: windowBits, level: level)
            deflaterTerms = (windowBits, level)
        } else {
            deflater?.reset()
        }
        deflater?.append(payload, to: &output)
    }

    /// Empties `inflated`.
    func clearInflated() { Self.clear(&inflated) }

    /// Empties `deflated`.
    func clearDeflated() { Self.clear(&deflated) }

    private static func clear(_ buffer: inout ByteBuffer) {
        if buffer.capacity > keptCapacity { buffer.release() } else { buffer.truncate(to: 0) }
    }
}
