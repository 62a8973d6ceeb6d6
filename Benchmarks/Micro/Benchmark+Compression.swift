import WebSocketCodec

extension Benchmark {
    /// permessage-deflate, each message by itself (`no_context_takeover`), on level 1. Most of it is zlib's.
    static var ofCompression: [Benchmark] {
        [
            Benchmark("deflate-1k", "1 KiB of JSON compressed", weight: 100) { operations in
                let contexts = CompressionContexts()
                let messages = Samples.quotes()
                let deflater = MessageDeflater(terms, level: 1, contexts: contexts)
                return fastestRound {
                    var compressed = 0
                    for index in 0..<operations {
                        deflater.compress(messages[index & Samples.last]) { compressed += $0.count }
                    }
                    precondition(compressed < operations * 512, "\(compressed) bytes")
                }
            },
            Benchmark("inflate-1k", "a compressed text frame of 1 KiB of JSON decoded", weight: 100) { operations in
                let contexts = CompressionContexts()
                let frames = Samples.quotes().map { compressedFrame($0, contexts) }
                var decoder = MessageDecoder(role: .client)
                decoder.inflateMessages(terms, contexts)
                return try fastestRound {
                    var inflated = 0
                    for index in 0..<operations {
                        var position = 0
                        let frame = frames[index & Samples.last]
                        while case .text(let text)? = try decoder.next(in: frame, at: &position) {
                            inflated += text.count
                        }
                    }
                    precondition(inflated == operations * 1024, "\(inflated) bytes")
                }
            },
        ]
    }

    private static var terms: CompressionAgreement.Terms {
        var terms = CompressionAgreement.Terms()
        terms.takesContextOver = false
        return terms
    }

    private static func compressedFrame(
        _ message: UnsafeRawBufferPointer, _ contexts: CompressionContexts
    ) -> UnsafeMutableRawBufferPointer {
        var encoder = FrameEncoder(role: .server)
        var frame = ByteBuffer()
        MessageDeflater(terms, level: 1, contexts: contexts).compress(message) { payload in
            encoder.append(.text, payload, isCompressed: true, to: &frame)
        }
        return UnsafeMutableRawBufferPointer(mutating: Samples.memory(frame.readableBytes))
    }
}
