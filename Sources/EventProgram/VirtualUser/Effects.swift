package import Diagnostics
package import Expressions

/// What a virtual user asks of the outside world, in order. Payloads lie in the program, or in the `bytes` of the `Effects`
/// around it or among its values, and words in its `details`, so that the effects of a message cost no allocation.
package enum Effect: Hashable, Sendable {
    /// A place in `Effects.bytes` or, of what is sent as the plan has it, in the program: `ExecutionContext.literals`.
    package struct Payload: Hashable, Sendable, BitwiseCopyable {
        package var start: UInt32
        package var count: UInt32
        package var isLiteral = false

        package var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
    }

    /// Open a connection to `Effects.connectOrders[index]`.
    case connect(index: Int)
    /// Give up the connect that is under way.
    case abandonConnect
    case send(Payload, isBinary: Bool, fragments: UInt32, group: UInt16)
    /// The same with a value for its payload: ``Effects/withBytes(ofValue:_:)``.
    case sendValue(index: Int, isBinary: Bool, fragments: UInt32, group: UInt16)
    case ping(Payload)
    case pong(Payload)
    /// Start the close handshake.
    case close(code: UInt16, reason: Payload)
    /// Drop the connection without a word.
    case abort
    /// A line for the log.
    case log(LogLevel, Payload)
    /// A sample of `checks`; `name` is an index of the program's `checkNames`.
    case check(name: UInt32, passed: Bool, group: UInt16)
    /// Words about the check sample before it, which is the first of its name to fail here.
    case checkFailure(detail: Int)
    /// An await met its message this long after what it counts from; negative times do not occur.
    case awaited(index: UInt32, nanoseconds: Int64)
    /// A sample of the metric of a measure, `index` among the program's.
    case measured(index: UInt32, nanoseconds: Int64)
    /// A sample of the metric of a record, `index` among the program's: a number, 0 or 1 of a rate, milliseconds of a trend
    /// of times.
    case recorded(index: UInt32, sample: Double)
    /// A tick ran this long after it was due.
    case timerLag(nanoseconds: Int64)
    /// An error of the session was raised; `group` is that of the step that met it.
    case error(ErrorKind, detail: Int, group: UInt16)
    /// An established session is closed. The code as RFC 6455 §7.1.5 defines it: 1005 for none in the peer's Close, 1006
    /// for no Close at all.
    case sessionClosed(code: UInt16, by: CloseFact.Initiator)
    /// The inbox was full: its oldest message was dropped.
    case inboxDropped
    /// End the whole run; the reason is a detail.
    case stopRun(detail: Int)
    /// The iteration is over. `failed`: an expectation was not met, a check failed or an error was raised.
    /// `cut`: the end of the load ended it early.
    case iterationOver(failed: Bool, cut: Bool)
}

/// How much a line of the log matters.
package enum LogLevel: UInt8, CaseIterable, Hashable, Sendable {
    case debug
    case info
    case warn
    case error

    package var name: String {
        switch self {
        case .debug: "debug"
        case .info: "info"
        case .warn: "warn"
        case .error: "error"
        }
    }
}

/// The effects of one or more stimuli, kept by their consumer and emptied after each use.
package struct Effects {
    /// Something rare that needs words.
    package struct Detail {
        /// The message of an error, a reason, or why a check failed where its condition does not say it all.
        package var text: String
        /// The plan's text that it is about.
        package var span: SourceSpan?
        /// The parts of the expression that is to blame, and their values.
        package var operands: [Explained]
    }

    /// Where to connect to, all templates rendered.
    package struct ConnectOrder {
        /// A text, and the plan's template that gave it.
        package struct Text {
            package var text: String
            package var span: SourceSpan
        }

        package var url: Text
        package var headers: [(name: String, value: Text)] = []
        package var subprotocols: [Text] = []
        package var origin: Text?
        package var cookies: [(name: String, value: Text)] = []
    }

    package var list: [Effect] = []
    package var bytes: [UInt8] = []
    /// Strings and bytes that are sent as they are.
    private var values: [Value] = []
    package var details: [Detail] = []
    package var connectOrders: [ConnectOrder] = []

    /// How much of what is sent lies elsewhere, in bytes.
    private(set) var uncopiedByteCount = 0

    package init() {}

    /// All payloads together.
    var byteCount: Int { bytes.count + uncopiedByteCount }

    /// Bytes of payload that one stimulus may bring about: 64 MiB, more than a connection takes that nobody reads.
    package static let byteLimit = 64 << 20
    /// More than that is given back when it has been used.
    private static let keptByteCapacity = 1 << 20

    /// Forgets everything and keeps the usual room.
    package mutating func removeAll() {
        // One or two are the rule. (`removeAll` takes more than a hundred instructions for any number.)
        while list.popLast() != nil {}
        if !bytes.isEmpty { bytes.removeAll(keepingCapacity: bytes.capacity <= Self.keptByteCapacity) }
        if !values.isEmpty { values.removeAll(keepingCapacity: true) }
        uncopiedByteCount = 0
        if !details.isEmpty { details.removeAll() }
        if !connectOrders.isEmpty { connectOrders.removeAll() }
    }

    mutating func append(_ effect: Effect) { list.append(effect) }

    /// A payload of the program's is to be sent.
    mutating func count(literal payload: Effect.Payload) { uncopiedByteCount += Int(payload.count) }

    /// A value of so many bytes is not copied to `bytes` to be sent. For an echo of 64 KiB the copy was between 2 µs and, where
    /// source and target lie badly for `rep movsb`, a third of the processor time.
    static let leastWholeByteCount = 4 << 10

    /// Keeps a string or bytes to be sent, and returns the index.
    mutating func keep(_ value: Value) -> Int {
        values.append(value)
        uncopiedByteCount += value.byteCount
        return values.count - 1
    }

    /// The bytes of a value that is sent as it is.
    package func withBytes(ofValue index: Int, _ body: (RawSpan) -> Void) {
        switch values[index] {
        case .bytes(let bytes): body(bytes.span.bytes)
        case .string(var text): text.withUTF8 { body(UnsafeRawBufferPointer($0).bytes) }
        case .null, .bool, .int, .uint, .double, .list, .map: preconditionFailure("a value that is no payload")
        }
    }

    /// Keeps words and returns their index.
    mutating func note(
        _ text: String, at span: SourceSpan? = nil, operands: [Explained] = []
    ) -> Int {
        details.append(Detail(text: text, span: span, operands: operands))
        return details.count - 1
    }

    /// What was appended to `bytes` since `start`.
    func payload(from start: Int) -> Effect.Payload {
        Effect.Payload(start: UInt32(start), count: UInt32(bytes.count - start))
    }
}

extension Value {
    /// The bytes of the payload that it is as it is; 0 for what is neither a string nor bytes.
    var byteCount: Int {
        switch self {
        case .bytes(let bytes): bytes.count
        case .string(let text): text.utf8.count
        case .null, .bool, .int, .uint, .double, .list, .map: 0
        }
    }
}
