import EventProgram
import Expressions
import LoadMetrics
import WebSocketCodec
import WebSocketTransport

/// What happens on the connections, told to the users that own them.
extension ScenarioLane {
    func opened(
        _ connection: ConnectionID, of index: Int, response: HandshakeResponse, timings: ConnectTimings
    ) {
        guard slots[index].isOn(connection) else { return }
        slots[index].isOpen = true
        slots[index].openedNanoseconds = loop.nowNanoseconds
        result.sessions.opened += 1
        job.gauges.open.adjust(by: 1, atNanoseconds: loop.nowNanoseconds)
        recorder.record(series.connecting, nanoseconds: timings.totalNanoseconds)
        recorder.record(series.dns, nanoseconds: timings.dnsNanoseconds)
        recorder.record(series.tcp, nanoseconds: timings.tcpNanoseconds)
        if let tls = timings.tlsNanoseconds { recorder.record(series.tls, nanoseconds: tls) }
        recorder.record(series.upgrade, nanoseconds: timings.upgradeNanoseconds)
        if !errands.isEmpty { errands[index] = nil }
        keepCookies(of: response, for: index)
        // Making a fact of the answer was 14,000 of 132,000 instructions of a session, and most programs read no such thing.
        let fact = job.program.readsOpening ? ResponseFact(response) : .unread
        deliver(.opened(fact, afterNanoseconds: timings.totalNanoseconds), to: index)
    }

    func failed(
        _ connection: ConnectionID, of index: Int, error: ConnectionError, response: HandshakeResponse?
    ) {
        guard slots[index].isOn(connection) else { return }
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

    @inline(__always)
    func message(
        on connection: ConnectionID, of index: Int, kind: MessageKind, payload: UnsafeRawBufferPointer,
        receivedAtNanoseconds: Int64
    ) {
        guard slots[index].isOn(connection) else {
            result.messagesForNobody += 1
            return
        }
        let isBinary = kind == .binary
        recorder.add(series.messagesReceived)
        frames[index].note(
            isBinary ? .receivedBinary : .receivedText, payload, atNanoseconds: receivedAtNanoseconds)
        deliver(.message(payload, isBinary: isBinary), to: index, atNanoseconds: receivedAtNanoseconds)
    }

    func ping(
        on connection: ConnectionID, of index: Int, payload: UnsafeRawBufferPointer, receivedAtNanoseconds: Int64
    ) {
        guard slots[index].isOn(connection) else { return }
        frames[index].note(.receivedPing, payload, atNanoseconds: receivedAtNanoseconds)
        deliver(.ping, to: index)
    }

    func pong(
        on connection: ConnectionID, of index: Int, payload: UnsafeRawBufferPointer, pingSentAtNanoseconds: Int64?,
        receivedAtNanoseconds: Int64
    ) {
        guard slots[index].isOn(connection) else { return }
        if let sent = pingSentAtNanoseconds {
            recorder.record(series.ping, nanoseconds: receivedAtNanoseconds - sent)
        }
        frames[index].note(.receivedPong, payload, atNanoseconds: receivedAtNanoseconds)
        deliver(.pong, to: index)
    }

    func closeReceived(on connection: ConnectionID, of index: Int, frame: ConnectionEnd.CloseFrame) {
        guard slots[index].isOn(connection) else { return }
        note(.receivedClose, frame, for: index)
        let code = frame.code ?? .noStatusReceived
        deliver(.peerClosing(code: code.rawValue, reason: frame.reason), to: index)
    }

    func closed(_ connection: ConnectionID, of index: Int, end: ConnectionEnd) {
        guard slots[index].isOn(connection) else { return }
        forgetConnection(of: index)
        if let answer = end.received, !end.startedByPeer { note(.receivedClose, answer, for: index) }
        if let error = end.error {
            deliver(.sessionFailed(ErrorKind(error.kind), message: error.detail), to: index)
        }
        let code = end.received.map { $0.code ?? .noStatusReceived } ?? .abnormalClosure
        deliver(.closed(code: code.rawValue, reason: end.received?.reason ?? ""), to: index)
    }

    /// Counts the bytes that the connections of this lane have sent and received since they were counted last.
    func countTraffic() {
        let (before, now) = (result.traffic, loop.traffic(ofAccount: job.index))
        recorder.add(series.dataSent, Int(now.bytesSent - before.bytesSent))
        recorder.add(series.dataReceived, Int(now.bytesReceived - before.bytesReceived))
        recorder.add(series.payloadSent, Int(now.payloadBytesSent - before.payloadBytesSent))
        recorder.add(series.payloadReceived, Int(now.payloadBytesReceived - before.payloadBytesReceived))
        result.traffic = now
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
    /// The answer that opened a session, for a program that looks at nothing but its status.
    fileprivate static let unread = ResponseFact(status: 101, headers: [], subprotocol: "", body: [])

    convenience init(_ response: HandshakeResponse) {
        self.init(
            status: Int64(response.status), headers: response.headers.fields.map { ($0.name, $0.value) },
            subprotocol: response.subprotocol ?? "", body: response.body)
    }
}
