/// Inflates the messages of one connection as they arrive (RFC 7692 §7.2.2).
final class MessageInflater: @unchecked Sendable {
    // Sendable: used by the one loop only.

    private let terms: CompressionAgreement.Terms
    private let contexts: CompressionContexts
    /// Where messages refer to earlier ones it is the connection's own, made with the first of them; else that of the
    /// message at hand.
    private var inflater: Inflater?
    private var meter: InflationMeter

    /// - Parameters:
    ///   - terms: those of the peer.
    ///   - maximumMessageSize: in bytes, inflated.
    init(_ terms: CompressionAgreement.Terms, maximumMessageSize: Int, contexts: CompressionContexts) {
        self.terms = terms
        self.contexts = contexts
        meter = InflationMeter(maximumCount: maximumMessageSize)
    }

    /// A message begins.
    func begin() {
        meter = InflationMeter(maximumCount: meter.maximumCount)
        if !terms.takesContextOver {
            inflater = contexts.takeInflater()
        } else if inflater == nil {
            inflater = Inflater(windowBits: terms.windowBits)
        }
    }

    /// A frame of the message declares so many bytes of payload.
    func declare(_ count: UInt64) throws(ProtocolViolation) { try meter.declare(count) }

    /// Inflates the next bytes of the message, and with the last of them its end. What came out before a violation has
    /// been appended.
    func append(
        _ piece: UnsafeRawBufferPointer, isLast: Bool, to output: inout ByteBuffer
    ) throws(ProtocolViolation) {
        guard var inflater = self.inflater.take() else { preconditionFailure("no message to inflate") }
        try inflater.append(piece, to: &output, meter: &meter)
        if isLast { try inflater.finish(&output, meter: &meter) }
        if isLast, !terms.takesContextOver {
            contexts.giveBack(inflater)
        } else {
            self.inflater = consume inflater
        }
    }

    /// Inflates a message that has begun and is there as a whole into `inflated`.
    func inflate(_ payload: UnsafeRawBufferPointer) throws(ProtocolViolation) {
        contexts.clearInflated()
        try append(payload, isLast: true, to: &contexts.inflated)
    }

    /// The latest message of the loop that was inflated as a whole, or what came out of it before a violation.
    var inflated: UnsafeRawBufferPointer { contexts.inflated.readableBytes }

    /// Gives back what `inflated` has taken, if that was much.
    func clear() { contexts.clearInflated() }
}
