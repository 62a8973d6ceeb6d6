import CLinux
import Dispatch
import Glibc
import LoadRunner
import Synchronization
import WebSocketTransport

/// SIGINT and SIGTERM as events. While there is nothing that has to be brought to an end, one of them ends the process; then
/// the first of them calls a handler, and a second one ends the process at once, whatever state it is in. The same signal within
/// 100 ms is the first one still: timeout(1) sends each to the process and to its group.
///
/// The handler of the system does nothing but `write(2)` to an eventfd (signal-safety(7)); the rest happens on a queue.
final class SignalWatch: @unchecked Sendable {
    // Sendable: what changes has a lock; the source is made once and only kept alive here.

    private let handler = Mutex<(@Sendable (LoadRun.Signal) -> Void)?>(nil)
    private let arrived = DispatchSemaphore(value: 0)
    private let source: any DispatchSourceRead

    /// What the system's handler reaches: set once, before it is installed.
    private static let descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    private static let received = Atomic<Int32>(0)
    /// When the first one came; 0 before.
    private static let receivedNanoseconds = Atomic<Int64>(0)
    private static let echoNanoseconds: Int64 = 100_000_000
    private static let isHeldBack = Atomic<Bool>(false)

    init() {
        source = DispatchSource.makeReadSource(
            fileDescriptor: Self.descriptor, queue: DispatchQueue(label: "wsplan.signals"))
        source.setEventHandler { [self] in
            var count: UInt64 = 0
            read(Self.descriptor, &count, MemoryLayout<UInt64>.size)
            arrived.signal()
            if let signal = Self.signal { handler.withLock { $0 }?(signal) }
        }
        source.resume()
        for number in [SIGINT, SIGTERM] {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { number in
                // Within the handler: no lock, no queue, nothing that could be stuck.
                guard SignalWatch.isHeldBack.load(ordering: .acquiring) else { _exit(128 + number) }
                let now = MonotonicClock.nowNanoseconds
                let (isFirst, first) = SignalWatch.received.compareExchange(
                    expected: 0, desired: number, ordering: .relaxed)
                guard isFirst else {
                    let before = SignalWatch.receivedNanoseconds.load(ordering: .relaxed)
                    // The other one may be about to be noted, on another thread.
                    if first == number, before == 0 || now - before < SignalWatch.echoNanoseconds { return }
                    _exit(128 + number)
                }
                SignalWatch.receivedNanoseconds.store(now, ordering: .relaxed)
                var one: UInt64 = 1
                write(SignalWatch.descriptor, &one, MemoryLayout<UInt64>.size)
            }
            action.sa_flags = SA_RESTART
            sigaction(number, &action, nil)
        }
    }

    /// From here on the first signal does not end the process: whoever calls this brings what it does to an end.
    func holdBack() { Self.isHeldBack.store(true, ordering: .releasing) }

    /// Who is told, if anybody; at once if a signal has come already. A signal that comes at that very moment may be told twice.
    func onSignal(_ newHandler: (@Sendable (LoadRun.Signal) -> Void)?) {
        handler.withLock { $0 = newHandler }
        if let newHandler, let signal = Self.signal { newHandler(signal) }
    }

    /// The signal that has come.
    static var signal: LoadRun.Signal? {
        switch received.load(ordering: .relaxed) {
        case 0: nil
        case SIGTERM: .terminate
        default: .interrupt
        }
    }

    /// Waits for the first signal.
    func wait() { arrived.wait() }
}
