/// How much has gone into the inflation of one message and come out of it, and how far that may go. It is asked before
/// anything is inflated, so that no message takes memory that it may not have.
struct InflationMeter: Sendable {
    /// So many bytes may come out of any message, whatever has gone in.
    private static let unmeasuredCount = 1 << 20
    /// Beyond them, so many for each byte that has gone in. DEFLATE reaches 1,032; of text and JSON it makes 5 to 50.
    private static let maximumRatio = 200

    let maximumCount: Int
    private var declaredCount: UInt64 = 0
    private var compressedCount = 0
    private var inflatedCount = 0

    /// - Parameter maximumCount: bytes of payload of the largest message, inflated.
    init(maximumCount: Int) { self.maximumCount = min(maximumCount, .max - 1) }

    /// Counts what the header of a frame declares: no message has reason to be twice as long as what comes out of it.
    mutating func declare(_ count: UInt64) throws(ProtocolViolation) {
        let limit = 2 * min(UInt64(maximumCount), 1 << 61) + 1024
        guard count <= limit - declaredCount else {
            throw .tooBig(
                "compressed message of at least \(declaredCount + count) bytes, where \(limit) are the limit")
        }
        declaredCount += count
    }

    /// How many bytes to inflate at most before the next `add`: one too many shows that there are too many.
    var room: Int { maximumCount - inflatedCount + 1 }

    /// Counts what was done, and judges it.
    mutating func add(compressed: Int, inflated: Int) throws(ProtocolViolation) {
        compressedCount += compressed
        inflatedCount += inflated
        guard inflatedCount <= maximumCount else {
            throw .tooBig("compressed message that inflates to more than \(maximumCount) bytes, which are the limit")
        }
        guard inflatedCount <= Self.unmeasuredCount || inflatedCount / Self.maximumRatio <= compressedCount else {
            throw .tooBig(
                "compressed message that inflates to more than \(Self.maximumRatio) times its size: "
                    + "\(compressedCount) bytes became \(inflatedCount)")
        }
    }
}
