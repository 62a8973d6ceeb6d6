/// Compresses the messages of one connection (RFC 7692 §7.2.1).
package final class MessageDeflater: @unchecked Sendable {
    // Sendable: used by the one loop only.

    private let terms: CompressionAgreement.Terms
    private let level: Int
    private let contexts: CompressionContexts
    /// Where messages refer to earlier ones: made with the first.
    private var deflater: Deflater?

    /// - Parameters:
    ///   - terms: our own.
    ///   - level: 0 (stored), 1 (fast) to 9 (small).
    package init(_ terms: CompressionAgreement.Terms, level: Int, contexts: CompressionContexts) {
        self.terms = terms
        self.level = level
        self.contexts = contexts
    }

    /// Gives `body` the payload of a compressed message, valid during the call.
    package func compress(_ payload: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) {
        if terms.takesContextOver {
            if deflater == nil { deflater = Deflater(windowBits: terms.windowBits, level: level) }
            deflater?.append(payload, to: &contexts.deflated)
        } else {
            contexts.compress(payload, windowBits: terms.windowBits, level: level, to: &contexts.deflated)
        }
        body(contexts.deflated.readableBytes)
        contexts.clearDeflated()
    }
}
