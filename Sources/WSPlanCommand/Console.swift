import Glibc
import LoadRunner
import RunReports

/// Where the commands write. A stream that nobody reads, or a full disk, ends no command early; whoever needs to know is told.
package struct Console: Sendable {
    package var output: Int32
    package var error: Int32

    package static let standard = Console(output: STDOUT_FILENO, error: STDERR_FILENO)

    package init(output: Int32, error: Int32) {
        self.output = output
        self.error = error
    }

    /// Why bytes could not be written, as `errno`.
    struct WriteError: Error {
        var code: Int32

        var reason: String { String(cString: strerror(code)) }
    }

    func print(_ text: String) throws(WriteError) { try Self.write(Array(text.utf8), to: output) }

    /// A line for people. If even that cannot be written, there is nobody to tell.
    func complain(_ text: String) { try? Self.write(Array((text + "\n").utf8), to: error) }

    /// A sink for the lines of `log` steps.
    func logSink() -> LogSink {
        let descriptor = error
        return LogSink(isHurried: { SignalWatch.signal != nil }) { Self.writeLog($0, to: descriptor) }
    }

    /// A sink for the lines of a transcript, of which none is too many for a second.
    func transcriptSink() -> LogSink {
        let descriptor = error
        return LogSink(linesPerSecond: .max, isHurried: { SignalWatch.signal != nil }) {
            Self.writeLog($0, to: descriptor)
        }
    }

    /// A sink gives up by itself what nobody takes.
    private static func writeLog(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        (try? write(bytes, to: descriptor, givingUp: { false })) != nil
    }

    /// Colours where a person looks at the output and has not asked for none (no-color.org).
    var style: ReportStyle { Self.style(of: output) }

    /// The same for the stream of transcripts and errors.
    var errorStyle: ReportStyle { Self.style(of: error) }

    private static func style(of stream: Int32) -> ReportStyle {
        let refusal = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
        return isatty(stream) == 1 && !refusal ? .colour : .plain
    }

    /// Whether a line on the stream of errors can be drawn anew in its place.
    var canRedraw: Bool {
        let isDumb = getenv("TERM").map { String(cString: $0) == "dumb" } ?? true
        return isatty(error) == 1 && !isDumb
    }

    /// Columns of the terminal; 120 where there is none.
    var width: Int { Self.width(of: output) }

    /// The same for the stream of transcripts and errors.
    var errorWidth: Int { Self.width(of: error) }

    private static func width(of stream: Int32) -> Int {
        var size = winsize()
        guard ioctl(stream, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 120 }
        return Int(size.ws_col)
    }

    /// Takes the place of standard streams that were closed (`>&-`), so that no file or socket opened later gets their
    /// number and with it what is meant for people. Reading and writing them fails as before.
    static func occupyClosedStandardStreams() {
        for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(stream, F_GETFD) == -1 {
            // The lowest free number: this one.
            _ = open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }

    /// Writes all of `bytes`, however slowly they are taken. Once a signal has asked for the end, a reader that takes nothing
    /// for a while is given up with `ECANCELED`.
    static func write(_ bytes: [UInt8], to descriptor: Int32) throws(WriteError) {
        try write(bytes, to: descriptor, givingUp: { SignalWatch.signal != nil })
    }

    /// How long a reader that takes nothing is waited for then.
    private static let patienceMilliseconds: Int32 = 100

    private static func write(
        _ bytes: [UInt8], to descriptor: Int32, givingUp: () -> Bool
    ) throws(WriteError) {
        var status = stat()
        let isFile = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        var rest = bytes[...]
        while !rest.isEmpty {
            if !isFile { try waitForRoom(descriptor, givingUp) }
            // What `poll` has room for: more of it at once might block (pipe(7), PIPE_BUF).
            let piece = isFile ? rest : rest.prefix(Int(PIPE_BUF))
            let count = piece.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno != EAGAIN, errno != EINTR {
                throw WriteError(code: errno)
            }
        }
    }

    private static func waitForRoom(_ descriptor: Int32, _ givingUp: () -> Bool) throws(WriteError) {
        var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        while true {
            let count = poll(&ready, 1, patienceMilliseconds)
            if count > 0 { return }
            if count == 0, givingUp() { throw WriteError(code: ECANCELED) }
            if count < 0, errno != EINTR { throw WriteError(code: errno) }
        }
    }
}
