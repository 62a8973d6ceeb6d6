import EventProgram
import Expressions
import LoadMetrics
import WebSocketCodec
import WebSocketTransport

/// What happens on the connections, told to the users that own them.
extension LoadWorker {
    func opened(
        on loop: EventLoop, connection: ConnectionID, context: UInt64, response: HandshakeResponse,
        timings: ConnectTimings
    ) {
        let index = Int(context)
        guard slots[index].connection == connection else { return }
        slots[index].isOpen = true
        slots[index].openedNanoseconds = loop.nowNanoseconds
        result.sessions.opened += 1
        job.gauges.open.adjust(by: 1)
        recorder.record(series.connecting, nanoseconds: timings.totalNanoseconds)
        recorder.record(series.dns, nanoseconds: timings.dnsNanoseconds)
        recorder.record(series.tcp, nanoseconds: timings.tcpNanoseconds)
        if let tls = timings.tlsNanoseconds { recorder.record(series.tls, nanoseconds: tls) }
        recorder.record(series.upgrade, nanoseconds: timings.upgradeNanoseconds)
        if !errands.isEmpty { errands[index] = nil }
        keepCookies(of: response, for: index)
        deliver(.opened(ResponseFact(response), afterNanoseconds: timings.totalNanoseconds), to: index)
    }

    func failed(
        on loop: EventLoop, connection: ConnectionID, context: UInt64, error: ConnectionError,
        response: HandshakeResponse?
    ) {
        let index = Int(context)
        guard slots[index].connection == connection else { return }
        slots[index].connection = nil
        if let response { keepCookies(of: response, for: index) }
        guard let error = follow(response, after: error, for: index) else { return }
        failedAnswer = response
        deliver(
            .connectFailed(
                ErrorKind(error.kind), message: error.detail, response: response.map { ResponseFact($0) }, span: nil),
            to: index)
        failedAnswer = nil
    }

    func message(
        on loop: EventLoop, connection: ConnectionID, context: UInt64, kind: MessageKind, payload: RawSpan,
        receivedAtNanoseconds: Int64
    ) {
        let index = Int(context)
        guard slots[index].connection == connection else { return }
        recorder.add(series.messagesReceived)
        payload.withUnsafeBytes { payload in
            frames[index].note(
                kind == .binary ? .receivedBinary : .receivedText, payload, atNanoseconds: receivedAtNanoseconds)
            deliver(
                .message(payload, isBinary: kind == .binary), to: index, atNanoseconds: receivedAtNanoseconds)
        }
    }

    func ping(
        on loop: EventLoop, connection: ConnectionID, context: UInt64, payload: RawSpan, receivedAtNanoseconds: Int64
    ) {
        let index = Int(context)
        guard slots[index].connection == connection else { return }
        payload.withUnsafeBytes { frames[index].note(.receivedPing, $0, atNanoseconds: receivedAtNanoseconds) }
        deliver(.ping, to: index)
    }

    func pong(
        on loop: EventLoop, connection: ConnectionID, context: UInt64, payload: RawSpan, pingSentAtNanoseconds: Int64?,
        receivedAtNanoseconds: Int64
    ) {
        let index = Int(context)
        guard slots[index].connection == connection else { return }
        if let sent = pingSentAtNanoseconds {
            recorder.record(series.ping, nanoseconds: receivedAtNanoseconds - sent)
        }
        payload.withUnsafeBytes { frames[index].note(.receivedPong, $0, atNanoseconds: receivedAtNanoseconds) }
        deliver(.pong, to: index)
    }

    func closeReceived(
        on loop: EventLoop, connection: ConnectionID, context: UInt64, frame: ConnectionEnd.CloseFrame,
        receivedAtNanoseconds: Int64
    ) {
        let index = Int(context)
        guard slots[index].connection == connection else { return }
        note(.receivedClose, frame, for: index)
        let code = frame.code ?? .noStatusReceived
        deliver(.peerClosing(code: code.rawValue, reason: frame.reason), to: index)
    }

    func closed(on loop: EventLoop, connection: ConnectionID, context: UInt64, end: ConnectionEnd) {
        let index = Int(context)
        guard slots[index].connection == connection else { return }
        forgetConnection(of: index)
        if let answer = end.received, !end.startedByPeer { note(.receivedClose, answer, for: index) }
        if let error = end.error {
            deliver(.sessionFailed(ErrorKind(error.kind), message: error.detail), to: index)
        }
        let code = end.received.map { $0.code ?? .noStatusReceived } ?? .abnormalClosure
        deliver(.closed(code: code.rawValue, reason: end.received?.reason ?? ""), to: index)
    }
}

extension ErrorKind {
    /// The kinds of the transport are some of the language's, by the same names.
    init(_ kind: ConnectionError.Kind) {
        guard let known = ErrorKind(rawValue: kind.rawValue) else {
            preconditionFailure("the language has no error kind '\(kind.rawValue)'")
        }
        self = known
    }
}

extension ResponseFact {
    convenience init(_ response: HandshakeResponse) {
        self.init(
            status: Int64(response.status), headers: response.headers.fields.map { ($0.name, $0.value) },
            subprotocol: response.subprotocol ?? "", body: response.body)
    }
}
