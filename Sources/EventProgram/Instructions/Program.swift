package import Diagnostics
import Expressions

/// What the virtual users of one scenario execute: instructions, what they refer to, and where each came from.
///
/// Immutable and shared by all loops. Only a program that the verifier accepts comes to be.
package final class Program: Sendable {
    /// Something that the transport reports and handlers wait for.
    package enum Event: UInt8, CaseIterable, Sendable {
        case open
        case message
        case ping
        case pong
        case close
        case error
    }

    /// Where the task of a handler starts.
    package struct Handler: Sendable {
        package var event: Event
        package var name: String?
        /// The handler's `if`, an index of the expressions; without one it always starts.
        package var condition: UInt32?
        package var address: UInt32
        package var localCount: Int

        package init(
            event: Event, name: String? = nil, condition: UInt32? = nil, address: UInt32, localCount: Int
        ) {
            self.event = event
            self.name = name
            self.condition = condition
            self.address = address
            self.localCount = localCount
        }
    }

    /// A stretch of code that runs outside of handlers: the values of `vu_vars`, or of `vars` and the connect.
    package struct Prologue: Sendable {
        package var address: UInt32
        package var localCount: Int

        package init(address: UInt32, localCount: Int = 0) {
            self.address = address
            self.localCount = localCount
        }
    }

    /// A source of the plan's `data` that the program reads.
    package struct DataSource: Sendable {
        package var name: String
        /// Its place among the sources of the plan.
        package var index: Int
        /// The variable that a row becomes. Below `vuVariableCount` it is dealt once for each VU, else for each iteration.
        package var slot: Int
        /// The file and how it is dealt, for people.
        package var words: String

        package init(name: String, index: Int, slot: Int, words: String) {
            self.name = name
            self.index = index
            self.slot = slot
            self.words = words
        }
    }

    package let scenario: String
    package let instructions: [Instruction]
    /// Where each instruction came from; parallel to `instructions`.
    package let spans: [SourceSpan]
    package let pools: Pools
    /// In the order in which they start: `on_<event>` before `handlers`.
    package let handlers: [Handler]
    package let vuPrologue: Prologue
    package let iterationPrologue: Prologue
    package let target: Target
    package let expectations: Expectations
    package let timeouts: Timeouts
    package let data: [DataSource]
    /// Slots `0..<vuVariableCount` live as long as the VU, the others up to `variableCount` for one iteration.
    package let vuVariableCount: Int
    package let variableCount: Int

    /// What messages execute.
    let image: ProgramImage
    /// For each address: can an `await` still be reached from it, by the task or by a timer that it may start?
    let reachesAwait: [Bool]
    /// For each address: may the task still look at `message`, so that parking has to keep it?
    let reachesMessage: [Bool]
    /// Whether anything looks at `response`, so that sessions have to keep it.
    let readsResponse: Bool

    /// Whether anything looks at the answer that opens a session, but for its status.
    package var readsOpening: Bool { readsResponse || !expectations.answers.isEmpty }

    package init(
        scenario: String, instructions: [Instruction], spans: [SourceSpan], pools: Pools, handlers: [Handler],
        vuPrologue: Prologue, iterationPrologue: Prologue, target: Target, expectations: Expectations,
        timeouts: Timeouts, data: [DataSource] = [], vuVariableCount: Int, variableCount: Int
    ) throws(VerificationError) {
        try Verifier(
            instructions: instructions, spans: spans, pools: pools, handlers: handlers,
            entries: [vuPrologue, iterationPrologue], expectations: expectations, data: data,
            variableCount: variableCount
        ).verify()
        self.scenario = scenario
        self.instructions = instructions
        self.spans = spans
        self.pools = pools
        self.handlers = handlers
        self.vuPrologue = vuPrologue
        self.iterationPrologue = iterationPrologue
        self.target = target
        self.expectations = expectations
        self.timeouts = timeouts
        self.data = data
        self.vuVariableCount = vuVariableCount
        self.variableCount = variableCount
        image = ProgramImage(instructions: instructions, handlers: handlers, pools: pools)
        let flow = ControlFlow(instructions: instructions, pools: pools)
        reachesAwait = flow.addresses(reaching: { $0.opcode == .await })
        reachesMessage = flow.addresses(reaching: { pools.facts(of: $0).contains(.message) })
        // The conditions of handlers and awaits are operands of no instruction.
        readsResponse =
            pools.expressions.contains { $0.facts.contains(.response) }
            || instructions.contains { pools.facts(of: $0).contains(.response) }
    }

    deinit {
        image.deallocate()
    }

    /// Whether any session of this program ever needs an inbox.
    var hasAwait: Bool { !pools.awaits.isEmpty }

    /// Whether anything listens for `event`.
    package func handles(_ event: Event) -> Bool { !image.handlers(of: event).isEmpty }
}

extension Program {
    /// How long things may take, in nanoseconds.
    package struct Timeouts: Hashable, Sendable {
        package var connectNanoseconds: Int64
        package var awaitNanoseconds: Int64
        package var closeNanoseconds: Int64
        /// After it the session is closed with 1000, without failure; nil: never.
        package var sessionNanoseconds: Int64?

        package init(
            connectNanoseconds: Int64 = 10_000_000_000, awaitNanoseconds: Int64 = 5_000_000_000,
            closeNanoseconds: Int64 = 5_000_000_000, sessionNanoseconds: Int64? = nil
        ) {
            self.connectNanoseconds = connectNanoseconds
            self.awaitNanoseconds = awaitNanoseconds
            self.closeNanoseconds = closeNanoseconds
            self.sessionNanoseconds = sessionNanoseconds
        }
    }
}
