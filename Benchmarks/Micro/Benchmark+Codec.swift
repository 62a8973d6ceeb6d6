import WebSocketCodec

extension Benchmark {
    /// Frames, masks and UTF-8.
    static var ofCodec: [Benchmark] {
        [
            Benchmark("decode-64", "a text frame of 64 B decoded") { operations in
                try decode(Samples.texts(ofBytes: 64), messageCount: 1, operations)
            },
            Benchmark("decode-16x64", "16 text frames of 64 B decoded out of one read") { operations in
                try decode(Samples.texts(ofBytes: 64), messageCount: 16, operations)
            },
            // The memory that a message is assembled in is not kept: twice as much each time, as it arrives.
            Benchmark(
                "decode-pieces", "a text message of 64 KiB decoded out of reads of 16 KiB", weight: 100,
                mostAllocations: 4
            ) { operations in
                try decode(Samples.texts(ofBytes: 65_536), messageCount: 1, readSize: 16_384, operations)
            },
            Benchmark("encode-64", "a text frame of 64 B encoded, with a mask") { operations in
                encode(Samples.texts(ofBytes: 64), operations)
            },
            Benchmark("encode-64k", "a text frame of 64 KiB encoded, with a mask", weight: 100) { operations in
                encode(Samples.texts(ofBytes: 65_536), operations)
            },
            Benchmark("mask-64", "64 B copied and masked") { operations in
                mask(Samples.texts(ofBytes: 64), operations)
            },
            Benchmark("mask-64k", "64 KiB copied and masked", weight: 100) { operations in
                mask(Samples.texts(ofBytes: 65_536), operations)
            },
            Benchmark("utf8-ascii-64", "64 B of ASCII found to be UTF-8") { operations in
                validate(Samples.texts(ofBytes: 64), operations)
            },
            Benchmark("utf8-mixed-1k", "1 KiB of text in five scripts found to be UTF-8", weight: 10) { operations in
                validate(Samples.mixedTexts(ofBytes: 1024), operations)
            },
        ]
    }

    /// An operation takes all that is received, `messageCount` messages.
    private static func decode(
        _ payloads: [UnsafeRawBufferPointer], messageCount: Int, readSize: Int = .max, _ operations: Int
    ) throws -> Int64 {
        var encoder = FrameEncoder(role: .server)
        var frames = ByteBuffer()
        for payload in payloads.prefix(messageCount) { encoder.append(.text, payload, to: &frames) }
        // A client's decoder leaves the bytes as they are.
        let received = UnsafeMutableRawBufferPointer(mutating: Samples.memory(frames.readableBytes))
        var decoder = MessageDecoder(role: .client)
        return try fastestRound {
            var decoded = 0
            for _ in 0..<operations {
                var start = 0
                while start < received.count {
                    let end = start + min(readSize, received.count - start)
                    let read = UnsafeMutableRawBufferPointer(rebasing: received[start..<end])
                    var position = 0
                    while case .text(let text)? = try decoder.next(in: read, at: &position) { decoded += text.count }
                    start = end
                }
            }
            precondition(decoded == operations * messageCount * payloads[0].count, "decoded \(decoded) bytes")
        }
    }

    private static func encode(_ payloads: [UnsafeRawBufferPointer], _ operations: Int) -> Int64 {
        var encoder = FrameEncoder(role: .client)
        var output = ByteBuffer()
        return fastestRound {
            var encoded = 0
            for index in 0..<operations {
                encoder.append(.text, payloads[index & Samples.last], to: &output)
                encoded += output.count
                output.consume(output.count)
            }
            precondition(encoded > operations * payloads[0].count, "encoded \(encoded) bytes")
        }
    }

    private static func mask(_ payloads: [UnsafeRawBufferPointer], _ operations: Int) -> Int64 {
        let sources = payloads.compactMap(\.baseAddress)
        let count = payloads[0].count
        let masked = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 8)
        defer { masked.deallocate() }
        guard let destination = masked.baseAddress else { preconditionFailure("no memory") }
        return fastestRound {
            for index in 0..<operations {
                copyMasked(
                    from: sources[index & Samples.last], to: destination, count: count,
                    key: MaskKey(truncatingIfNeeded: index))
            }
            let last = operations - 1
            precondition(masked[0] == payloads[last & Samples.last][0] ^ UInt8(truncatingIfNeeded: last), "not masked")
        }
    }

    private static func validate(_ texts: [UnsafeRawBufferPointer], _ operations: Int) -> Int64 {
        fastestRound {
            var valid = 0
            for index in 0..<operations {
                var validator = UTF8Validator()
                let text = texts[index & Samples.last]
                if validator.firstInvalidByte(in: text) == nil, validator.isComplete { valid += 1 }
            }
            precondition(valid == operations, "not UTF-8")
        }
    }
}
