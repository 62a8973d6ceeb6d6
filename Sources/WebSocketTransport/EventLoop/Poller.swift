import CLinux
import Glibc

/// An epoll set, level-triggered, with a timerfd and an eventfd inside it: everything that can wake a loop makes this one
/// descriptor readable.
struct Poller: ~Copyable {
    /// What the event data of the set's own descriptors look like: slots no connection table ever reaches.
    static let timerToken = ConnectionID(slot: .max, generation: 0)
    static let wakeToken = ConnectionID(slot: .max, generation: 1)

    /// How many such tokens the set has for itself; those of listeners follow.
    static let reservedTokens = 2

    static func token(ofListener index: Int) -> ConnectionID {
        ConnectionID(slot: .max, generation: UInt32(reservedTokens + index))
    }

    static let readable = EPOLLIN.rawValue
    static let writable = EPOLLOUT.rawValue
    static let failed = EPOLLERR.rawValue | EPOLLHUP.rawValue

    /// Events taken in one wait. Few enough that timers get their turn within a fraction of a millisecond.
    private static let capacity = 128

    let descriptor: Int32
    private let timer: Int32
    /// What other threads use to wake the loop.
    let wakeDescriptor: Int32
    private let events: UnsafeMutablePointer<epoll_event>
    /// What the timerfd is set to; `Int64.max` when it is not, or has expired.
    private var armedNanoseconds = Int64.max
    /// The timerfd has expired and stays readable until it is set again.
    private var isExpired = false
    private var isClosed = false

    init() throws(SystemCallError) {
        let descriptors = try Self.makeDescriptors()
        descriptor = descriptors.set
        timer = descriptors.timer
        wakeDescriptor = descriptors.wake
        events = .allocate(capacity: Self.capacity)
        events.initialize(repeating: epoll_event(), count: Self.capacity)
    }

    /// Opens the three descriptors and puts the latter two into the set.
    private static func makeDescriptors() throws(SystemCallError) -> (set: Int32, timer: Int32, wake: Int32) {
        var made: [Int32] = []
        do throws(SystemCallError) {
            made.append(try checked("epoll_create1", epoll_create1(Int32(EPOLL_CLOEXEC))))
            made.append(
                try checked("timerfd_create", timerfd_create(CLOCK_MONOTONIC, Int32(TFD_NONBLOCK | TFD_CLOEXEC))))
            made.append(try checked("eventfd", eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))))
            for (descriptor, token) in zip(made[1...], [timerToken, wakeToken]) {
                _ = try checked("epoll_ctl", control(made[0], EPOLL_CTL_ADD, descriptor, token, readable))
            }
        } catch {
            for descriptor in made { Glibc.close(descriptor) }
            throw error
        }
        return (made[0], made[1], made[2])
    }

    private static func checked(_ call: String, _ result: Int32) throws(SystemCallError) -> Int32 {
        guard result >= 0 else { throw SystemCallError(call: call, errno: errno) }
        return result
    }

    private static func control(
        _ set: Int32, _ operation: Int32, _ watched: Int32, _ token: ConnectionID, _ interest: UInt32
    ) -> Int32 {
        var event = epoll_event(events: interest, data: epoll_data(u64: token.rawValue))
        return epoll_ctl(set, operation, watched, &event)
    }

    deinit {
        if !isClosed { closeDescriptors() }
        events.deallocate()
    }

    /// Gives the descriptors back; nothing else may be called after that.
    mutating func close() {
        isClosed = true
        closeDescriptors()
    }

    private func closeDescriptors() {
        for descriptor in [wakeDescriptor, timer, descriptor] { Glibc.close(descriptor) }
    }

    /// Watches a descriptor; false where the kernel has no room for it (errno says why).
    func add(_ watched: Int32, token: ConnectionID, interest: UInt32) -> Bool {
        Self.control(descriptor, EPOLL_CTL_ADD, watched, token, interest) == 0
    }

    /// Changes what a watched descriptor is watched for.
    func modify(_ watched: Int32, token: ConnectionID, interest: UInt32) {
        guard Self.control(descriptor, EPOLL_CTL_MOD, watched, token, interest) == 0 else {
            preconditionFailure("epoll lost descriptor \(watched): \(errorText(errno))")
        }
    }

    /// Stops watching. To be called before a descriptor is closed whose token stays in use: a copy of it in a child process,
    /// on its way to `exec`, would keep it in the set.
    func remove(_ watched: Int32) {
        epoll_ctl(descriptor, EPOLL_CTL_DEL, watched, nil)
    }

    /// Waits for events, at most `milliseconds`; returns how many there are.
    func wait(milliseconds: Int32) -> Int {
        max(0, Int(epoll_wait(descriptor, events, Int32(Self.capacity), milliseconds)))
    }

    /// One event of the last wait.
    func event(_ index: Int) -> (token: ConnectionID, readiness: UInt32) {
        (ConnectionID(rawValue: events[index].data.u64), events[index].events)
    }

    /// Sees to it that the set wakes up at `dueNanoseconds` at the latest, nil being never. A timer set to an earlier time
    /// is left as it is: waking once for nothing costs less than a system call at every change.
    mutating func wake(atNanoseconds dueNanoseconds: Int64?) {
        guard isExpired || dueNanoseconds ?? .max < armedNanoseconds else { return }
        isExpired = false
        armedNanoseconds = dueNanoseconds ?? .max
        // A setting of zero disarms the timer.
        let due = dueNanoseconds.map { max(1, $0) } ?? 0
        var setting = itimerspec()
        setting.it_value = timespec(tv_sec: Int(due / 1_000_000_000), tv_nsec: Int(due % 1_000_000_000))
        timerfd_settime(timer, Int32(TFD_TIMER_ABSTIME), &setting, nil)
    }

    /// To be called after an event with ``timerToken``. There is nothing to read: setting the timer again, which
    /// ``wake(atNanoseconds:)`` does before the next wait, takes the expiry away.
    mutating func timerExpired() {
        isExpired = true
        armedNanoseconds = .max
    }

    /// Makes the set readable, from any thread.
    static func wakeUp(_ wakeDescriptor: Int32) {
        var one: UInt64 = 1
        write(wakeDescriptor, &one, 8)
    }

    /// Takes the wake-ups in, after an event with ``wakeToken``.
    func wokenUp() {
        var count: UInt64 = 0
        read(wakeDescriptor, &count, 8)
    }
}
