import WebSocketCodec

// permessage-deflate (RFC 7692).
extension EventLoop {
    /// Compresses and inflates the messages of a connection from now on.
    func startCompression(
        of connection: UnsafeMutablePointer<Connection>, _ agreement: CompressionAgreement, _ offer: CompressionOffer
    ) {
        let contexts = state.pointee.compression ?? CompressionContexts()
        state.pointee.compression = contexts
        connection.pointee.deflater = MessageDeflater(agreement.client, level: offer.level, contexts: contexts)
        connection.pointee.compressionThreshold = offer.threshold
        connection.pointee.decoder.inflateMessages(agreement.server, contexts)
    }

    /// Appends one message, compressed. Only clients have anything to compress with: a listener accepts no offer.
    func encodeCompressed(
        _ opcode: Opcode, _ payload: RawSpan, fragments: Int, _ connection: UnsafeMutablePointer<Connection>
    ) {
        guard let deflater = connection.pointee.deflater else { preconditionFailure("nothing to compress with") }
        payload.withUnsafeBytes { payload in
            deflater.compress(payload) { compressed in
                clientEncoder.append(
                    opcode, compressed.bytes, fragments: fragments, isCompressed: true,
                    to: &connection.pointee.output)
            }
        }
    }
}
