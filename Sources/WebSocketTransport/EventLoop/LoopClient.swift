package import WebSocketCodec

/// How a listener's client answers a peer.
package struct Acceptance: Hashable, Sendable {
    /// The client's own word for the connection, which the later calls have.
    package var context: UInt64
    /// One of those offered, or nil for none.
    package var subprotocol: String?

    package init(context: UInt64 = 0, subprotocol: String? = nil) {
        self.context = context
        self.subprotocol = subprotocol
    }
}

/// Whoever uses an ``EventLoop``. It implements what it wants to hear; the rest does nothing.
///
/// A class-bound protocol, because a `package` class cannot be subclassed in another module: a call is one step through
/// a table, without a box and without a generic. Every method is called on the loop, and never from within a call that
/// the client itself makes to the loop: what `connect`, `send` or `abort` brings about is told when the present method
/// has returned. Payloads are valid during the call only.
package protocol LoopClient: AnyObject {
    /// A connection that was asked for is open; messages may be sent at once.
    func opened(
        on loop: EventLoop, connection: ConnectionID, context: UInt64, response: HandshakeResponse,
        timings: ConnectTimings)

    /// A connection could not be opened. `response` is the peer's answer where there was a complete one; with the kind
    /// `http_status` always.
    func failed(
        on loop: EventLoop, connection: ConnectionID, context: UInt64, error: ConnectionError,
        response: HandshakeResponse?)

    /// A peer asks a listener to open a connection, and has asked rightly. It is open when this has returned.
    func accept(on loop: EventLoop, connection: ConnectionID, request: ReceivedHandshake) -> Acceptance

    /// A whole message. `receivedAtNanoseconds` is when `recv` returned its last bytes.
    func message(
        on loop: EventLoop, connection: ConnectionID, context: UInt64, kind: MessageKind, payload: RawSpan,
        receivedAtNanoseconds: Int64)

    /// A ping, already answered.
    func ping(
        on loop: EventLoop, connection: ConnectionID, context: UInt64, payload: RawSpan, receivedAtNanoseconds: Int64)

    /// A pong. `pingSentAtNanoseconds` is the time of the client's ping that it answers; nil where nobody asked for it.
    func pong(
        on loop: EventLoop, connection: ConnectionID, context: UInt64, payload: RawSpan, pingSentAtNanoseconds: Int64?,
        receivedAtNanoseconds: Int64)

    /// The peer began to close, and was answered: nothing can be sent any more. ``closed(on:connection:context:end:)``
    /// follows.
    func closeReceived(
        on loop: EventLoop, connection: ConnectionID, context: UInt64, frame: ConnectionEnd.CloseFrame,
        receivedAtNanoseconds: Int64)

    /// A connection that was open has ended. Exactly once for each, and the last word about it.
    func closed(on loop: EventLoop, connection: ConnectionID, context: UInt64, end: ConnectionEnd)

    /// A timer of the client's has come due, `dueNanoseconds` being what it was armed for.
    func timerFired(on loop: EventLoop, timer: TimerID, context: UInt64, dueNanoseconds: Int64)

    /// A pass is over: everything that was ready has been told, and what was sent is on its way.
    func passEnded(on loop: EventLoop)

    /// The clock of the loop has reached ``EventLoop/noticeNanoseconds``. The one call that may come from within another:
    /// it is for taking notes only.
    func timeReached(on loop: EventLoop)
}

extension LoopClient {
    package func opened(
        on loop: EventLoop, connection: ConnectionID, context: UInt64, response: HandshakeResponse,
        timings: ConnectTimings
    ) {}

    package func failed(
        on loop: EventLoop, connection: ConnectionID, context: UInt64, error: ConnectionError,
        response: HandshakeResponse?
    ) {}

    package func accept(on loop: EventLoop, connection: ConnectionID, request: ReceivedHandshake) -> Acceptance {
        Acceptance()
    }

    package func message(
        on loop: EventLoop, connection: ConnectionID, context: UInt64, kind: MessageKind, payload: RawSpan,
        receivedAtNanoseconds: Int64
    ) {}

    package func ping(
        on loop: EventLoop, connection: ConnectionID, context: UInt64, payload: RawSpan, receivedAtNanoseconds: Int64
    ) {}

    package func pong(
        on loop: EventLoop, connection: ConnectionID, context: UInt64, payload: RawSpan, pingSentAtNanoseconds: Int64?,
        receivedAtNanoseconds: Int64
    ) {}

    package func closeReceived(
        on loop: EventLoop, connection: ConnectionID, context: UInt64, frame: ConnectionEnd.CloseFrame,
        receivedAtNanoseconds: Int64
    ) {}

    package func closed(on loop: EventLoop, connection: ConnectionID, context: UInt64, end: ConnectionEnd) {}

    package func timerFired(on loop: EventLoop, timer: TimerID, context: UInt64, dueNanoseconds: Int64) {}

    package func passEnded(on loop: EventLoop) {}

    package func timeReached(on loop: EventLoop) {}
}
