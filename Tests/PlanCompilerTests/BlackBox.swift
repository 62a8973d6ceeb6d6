import Diagnostics
import Glibc

/// Keeps the text that is being linted in a file, so that it can be found after a crash; and ends the process where linting
/// one text takes more than ``limitSeconds``. There is one at a time, of one thread.
final class BlackBox {
    /// Of the processor's time: on a busy machine, or under a sanitizer, the time on the wall says nothing.
    private static let limitSeconds = 20
    private static let capacity = 1 << 20

    private let path = "/tmp/wsplan-damaged-plan.\(getpid())"
    /// The file, in memory: writing to it costs a copy, and what it holds outlives the process.
    private let memory: UnsafeMutableRawBufferPointer
    private var count = 0
    /// Sends SIGALRM when the thread that made it has worked for so long. The first one of a process is number 0, a nil.
    private let timer: timer_t?

    /// What a fatal signal is to say.
    nonisolated(unsafe) private static var lastWords: UnsafeMutablePointer<CChar>?
    private static let fatalSignals = [SIGALRM, SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE]

    init() {
        let descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        precondition(descriptor >= 0 && ftruncate(descriptor, off_t(Self.capacity)) == 0, "cannot write \(path)")
        let address = mmap(nil, Self.capacity, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        close(descriptor)
        precondition(address != MAP_FAILED, "cannot map \(path)")
        memory = UnsafeMutableRawBufferPointer(start: address, count: Self.capacity)
        var event = sigevent()
        event.sigev_notify = Int32(SIGEV_SIGNAL)
        event.sigev_signo = SIGALRM
        var timer: timer_t?
        precondition(timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &timer) == 0, "no timer")
        self.timer = timer
        Self.lastWords = strdup("\nthis happened while the text in \(path) was linted\n")
        for fatal in Self.fatalSignals {
            signal(fatal) { number in
                if let words = BlackBox.lastWords { _ = write(STDERR_FILENO, words, strlen(words)) }
                signal(number, SIG_DFL)
                raise(number)
            }
        }
    }

    deinit {
        timer_delete(timer)
        for fatal in Self.fatalSignals { signal(fatal, SIG_DFL) }
        free(Self.lastWords)
        Self.lastWords = nil
        munmap(memory.baseAddress, memory.count)
        unlink(path)
    }

    /// Runs `body` with the text in the file, behind the file's name.
    func record(_ file: SourceFile, while body: () -> Void) {
        let text = (Array("\(file.name):\n".utf8) + file.bytes).prefix(Self.capacity)
        memory.copyBytes(from: text)
        for offset in text.count..<max(text.count, count) { memory[offset] = 0 }
        count = text.count
        setTimer(seconds: Self.limitSeconds)
        body()
        setTimer(seconds: 0)
    }

    /// Sets the timer; 0 stops it.
    private func setTimer(seconds: Int) {
        var setting = itimerspec()
        setting.it_value.tv_sec = seconds
        timer_settime(timer, 0, &setting, nil)
    }
}
