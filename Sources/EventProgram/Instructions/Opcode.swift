/// What one instruction asks a virtual user to do. Each case: `operands → effect`.
///
/// `E T V D R K W M I` index the program's expressions, templates, values, durations, random payloads, checks, awaits, timers
/// and timer ids, `Q U C` its marks, measures and records, `N` its check names, `S` a variable's slot and `P` a program
/// address; `-` stands for an operand left out. *Parks* means that
/// control returns until a stimulus arrives. *Raises* means that the session gets an error of that kind and the task ends.
package enum Opcode: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    /// `→` ends the task.
    case end = 0x00
    /// `a:P →` goes on at P.
    case jump = 0x01
    /// `a:E b:P →` goes on at P unless condition E is true; one that cannot be evaluated is false.
    case unless = 0x02
    /// `a:S b:P →` goes on at P where local S is 0, else takes 1 from it; raises `expression` unless it is an int ≥ 0.
    case repeatNext = 0x03
    /// `a:S b:P →` S holds a list, S+1 the index of its next element: puts that element into S+2 and steps the index; at
    /// the end of the list goes on at P.
    case forNext = 0x04

    /// `a:S b:V →` the session's variable S becomes V.
    case setSession = 0x08
    /// `a:S b:V →` the task's variable S becomes V.
    case setLocal = 0x09
    /// `→` makes what was `message` before the innermost bound await the message again.
    case unbindMessage = 0x0A

    /// `→` connects to the scenario's target. Only the prologue of an iteration has it.
    case connect = 0x10
    /// `a:T b:V|- →` sends T as one text message in V fragments, else in one.
    case sendText = 0x11
    /// `a:T b:V|- →` sends the value of T in V fragments, else in one: binary for bytes, for anything else its text.
    case sendTyped = 0x12
    /// `a:T|- →` sends a Ping frame with payload T (RFC 6455 §5.5.2).
    case ping = 0x13
    /// `a:T|- →` sends an unsolicited Pong frame with payload T (RFC 6455 §5.5.3).
    case pong = 0x14
    /// `a:V|- b:T|- →` starts the close handshake with code V, else 1000, and reason T, which ends the session and the task.
    case close = 0x15
    /// `a:T b:V|- →` sends T as one binary message in V fragments, else in one.
    case sendBinary = 0x16
    /// `a:T b:V|- →` sends the bytes that T stands for in Base64 (RFC 4648 §4) as one binary message in V fragments, else in
    /// one; raises `expression` where it stands for none.
    case sendBase64 = 0x17
    /// `a:T b:V|- →` the same for hexadecimal digits.
    case sendHex = 0x18
    /// `a:R b:V|- →` sends one message of random bytes or characters as R says in V fragments, else in one.
    case sendRandom = 0x19

    /// `a:M →` starts timer M in the place of any that runs with the same id.
    case startTimer = 0x20
    /// `a:I →` stops the timer of id I where one runs.
    case cancelTimer = 0x21
    /// `a:D →` parks for the duration D.
    case wait = 0x22
    /// `a:W b:P|- →` parks until a message matches await W, and binds it; after its timeout goes on at P, or without one
    /// fails the check `await <name>` and closes the session.
    case await = 0x23

    /// `a:K →` a sample of `checks` for check K; one that cannot be evaluated has failed.
    case check = 0x30
    /// `a:T b:level →` a line for the log.
    case log = 0x31
    /// `a:T b:N →` fails the check N for the reason T and closes the session, which ends the task.
    case fail = 0x32
    /// `a:T →` ends the whole run with reason T, and the task.
    case stopRun = 0x33
    /// `a:Q →` mark Q runs from when what the task does now was due, in the place of one of the same key; raises
    /// `generator` where the session has too many.
    case mark = 0x34
    /// `a:U →` takes away the mark of measure U and samples the time since; without that mark it is counted and no more.
    case measure = 0x35
    /// `a:C →` a sample of record C's metric; raises `expression` where the value does not fit it.
    case record = 0x36
}

/// One step of a program: 12 bytes.
package struct Instruction: Hashable, Sendable, BitwiseCopyable {
    package var opcode: Opcode
    /// Index of the `group` tag in the program's names; `noGroup` outside of any group.
    package var group: UInt16
    package var a: UInt32
    package var b: UInt32

    /// The operand that was left out (`-`).
    package static let noOperand = UInt32.max
    /// The same for a group.
    package static let noGroup = UInt16.max

    package init(
        _ opcode: Opcode, a: UInt32 = noOperand, b: UInt32 = noOperand, group: UInt16 = noGroup
    ) {
        self.opcode = opcode
        self.group = group
        self.a = a
        self.b = b
    }
}
