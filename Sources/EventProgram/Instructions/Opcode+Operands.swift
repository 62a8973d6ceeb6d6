/// What the operands of each opcode are: the one place that verifier and listing read it from.
extension Opcode {
    enum Pool {
        case expression
        case template
        case value
        case duration
        case randomPayload
        case check
        case checkName
        case await
        case timer
        case timerID
        case mark
        case measure
        case record
    }

    struct Operand {
        enum Room {
            case unused
            case address
            case sessionSlot
            case localSlot
            case level
            case pool(Pool)
        }

        var room: Room
        var isOptional = false

        static let unused = Operand(room: .unused)
        static let address = Operand(room: .address)

        static func of(_ pool: Pool) -> Operand { Operand(room: .pool(pool)) }
        static func optional(_ room: Room) -> Operand { Operand(room: room, isOptional: true) }
    }

    /// `a` and `b`.
    var operands: [Operand] {
        switch self {
        case .end, .unbindMessage, .connect: [.unused, .unused]
        case .jump: [.address, .unused]
        case .unless: [.of(.expression), .address]
        case .repeatNext, .forNext: [Operand(room: .localSlot), .address]
        case .setSession: [Operand(room: .sessionSlot), .of(.value)]
        case .setLocal: [Operand(room: .localSlot), .of(.value)]
        case .sendText, .sendTyped, .sendBinary, .sendBase64, .sendHex: [.of(.template), .optional(.pool(.value))]
        case .sendRandom: [.of(.randomPayload), .optional(.pool(.value))]
        case .ping, .pong: [.optional(.pool(.template)), .unused]
        case .close: [.optional(.pool(.value)), .optional(.pool(.template))]
        case .startTimer: [.of(.timer), .unused]
        case .cancelTimer: [.of(.timerID), .unused]
        case .wait: [.of(.duration), .unused]
        case .await: [.of(.await), .optional(.address)]
        case .check: [.of(.check), .unused]
        case .log: [.of(.template), Operand(room: .level)]
        case .fail: [.of(.template), .of(.checkName)]
        case .stopRun: [.of(.template), .unused]
        case .mark: [.of(.mark), .unused]
        case .measure: [.of(.measure), .unused]
        case .record: [.of(.record), .unused]
        }
    }

    /// Whether nothing comes after it.
    var endsTask: Bool {
        switch self {
        case .end, .close, .fail, .stopRun: true
        default: false
        }
    }
}
