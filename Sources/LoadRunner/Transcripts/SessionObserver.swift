import LoadMetrics
import WebSocketCodec
import WebSocketTransport

/// Makes a transcript of all that happens on a loop: of what goes over the wire, and of what the users make of it.
final class SessionObserver: WireWatcher {
    private let startNanoseconds: Int64
    private let tell: @Sendable (TranscriptEvent) -> Void

    init(startNanoseconds: Int64, _ tell: @escaping @Sendable (TranscriptEvent) -> Void) {
        self.startNanoseconds = startNanoseconds
        self.tell = tell
    }

    func tell(_ kind: TranscriptEvent.Kind) { tell(TranscriptEvent(kind, sinceNanoseconds: sinceNanoseconds)) }

    /// By a clock of its own: that of the loop stands still while a turn lasts.
    private var sinceNanoseconds: Int64 { MonotonicClock.nowNanoseconds - startNanoseconds }

    func asked(_ peer: String, security: String?, request: UnsafeRawBufferPointer, context: UInt64) {
        tell(.asked(peer: peer, security: security, request: Array(request)))
    }

    func answered(_ response: HandshakeResponse, context: UInt64) {
        tell(.answered(FailureInstance.Answer(response), reasonPhrase: response.reasonPhrase))
    }

    func sent(_ opcode: Opcode, _ payload: UnsafeRawBufferPointer, context: UInt64) { tell(.sent, opcode, payload) }

    func received(_ opcode: Opcode, _ payload: UnsafeRawBufferPointer, context: UInt64) {
        tell(.received, opcode, payload)
    }

    private func tell(
        _ direction: TranscriptFrame.Direction, _ opcode: Opcode, _ payload: UnsafeRawBufferPointer
    ) {
        guard let opcode = TranscriptFrame.Opcode(opcode) else { return }
        let now = sinceNanoseconds
        let frame = TranscriptFrame(
            direction, opcode, sinceNanoseconds: now, size: payload.count, payload: Array(payload))
        tell(TranscriptEvent(.frame(frame), sinceNanoseconds: now))
    }
}

extension TranscriptFrame.Opcode {
    /// Nil for a continuation: messages are told whole.
    fileprivate init?(_ opcode: Opcode) {
        switch opcode {
        case .text: self = .text
        case .binary: self = .binary
        case .ping: self = .ping
        case .pong: self = .pong
        case .close: self = .close
        case .continuation: return nil
        }
    }
}

extension FailureInstance.Answer {
    init(_ response: HandshakeResponse) {
        self.init(
            status: response.status, headers: response.headers.fields.map { .init($0.name, $0.value) },
            body: response.body)
    }
}

/// Tells the observer of each scenario what happens on the connections of its users.
final class LaneWatcher: WireWatcher {
    /// By the place of the scenario.
    private let observers: [SessionObserver?]

    init(_ observers: [SessionObserver?]) { self.observers = observers }

    func asked(_ peer: String, security: String?, request: UnsafeRawBufferPointer, context: UInt64) {
        observers[UserAddress.lane(of: context)]?.asked(peer, security: security, request: request, context: context)
    }

    func answered(_ response: HandshakeResponse, context: UInt64) {
        observers[UserAddress.lane(of: context)]?.answered(response, context: context)
    }

    func sent(_ opcode: Opcode, _ payload: UnsafeRawBufferPointer, context: UInt64) {
        observers[UserAddress.lane(of: context)]?.sent(opcode, payload, context: context)
    }

    func received(_ opcode: Opcode, _ payload: UnsafeRawBufferPointer, context: UInt64) {
        observers[UserAddress.lane(of: context)]?.received(opcode, payload, context: context)
    }
}
