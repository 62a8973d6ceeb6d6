import CLinux
import Dispatch
import Glibc
import LoadRunner
import Synchronization

/// SIGINT and SIGTERM as events: the first of them calls a handler, a second one ends the process at once, whatever
/// state it is in.
///
/// The handler of the system does nothing but `write(2)` to an eventfd (signal-safety(7)); the rest happens on a queue.
final class SignalWatch: @unchecked Sendable {
    // Sendable: what changes has a lock; the source is made once and only kept alive here.

    private let handler = Mutex<(@Sendable (LoadRun.Signal) -> Void)?>(nil)
    private let first = Mutex<LoadRun.Signal?>(nil)
    private let arrived = DispatchSemaphore(value: 0)
    private let source: any DispatchSourceRead

    /// What the system's handler reaches: set once, before it is installed.
    private static let descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    private static let received = Atomic<Int32>(0)

    init() {
        source = DispatchSource.makeReadSource(
            fileDescriptor: Self.descriptor, queue: DispatchQueue(label: "wsplan.signals"))
        source.setEventHandler { [self] in
            var count: UInt64 = 0
            read(Self.descriptor, &count, MemoryLayout<UInt64>.size)
            let signal: LoadRun.Signal = Self.received.load(ordering: .relaxed) == SIGTERM ? .terminate : .interrupt
            report(signal)
        }
        source.resume()
        for number in [SIGINT, SIGTERM] {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { number in
                // The second one ends the process from within the handler: no lock, no queue, nothing that could be stuck.
                guard SignalWatch.received.exchange(number, ordering: .relaxed) == 0 else { _exit(128 + number) }
                var one: UInt64 = 1
                write(SignalWatch.descriptor, &one, MemoryLayout<UInt64>.size)
            }
            sigaction(number, &action, nil)
        }
    }

    /// Who is told; at once if a signal has come already.
    func onSignal(_ newHandler: @escaping @Sendable (LoadRun.Signal) -> Void) {
        handler.withLock { $0 = newHandler }
        if let signal = first.withLock({ $0 }) { newHandler(signal) }
    }

    /// The signal that has come.
    var signal: LoadRun.Signal? { first.withLock { $0 } }

    /// Waits for the first signal.
    func wait() { arrived.wait() }

    private func report(_ signal: LoadRun.Signal) {
        first.withLock { $0 = $0 ?? signal }
        arrived.signal()
        handler.withLock { $0 }?(signal)
    }
}
