import Expressions

/// One run of a handler, or one tick: where it is, and what it knows. It exists in a `VirtualUser` only while it is
/// parked; a task that runs through never leaves the stack.
struct Task {
    enum Parking {
        case running
        case wait
        /// Until `remaining` more messages match.
        case await(index: UInt32, remaining: Int, sinceNanoseconds: Int64?)
    }

    var address: Int
    var event: Program.Event
    var locals: [Value] = []
    var message = MessageFact.none
    /// What `message` was before each bound await around the task's place, innermost last.
    var outerMessages: [MessageFact] = []
    var error: ErrorFact?
    /// What it draws next.
    var random = RandomSeed(0).stream
    /// What the condition of the await that it has come to draws next.
    var judging = RandomSeed(0).stream
    /// The number of the message that started this handler, which none of its awaits takes; 0 for none. Ticks have that of
    /// the task that started their timer.
    var ownSequence: UInt64 = 0
    /// When what the task does now was due: latencies count from here, so that our own lateness is not hidden.
    var dueNanoseconds: Int64 = 0
    /// When the last `send` of this task was due.
    var sentNanoseconds: Int64?
    var parking = Parking.running
    /// When a parked task goes on at the latest.
    var deadlineNanoseconds = Int64.max
    /// Among all that is due at one time, the lower goes first.
    var order: UInt64 = 0

    /// Tasks of `on_error` and `on_close` run to their end, whatever became of the session.
    /// Inlined, because a call is made with a copy of the task.
    @inline(__always)
    var outlivesSession: Bool { event == .error || event == .close }

    init(address: Int, event: Program.Event) {
        self.address = address
        self.event = event
    }

    /// Becomes the task of a handler that starts, whatever it was before. What is the same already is not touched: no
    /// memory is allocated and no reference counted for a handler without variables of its own.
    mutating func begin(
        _ event: Program.Event, at address: UInt32, localCount: Int, message: MessageFact, error: ErrorFact?,
        ownSequence: UInt64, dueNanoseconds: Int64
    ) {
        self.address = Int(address)
        self.event = event
        if locals.count == localCount {
            for index in locals.indices { locals[index] = .null }
        } else {
            locals = Array(repeating: .null, count: localCount)
        }
        self.message = message
        if !outerMessages.isEmpty { outerMessages = [] }
        if self.error != nil || error != nil { self.error = error }
        self.ownSequence = ownSequence
        self.dueNanoseconds = dueNanoseconds
        sentNanoseconds = nil
        parking = .running
        deadlineNanoseconds = .max
        order = 0
    }
}

/// A timer that runs: of a session that only pings, most of its memory. What few timers have is behind a reference, which
/// took it from 264 bytes to 88.
struct RunningTimer {
    /// What its ticks know of the task that started it, where that knew anything.
    final class Inheritance {
        let locals: [Value]
        let message: MessageFact
        let error: ErrorFact?

        init(locals: [Value], message: MessageFact, error: ErrorFact?) {
            self.locals = locals
            self.message = message
            self.error = error
        }
    }

    var index: UInt32
    /// That of the task that started it, as is `ownSequence`.
    var event: Program.Event
    var ownSequence: UInt64
    var inheritance: Inheritance?
    var dueNanoseconds: Int64 = 0
    /// The time without jitter that the next tick counts from.
    var baseNanoseconds: Int64 = 0
    /// 0 for a one-shot timer.
    var intervalNanoseconds: Int64 = 0
    var jitterNanoseconds: Int64 = 0
    /// `Int64.max`: without end.
    var remainingTicks = Int64.max
    var order: UInt64
    /// What the random numbers of its ticks derive from.
    var seed: RandomSeed
    /// Ticks that there were.
    var tickCount: UInt64 = 0

    /// A tick that starts at the timer's body.
    func task(at address: UInt32) -> Task {
        var task = Task(address: Int(address), event: event)
        task.ownSequence = ownSequence
        task.dueNanoseconds = dueNanoseconds
        task.random = seed.branch(tickCount).stream
        if let inheritance {
            task.locals = inheritance.locals
            task.message = inheritance.message
            task.error = inheritance.error
        }
        return task
    }
}

/// Messages that no await has taken yet, oldest first, within bounds.
struct Inbox {
    struct Entry {
        var bytes: [UInt8]
        var isBinary: Bool
        var sequence: UInt64
        var receivedNanoseconds: Int64
    }

    static let countLimit = 1_024
    static let byteLimit = 4 << 20

    private(set) var entries: [Entry] = []
    private var byteCount = 0

    /// Adds a message and returns how many of the oldest had to go for it.
    mutating func append(_ entry: Entry) -> Int {
        entries.append(entry)
        byteCount += entry.bytes.count
        var dropped = 0
        while dropped < entries.count, entries.count - dropped > Self.countLimit || byteCount > Self.byteLimit {
            byteCount -= entries[dropped].bytes.count
            dropped += 1
        }
        if dropped > 0 { entries.removeFirst(dropped) }
        return dropped
    }

    mutating func remove(at index: Int) -> Entry {
        byteCount -= entries[index].bytes.count
        return entries.remove(at: index)
    }

    mutating func removeAll() {
        guard !entries.isEmpty else { return }
        entries = []
        byteCount = 0
    }
}
