import WebSocketCodec

/// An event with its payload copied.
enum RecordedEvent: Equatable {
    case text(String)
    case binary([UInt8])
    case ping([UInt8])
    case pong([UInt8])
    case close(UInt16?, String)

    init(_ event: MessageDecoder.Event) {
        self =
            switch event {
            case .text(let bytes): .text(String(decoding: bytes, as: UTF8.self))
            case .binary(let bytes): .binary(Array(bytes))
            case .ping(let bytes): .ping(Array(bytes))
            case .pong(let bytes): .pong(Array(bytes))
            case .close(let code, let reason): .close(code?.rawValue, String(decoding: reason, as: UTF8.self))
            }
    }
}

/// What a decoder made of its input.
struct Decoded: Equatable {
    var events: [RecordedEvent] = []
    var violation: ProtocolViolation?
}

/// A decoder with what it has made of its input so far.
final class DecodingConnection {
    private var decoder: MessageDecoder
    private(set) var decoded = Decoded()

    init(
        role: EndpointRole = .client, maximumMessageSize: Int = MessageDecoder.defaultMaximumMessageSize
    ) {
        decoder = MessageDecoder(role: role, maximumMessageSize: maximumMessageSize)
    }

    convenience init(
        _ compression: CompressionAgreement.Terms, role: EndpointRole = .client,
        maximumMessageSize: Int = MessageDecoder.defaultMaximumMessageSize,
        contexts: CompressionContexts = CompressionContexts()
    ) {
        self.init(role: role, maximumMessageSize: maximumMessageSize)
        decoder.inflateMessages(compression, contexts)
    }

    /// Takes a piece in memory of its own that is overwritten afterwards, as a shared receive buffer is.
    func take(_ piece: [UInt8]) {
        var memory = piece
        memory.withUnsafeMutableBytes { received in
            var position = 0
            do throws(ProtocolViolation) {
                while let event = try decoder.next(in: received, at: &position) {
                    decoded.events.append(RecordedEvent(event))
                }
            } catch {
                decoded.violation = error
            }
            for index in received.indices { received[index] = 0xEE }
        }
    }

    var allocatedByteCount: Int { decoder.allocatedByteCount }
}

/// Decodes `pieces`.
func decode(
    _ pieces: [[UInt8]], role: EndpointRole = .client,
    maximumMessageSize: Int = MessageDecoder.defaultMaximumMessageSize, compression: CompressionAgreement.Terms? = nil
) -> Decoded {
    let connection =
        compression.map { DecodingConnection($0, role: role, maximumMessageSize: maximumMessageSize) }
        ?? DecodingConnection(role: role, maximumMessageSize: maximumMessageSize)
    for piece in pieces { connection.take(piece) }
    return connection.decoded
}

/// Every way to cut `bytes` in two, and into single bytes.
func cuts(of bytes: [UInt8]) -> [[[UInt8]]] {
    (0...bytes.count).map { [Array(bytes[..<$0]), Array(bytes[$0...])] } + [bytes.map { [$0] }]
}

/// A frame written the obvious way, after the picture in RFC 6455 §5.2.
func frame(_ first: UInt8, _ payload: [UInt8], key: [UInt8]? = nil) -> [UInt8] {
    var bytes = [first]
    let maskBit: UInt8 = key == nil ? 0 : 0x80
    switch payload.count {
    case ..<126: bytes.append(maskBit | UInt8(payload.count))
    case ..<65536: bytes += [maskBit | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
    default:
        bytes.append(maskBit | 127)
        bytes += (0..<8).reversed().map { UInt8(payload.count >> ($0 * 8) & 0xFF) }
    }
    guard let key else { return bytes + payload }
    return bytes + key + payload.enumerated().map { $1 ^ key[$0 % 4] }
}

func frame(_ first: UInt8, _ payload: String, key: [UInt8]? = nil) -> [UInt8] {
    frame(first, Array(payload.utf8), key: key)
}

/// `81 05 48` as bytes.
func hex(_ text: String) -> [UInt8] {
    text.split(separator: " ").map { UInt8($0, radix: 16)! }
}
