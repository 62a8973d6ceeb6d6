package import Expressions

/// One virtual user: a machine without clock and socket. It is given a stimulus and the time, executes what the program
/// has for it, and leaves its wishes in the context's effects.
///
/// An iteration is one session: connect, handshake, `on_open`, events, closed. Between its stimuli a user is nothing but
/// this value; the tasks in it are the parked ones.
package struct VirtualUser {
    /// Where its iteration stands.
    package enum Phase {
        /// Between two iterations.
        case idle
        case connecting
        /// The session is open; whether it has ended as far as the plan is concerned, `endedBy` says.
        case open
        /// There is no connection any more, or never was one: the tasks that outlive it run to their end.
        case over
    }

    /// From 1 in each scenario.
    package let id: Int64
    /// From 0; -1 before the first.
    package internal(set) var iteration: Int64 = -1
    /// When it wants to be woken, on the monotonic clock; `Int64.max` for never.
    package internal(set) var wakeNanoseconds = Int64.max

    /// Anything but `idle`: an iteration is under way. Other modules read this and decide for themselves: a computed property
    /// would be called with a copy of the user, for which 24 references are counted.
    package internal(set) var phase = Phase.idle
    /// What ended the session; nil while it goes on. From then on no task starts but those of `on_error` and `on_close`.
    var endedBy: CloseFact.Initiator?
    /// Whether a Close frame of ours, or the end of the connection, makes sending an error.
    var cannotSend: Bool { phase != .open || endedBy != nil }
    var failed = false
    var cut = false
    var hasVUVariables = false

    var runIteration: Int64 = 0
    var variables: [Value]
    var counters: [String: Int64] = [:]
    var randomness: Randomness
    var response: ResponseFact?
    var closeFact: CloseFact?

    var tasks: [Task] = []
    var timers: [RunningTimer] = []
    var inbox = Inbox()
    /// The marks that run.
    var marks: MarkTable
    /// Errors raised by the task that runs; their handlers start when it has ended or parked.
    var raisedErrors: [ErrorFact] = []
    var messageSequence: UInt64 = 0
    var nextOrder: UInt64 = 0
    var openedNanoseconds: Int64 = 0
    var sessionDeadlineNanoseconds = Int64.max

    /// Tasks and timers that a session may have at once (plan-language §2).
    static let taskLimit = 1_024

    /// - Parameter seed: what its random numbers derive from, which is another one for each user.
    package init(id: Int64, program: Program, seed: RandomSeed) {
        self.id = id
        randomness = Randomness(of: seed, handlerCount: program.handlers.count)
        variables = Array(repeating: .null, count: program.variableCount)
        marks = MarkTable(slotCount: program.image.markSlotCount)
    }

    /// Takes a stimulus and runs until it needs the outside world again. What it wants is appended to the context's
    /// effects; afterwards `wakeNanoseconds` says when it wants a `wake`.
    package mutating func next(
        after stimulus: consuming Stimulus, atNanoseconds now: Int64, in context: inout ExecutionContext
    ) {
        context.nowNanoseconds = now
        context.budget = InstructionBudget()
        enter(&context)
        handle(stimulus, &context)
        settle(&context)
        leave(&context)
    }

    private mutating func handle(_ stimulus: consuming Stimulus, _ context: inout ExecutionContext) {
        switch stimulus {
        case .start(let runIteration, let rows): start(runIteration: runIteration, rows: rows, &context)
        case .opened(let response, let duration): opened(response, afterNanoseconds: duration, &context)
        case .connectFailed(let kind, let message, let response, let span):
            connectFailed(kind, message, response, at: span, &context)
        case .message(let bytes, let isBinary): received(bytes, isBinary: isBinary, &context)
        case .ping: observed(.ping, &context)
        case .pong: observed(.pong, &context)
        case .peerClosing(let code, let reason): peerClosing(code: code, reason: reason, &context)
        case .sessionFailed(let kind, let message): sessionFailed(kind, message, &context)
        case .closed(let code, let reason): closed(code: code, reason: reason, &context)
        case .wake: wake(&context)
        case .loadEnded: loadEnded(&context)
        case .abandoned: abandoned(&context)
        }
    }

    /// Lends this user's state to the context for the length of one stimulus. Everything is moved, nothing copied.
    private mutating func enter(_ context: inout ExecutionContext) {
        swap(&context.evaluation.variables, &variables)
        swap(&context.evaluation.counters, &counters)
        swap(&context.evaluation.response, &response)
        context.evaluation.vuID = id
        context.evaluation.vuIteration = iteration
        context.evaluation.runIteration = runIteration
        if closeFact != nil { context.evaluation.close = closeFact }
    }

    private mutating func leave(_ context: inout ExecutionContext) {
        swap(&context.evaluation.variables, &variables)
        swap(&context.evaluation.counters, &counters)
        swap(&context.evaluation.response, &response)
        context.evaluation.message = .none
        if context.evaluation.error != nil { context.evaluation.error = nil }
        if context.evaluation.close != nil { context.evaluation.close = nil }
    }

    /// Starts what the stimulus has left to start, ends the iteration where nothing is left, and sets the alarm.
    private mutating func settle(_ context: inout ExecutionContext) {
        startErrorHandlers(&context)
        if phase == .over, tasks.isEmpty {
            phase = .idle
            settleMarks(&context)
            context.effects.append(.iterationOver(failed: failed, cut: cut))
        }
        if !inbox.entries.isEmpty, !canReachAwait(context.program) { inbox.removeAll() }
        setAlarm()
    }

    private mutating func setAlarm() {
        var wake = sessionDeadlineNanoseconds
        for task in tasks where task.deadlineNanoseconds < wake { wake = task.deadlineNanoseconds }
        for timer in timers where timer.dueNanoseconds < wake { wake = timer.dueNanoseconds }
        wakeNanoseconds = wake
    }

    mutating func takeOrder() -> UInt64 {
        nextOrder += 1
        return nextOrder
    }
}
