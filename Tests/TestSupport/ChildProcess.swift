package import Glibc
import Synchronization

/// A program that was started by a test: its process id and our ends of its pipes.
/// Whoever starts one reaps it, with `reap` or `kill`; nothing but this one process is ever signalled.
package final class ChildProcess {
    package enum Ending: Equatable, Sendable {
        case exited(Int32)
        case signalled(Int32)
    }

    /// Where one of the child's output streams goes.
    package enum Output: Equatable, Sendable {
        /// To the test, through a pipe.
        case pipe
        /// Into a pipe that nobody reads any more: writing fails with EPIPE.
        case closedPipe
        /// Nowhere: the child starts without this stream, as after `>&-`.
        case closed
        /// Into a file, such as `/dev/full`.
        case file(String)
        /// To where the tests' own goes.
        case inherited
    }

    package let processID: pid_t
    /// Our ends; nil where the stream is not a pipe to us, or was closed.
    private(set) package var standardInput: Int32?
    private(set) package var standardOutput: Int32?
    private(set) package var standardError: Int32?
    private var ending: Ending?

    /// - Throws: `SystemCallFailure` when there is no such program or no descriptor left.
    package init(
        _ executable: String, _ arguments: [String], environment: [String: String], output: Output = .pipe,
        error: Output = .pipe
    ) throws {
        // A child that ended before it has read everything must not end the tests too.
        signal(SIGPIPE, SIG_IGN)
        let started = try Self.starting.withLock { _ in
            try Started(executable, arguments, environment, output: output, error: error)
        }
        processID = started.processID
        standardInput = started.input
        standardOutput = started.output
        standardError = started.error
    }

    /// Held while a child is started: another one started between the making of a pipe and its mark "closed on exec"
    /// would inherit the pipe and hold it open.
    private static let starting = Mutex(())

    deinit {
        closeStandardInput()
        if let standardOutput { close(standardOutput) }
        if let standardError { close(standardError) }
    }

    /// Waits for the next line of standard output and returns it without its newline; nil at the end.
    package func readLine() -> String? {
        guard let standardOutput else { return nil }
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while read(standardOutput, &byte, 1) == 1 {
            if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
        return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
    }

    package func closeStandardInput() {
        guard let standardInput else { return }
        close(standardInput)
        self.standardInput = nil
    }

    /// Does nothing once the child has been reaped: its id may be another's by then.
    package func send(signal: Int32) {
        guard ending == nil else { return }
        Glibc.kill(processID, signal)
    }

    /// How the child ended, or nil while it runs.
    package func reapIfEnded() -> Ending? { wait(WNOHANG) }

    /// Waits for the child's end.
    package func reap() -> Ending {
        guard let ending = wait(0) else { preconditionFailure("waitpid \(processID) came back without a status") }
        return ending
    }

    /// Ends the child at once and waits for that.
    package func kill() {
        send(signal: SIGKILL)
        _ = reap()
    }

    private func wait(_ options: Int32) -> Ending? {
        if let ending { return ending }
        var status: Int32 = 0
        var reaped = waitpid(processID, &status, options)
        while reaped == -1, errno == EINTR { reaped = waitpid(processID, &status, options) }
        guard reaped == processID else { return nil }
        let signal = status & 0x7f
        ending = signal == 0 ? .exited((status >> 8) & 0xff) : .signalled(signal)
        return ending
    }
}

/// What is left for the parent once a child has been started.
private struct Started: Sendable {
    var processID: pid_t = 0
    var input: Int32
    var output: Int32?
    var error: Int32?

    init(
        _ executable: String, _ arguments: [String], _ environment: [String: String], output: ChildProcess.Output,
        error: ChildProcess.Output
    ) throws {
        var files = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&files)
        defer { posix_spawn_file_actions_destroy(&files) }
        var descriptorsOfChild: [Int32] = []
        defer { for descriptor in descriptorsOfChild { close(descriptor) } }

        func connect(_ stream: Int32, to destination: ChildProcess.Output) throws -> Int32? {
            switch destination {
            case .inherited:
                return nil
            case .closed:
                posix_spawn_file_actions_addclose(&files, stream)
                return nil
            case .file(let path):
                posix_spawn_file_actions_addopen(&files, stream, path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
                return nil
            case .pipe, .closedPipe:
                let pipe = try Pipe()
                descriptorsOfChild.append(pipe.writing)
                posix_spawn_file_actions_adddup2(&files, pipe.writing, stream)
                if destination == .pipe { return pipe.reading }
                close(pipe.reading)
                return nil
            }
        }

        let pipe = try Pipe()
        descriptorsOfChild.append(pipe.reading)
        posix_spawn_file_actions_adddup2(&files, pipe.reading, 0)
        input = pipe.writing
        self.output = try connect(1, to: output)
        self.error = try connect(2, to: error)
        processID = try Self.spawn(executable, arguments, environment, &files)
    }

    /// Starts the program with every signal at its default, as a shell in the foreground does.
    private static func spawn(
        _ executable: String, _ arguments: [String], _ environment: [String: String],
        _ files: inout posix_spawn_file_actions_t
    ) throws -> pid_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        let argumentVector = ([executable] + arguments).map { strdup($0) } + [nil]
        let environmentVector = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in argumentVector + environmentVector { free(text) } }
        var processID: pid_t = 0
        let code = posix_spawn(&processID, executable, &files, &attributes, argumentVector, environmentVector)
        guard code == 0 else { throw SystemCallFailure("posix_spawn \(executable)", code: code) }
        return processID
    }

    /// Both ends are closed in the child, but for what it was given as a standard stream.
    private struct Pipe {
        let reading: Int32
        let writing: Int32

        init() throws {
            var ends: [Int32] = [0, 0]
            guard pipe(&ends) == 0 else { throw SystemCallFailure("pipe") }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            (reading, writing) = (ends[0], ends[1])
        }
    }
}
