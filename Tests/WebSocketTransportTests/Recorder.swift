import Testing
import WebSocketCodec
import WebSocketTransport

/// What a client was told, as values.
enum LoopEvent: Equatable, Sendable, CustomStringConvertible {
    case opened(subprotocol: String? = nil)
    case failed(ConnectionError.Kind, status: Int? = nil, body: String? = nil)
    case text(String)
    case binary([UInt8])
    case ping(String)
    case pong(String)
    case closeReceived(UInt16?, String = "")
    case closed(ConnectionError.Kind? = nil, sent: UInt16? = nil, received: UInt16? = nil, byPeer: Bool = false)
    case timer(UInt64)

    var description: String {
        switch self {
        case .opened(let subprotocol): "opened(\(subprotocol ?? "-"))"
        case .failed(let kind, let status, let body): "failed(\(kind), \(status ?? 0), \(body ?? "-"))"
        case .text(let text): "text(\(text.prefix(40)))"
        case .binary(let bytes): "binary(\(bytes.count))"
        case .ping(let text): "ping(\(text))"
        case .pong(let text): "pong(\(text))"
        case .closeReceived(let code, let reason): "closeReceived(\(code ?? 0), \(reason))"
        case .closed(let kind, let sent, let received, let byPeer):
            "closed(\(kind.map(\.rawValue) ?? "clean"), sent \(sent ?? 0), received \(received ?? 0), byPeer \(byPeer))"
        case .timer(let context): "timer(\(context))"
        }
    }
}

/// A client that writes down what it is told, and reacts as the test says.
final class Recorder: LoopClient {
    typealias Reaction = @Sendable (EventLoop, ConnectionID, LoopEvent) -> Void

    private let events: AsyncStream<(LoopEvent, detail: String)>.Continuation
    private let reaction: Reaction

    init(_ events: AsyncStream<(LoopEvent, detail: String)>.Continuation, reaction: @escaping Reaction) {
        self.events = events
        self.reaction = reaction
    }

    private func record(
        _ event: LoopEvent, _ loop: EventLoop, _ connection: ConnectionID, detail: String = ""
    ) {
        events.yield((event, detail))
        reaction(loop, connection, event)
    }

    func opened(
        on loop: EventLoop, connection: ConnectionID, context: UInt64, response: HandshakeResponse,
        timings: ConnectTimings
    ) {
        let parts = timings.dnsNanoseconds + timings.tcpNanoseconds + timings.upgradeNanoseconds
        precondition(timings.totalNanoseconds >= parts && timings.upgradeNanoseconds > 0)
        record(.opened(subprotocol: response.subprotocol), loop, connection)
    }

    func failed(
        on loop: EventLoop, connection: ConnectionID, context: UInt64, error: ConnectionError,
        response: HandshakeResponse?
    ) {
        let body = response.map { String(decoding: $0.body, as: UTF8.self) }
        record(.failed(error.kind, status: response?.status, body: body), loop, connection, detail: error.detail)
    }

    func message(
        on loop: EventLoop, connection: ConnectionID, context: UInt64, kind: MessageKind, payload: RawSpan,
        receivedAtNanoseconds: Int64
    ) {
        let bytes = payload.withUnsafeBytes { Array($0) }
        record(kind == .text ? .text(String(decoding: bytes, as: UTF8.self)) : .binary(bytes), loop, connection)
    }

    func ping(
        on loop: EventLoop, connection: ConnectionID, context: UInt64, payload: RawSpan, receivedAtNanoseconds: Int64
    ) {
        record(.ping(payload.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }), loop, connection)
    }

    func pong(
        on loop: EventLoop, connection: ConnectionID, context: UInt64, payload: RawSpan, pingSentAtNanoseconds: Int64?,
        receivedAtNanoseconds: Int64
    ) {
        record(.pong(payload.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }), loop, connection)
    }

    func closeReceived(
        on loop: EventLoop, connection: ConnectionID, context: UInt64, frame: ConnectionEnd.CloseFrame,
        receivedAtNanoseconds: Int64
    ) {
        record(.closeReceived(frame.code?.rawValue, frame.reason), loop, connection)
    }

    func closed(on loop: EventLoop, connection: ConnectionID, context: UInt64, end: ConnectionEnd) {
        record(
            .closed(
                end.error?.kind, sent: end.sent?.code?.rawValue, received: end.received?.code?.rawValue,
                byPeer: end.startedByPeer),
            loop, connection, detail: end.error?.detail ?? "")
    }

    func timerFired(on loop: EventLoop, timer: TimerID, context: UInt64, dueNanoseconds: Int64) {
        precondition(loop.nowNanoseconds >= dueNanoseconds)
        events.yield((.timer(context), ""))
    }
}

/// Opens one connection on a loop of its own and tells everything about it, up to its end.
func record(
    _ request: ConnectRequest, resolver: Resolver = .shared, reaction: @escaping Recorder.Reaction = { _, _, _ in }
) async throws -> (events: [LoopEvent], detail: String) {
    let (stream, continuation) = AsyncStream.makeStream(of: (LoopEvent, detail: String).self)
    let loop = try EventLoop(label: "test", resolver: resolver)
    defer { loop.shutdown() }
    loop.client = Recorder(continuation, reaction: reaction)
    loop.start()
    loop.enqueue { _ = $0.connect(request, context: 1) }
    var events: [LoopEvent] = []
    for await (event, detail) in stream {
        events.append(event)
        switch event {
        case .failed, .closed: return (events, detail)
        default: break
        }
    }
    return (events, "")
}

/// A request to a port of this machine; over TLS with `tls`.
func request(
    port: UInt16, subprotocols: [String] = [], connectTimeoutSeconds: Double = 10, closeTimeoutSeconds: Double = 5,
    maximumQueuedBytes: Int = 16 << 20, maximumMessageSize: Int = 16 << 20, keepalive: Keepalive? = nil,
    compression: CompressionOffer? = nil, tls: TLSContext? = nil
) throws -> ConnectRequest {
    var limits = ConnectRequest.Limits()
    limits.connectTimeoutNanoseconds = Int64(connectTimeoutSeconds * 1e9)
    limits.closeTimeoutNanoseconds = Int64(closeTimeoutSeconds * 1e9)
    limits.maximumQueuedBytes = maximumQueuedBytes
    limits.maximumMessageSize = maximumMessageSize
    limits.keepalive = keepalive
    let scheme = tls == nil ? "ws" : "wss"
    return try ConnectRequest(
        url: try WebSocketURL("\(scheme)://127.0.0.1:\(port)/"), subprotocols: subprotocols, limits: limits,
        compression: compression, tls: tls)
}
