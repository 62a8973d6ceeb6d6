import Dispatch
import Glibc

/// One run of a program to its end, with everything that it wrote.
package struct ProcessRunner: Sendable {
    /// A signal that is sent to the program, and when.
    package struct Signal: Sendable {
        package enum Stream: Sendable { case output, error }

        enum Trigger: Sendable {
            case text(Stream, String, times: Int)
            case delay(Duration)
        }

        let number: Int32
        let trigger: Trigger

        /// When a stream shows a text for the given time.
        package init(_ number: Int32, when stream: Stream = .error, shows text: String, times: Int = 1) {
            self.number = number
            trigger = .text(stream, text, times: times)
        }

        /// So long after the signal before it, or after the start: for what cannot be seen from outside.
        package init(_ number: Int32, after delay: Duration) {
            self.number = number
            trigger = .delay(delay)
        }
    }

    package struct Result: Sendable {
        /// Nil: it did not end by itself in time and was killed.
        package let ending: ChildProcess.Ending?
        package let output: String
        package let error: String
        package let elapsed: Duration
        /// How long it went on after the last of the signals; nil without one.
        package let elapsedSinceSignal: Duration?
        /// The most memory that it had at a time, in KiB, as of at most 10 ms before its end.
        package let peakResidentKiB: Int

        package var exitCode: Int32? {
            if case .exited(let code) = ending { code } else { nil }
        }
        package var outputLines: [Substring] { output.split(separator: "\n") }
        package var errorLines: [Substring] { error.split(separator: "\n") }
    }

    package var executable: String
    package var arguments: [String]
    package var environment: [String: String]
    package var input: [UInt8] = []
    package var output = ChildProcess.Output.pipe
    package var error = ChildProcess.Output.pipe
    /// Sent in this order; one is looked for only after those before it were sent.
    package var signals: [Signal] = []
    package var timeout: Duration

    /// The environment holds what programs cannot do without; nothing else of the tests' own is handed on.
    package init(
        _ executable: String, _ arguments: [String], environment: [String: String] = [:],
        timeout: Duration = .seconds(30)
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment.merging(Self.baseEnvironment) { given, _ in given }
        self.timeout = timeout
    }

    private static let baseEnvironment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"]

    /// Runs it on a thread of its own, so that it does not take one from the tests that run beside it.
    /// - Throws: `SystemCallFailure` when the program cannot be started.
    package func run() async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Swift.Result { try runToEnd() })
            }
        }
    }

    /// Reads and writes all streams as they become ready, so that no full pipe can hold anything up.
    private func runToEnd() throws -> Result {
        let clock = ContinuousClock()
        let started = clock.now
        let child = try ChildProcess(executable, arguments, environment: environment, output: output, error: error)
        var pump = try StreamPump(child, input: input)
        var waiting = signals[...]
        var lastSignal = started
        var peakResidentKiB = 0
        var ending: ChildProcess.Ending?
        while ending == nil || pump.isReading, clock.now - started < timeout {
            // Short waits, because the child's end alone wakes nobody.
            try pump.pass(milliseconds: 10)
            while let next = waiting.first, pump.isDue(next.trigger, since: lastSignal) {
                child.send(signal: next.number)
                waiting.removeFirst()
                lastSignal = clock.now
            }
            // What `wait4` says is no less than what the tests have had: it counts the memory in which the child was started.
            peakResidentKiB = ProcessStatus.number("VmHWM", of: child.processID) ?? peakResidentKiB
            ending = child.reapIfEnded()
        }
        if ending == nil { child.kill() }
        return Result(
            ending: ending, output: String(decoding: pump.output, as: UTF8.self),
            error: String(decoding: pump.error, as: UTF8.self), elapsed: clock.now - started,
            elapsedSinceSignal: waiting.count < signals.count ? clock.now - lastSignal : nil,
            peakResidentKiB: peakResidentKiB)
    }
}

/// What goes in and out of one child.
private struct StreamPump {
    private let child: ChildProcess
    private var input: ArraySlice<UInt8>
    private(set) var output: [UInt8] = []
    private(set) var error: [UInt8] = []
    private var outputDescriptor: Int32?
    private var errorDescriptor: Int32?

    init(_ child: ChildProcess, input: [UInt8]) throws {
        self.child = child
        self.input = input[...]
        outputDescriptor = child.standardOutput
        errorDescriptor = child.standardError
        if let writing = child.standardInput, fcntl(writing, F_SETFL, O_NONBLOCK) == -1 {
            throw SystemCallFailure("fcntl")
        }
        closeFinishedInput()
    }

    /// Whether there may be more output to come.
    var isReading: Bool { outputDescriptor != nil || errorDescriptor != nil }

    mutating func pass(milliseconds: Int32) throws {
        var descriptors: [pollfd] = []
        for reading in [outputDescriptor, errorDescriptor] {
            if let reading { descriptors.append(pollfd(fd: reading, events: Int16(POLLIN), revents: 0)) }
        }
        if let writing = child.standardInput {
            descriptors.append(pollfd(fd: writing, events: Int16(POLLOUT), revents: 0))
        }
        guard poll(&descriptors, nfds_t(descriptors.count), milliseconds) >= 0 || errno == EINTR else {
            throw SystemCallFailure("poll")
        }
        for ready in descriptors where ready.revents != 0 {
            if ready.fd == outputDescriptor {
                if !Self.read(ready.fd, into: &output) { outputDescriptor = nil }
            } else if ready.fd == errorDescriptor {
                if !Self.read(ready.fd, into: &error) { errorDescriptor = nil }
            } else {
                writeInput(to: ready.fd)
            }
        }
    }

    func isDue(_ trigger: ProcessRunner.Signal.Trigger, since last: ContinuousClock.Instant) -> Bool {
        switch trigger {
        case .delay(let delay): return ContinuousClock.now - last >= delay
        case .text(let stream, let text, let times):
            let bytes = stream == .output ? output : error
            return String(decoding: bytes, as: UTF8.self).split(separator: text, omittingEmptySubsequences: false)
                .count > times
        }
    }

    /// Returns false at the stream's end.
    private static func read(_ descriptor: Int32, into bytes: inout [UInt8]) -> Bool {
        let chunk = [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
            count = max(0, Glibc.read(descriptor, buffer.baseAddress, buffer.count))
        }
        bytes += chunk
        return !chunk.isEmpty
    }

    /// A child that has closed its input gets no more of it.
    private mutating func writeInput(to descriptor: Int32) {
        let written = input.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if written > 0 {
            input = input.dropFirst(written)
        } else if errno != EAGAIN, errno != EINTR {
            input = []
        }
        closeFinishedInput()
    }

    private func closeFinishedInput() {
        if input.isEmpty { child.closeStandardInput() }
    }
}
