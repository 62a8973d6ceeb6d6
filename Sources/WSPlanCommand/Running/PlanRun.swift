import Diagnostics
import EchoServer
import EventProgram
import Expressions
import LoadMetrics
import LoadRunner
import PlanModel
import RunReports
import WebSocketTransport

/// One plan from the first connect to its verdict.
struct PlanRun {
    private let loaded: LoadedPlan
    private let loopCount: Int?
    private let isSmoke: Bool
    private let seed: UInt64
    private let keyLog: TLSKeyLog?
    private let console: Console
    private let signals: SignalWatch

    /// - Parameters:
    ///   - isSmoke: whether one user runs one iteration, and all that happens is printed as it happens.
    ///   - seed: what the random values of the plan derive from.
    ///   - keyLog: where the secrets of TLS connections are written to.
    init(
        _ loaded: LoadedPlan, loopCount: Int?, isSmoke: Bool, seed: UInt64, keyLog: TLSKeyLog?, console: Console,
        signals: SignalWatch
    ) {
        self.loaded = loaded
        self.loopCount = loopCount
        self.isSmoke = isSmoke
        self.seed = seed
        self.keyLog = keyLog
        self.console = console
        self.signals = signals
    }

    /// Runs, writes the reports, prints the summary, and gives the verdict.
    func run(reports: [ReportDestination.Handle], isQuiet: Bool) -> Verdict {
        guard let plan = loaded.plan, let program = loaded.programs.first, let scenario = plan.scenarios.first else {
            preconditionFailure("a plan with errors was to be run")
        }
        let mask = SecretMask(plan.secrets)
        let file = loaded.shownFile
        let outcome: LoadRun.Outcome
        do {
            let tls = try scenario.isWithoutTLS ? nil : TLSContext(loaded.file.tls(of: scenario), keyLog: keyLog)
            outcome = try execute(plan, scenario, program, mask, tls)
        } catch {
            let words = mask.masked("cannot run '\(plan.name)' here: \(error)")
            console.complain("wsplan: \(words)")
            return Verdict(reasons: [.init(.couldNotRun, words)])
        }
        var summary = mask.masked(
            RunSummary(
                of: outcome, plan: plan, scenario: scenario, program: program, file: file, isSmoke: isSmoke,
                seed: seed))
        for report in reports {
            do throws(Console.WriteError) {
                try report.write(JSONReport.render(summary, plan: file))
            } catch {
                let words = "cannot write the report \(report.destination.path): \(error.reason)"
                console.complain("wsplan: \(words)")
                summary.verdict = summary.verdict.with(.init(.reportNotWritten, words))
            }
        }
        if !isQuiet || summary.verdict.ground != .passed {
            do throws(Console.WriteError) {
                try console.print(
                    TerminalSummary.render(summary, plan: file, style: console.style, width: console.width))
            } catch {
                console.complain("wsplan: cannot write the summary: \(error.reason)")
                summary.verdict = summary.verdict.with(.init(.reportNotWritten, "cannot write the summary"))
            }
        }
        return summary.verdict
    }

    private func execute(
        _ plan: Plan, _ scenario: Scenario, _ program: Program, _ mask: SecretMask, _ tls: TLSContext?
    ) throws(SystemCallError) -> LoadRun.Outcome {
        let server = plan.serve == nil ? nil : try EchoServer()
        defer { server?.stop() }
        let log = isSmoke ? console.transcriptSink() : console.logSink()
        if isSmoke {
            let heading = "\(mask.masked(plan.name).escaped()): \(scenario.load.inWords(isSmoke: true))"
            for line in [heading, ""] { log.log(Array(line.utf8), atNanoseconds: 0) }
        }
        let run = try LoadRun(
            LoadScenario(
                program: program, load: LoadShape(scenario.load, isSmoke: isSmoke),
                tags: scenario.tags.map { ($0.name.value, mask.masked($0.value.value)) },
                environment: plan.environment.map { $0.value.map { .string($0) } ?? .null }, secrets: mask,
                compression: scenario.connect.compression, tls: tls, dealers: dealers(plan, program),
                route: ConnectRoute(scenario.connect.route), redirectLimit: scenario.connect.redirectLimit,
                observe: isSmoke ? observer(mask, log) : nil),
            runID: Self.makeRunID(), serverURL: server?.url, loopCount: loopCount, seed: seed, log: log)
        signals.onSignal { signal in run.stop(by: signal) }
        let outcome = run.run()
        // The summary follows on another stream, and mostly on the same terminal.
        if isSmoke {
            log.log([], atNanoseconds: 0)
            _ = log.flush()
        }
        return outcome
    }

    /// Prints what happens as it happens. The lines go to standard error, as those of `log` steps do.
    private func observer(_ mask: SecretMask, _ log: LogSink) -> @Sendable (TranscriptEvent) -> Void {
        let transcript = LiveTranscript(style: console.errorStyle)
        return { event in
            for line in transcript.lines(for: mask.masked(event)) {
                log.log(Array(line.utf8), atNanoseconds: event.sinceNanoseconds)
            }
        }
    }

    /// What deals the rows of the sources that the program reads. Each has its own branch of the seed's tree, as have users.
    private func dealers(_ plan: Plan, _ program: Program) -> [RowDealer] {
        program.data.compactMap { used in
            let source = plan.data[used.index]
            return source.table.map { table in
                RowDealer(
                    name: source.name.value, table: table, order: source.order, end: source.end,
                    isPerVU: source.per == .vu, seed: RandomSeed(seed).branch(~UInt64(used.index)))
            }
        }
    }

    /// Names one run among all runs, those of the same seed too: 64 random bits as hexadecimal digits.
    private static func makeRunID() -> String {
        let digits = String(UInt64.random(in: 0...UInt64.max), radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}

extension ConnectRoute {
    init(_ route: Connect.Route) {
        self.init()
        overrides = route.overrides
        proxy = route.proxy
        if !route.localAddresses.isEmpty { localAddresses = LocalAddressPool(route.localAddresses) }
    }
}

extension LoadShape {
    /// - Parameter isSmoke: one user and one iteration, whatever the load says. Its duration stays the longest that it may
    ///   take: it may be what ends the session.
    init(_ load: Load, isSmoke: Bool) {
        guard !isSmoke else {
            self.init(
                durationNanoseconds: load.shape.durationNanoseconds,
                gracefulStopNanoseconds: load.gracefulStopNanoseconds)
            return
        }
        let iterations: Iterations =
            switch load.shape {
            case .constantVUs: .unlimited
            case .sharedIterations(_, let count, _): .total(count.value)
            case .iterationsPerVU(_, let count, _): .perVU(count?.value ?? 1)
            case .rampingVUs, .constantArrivals, .rampingArrivals:
                preconditionFailure("a load was to be run that is not supported yet")
            }
        self.init(
            vus: load.shape.mostVUs, iterations: iterations, durationNanoseconds: load.shape.durationNanoseconds,
            rampUpNanoseconds: load.rampUpNanoseconds,
            pauseNanoseconds: load.pause.minNanoseconds...max(load.pause.minNanoseconds, load.pause.maxNanoseconds),
            gracefulStopNanoseconds: load.gracefulStopNanoseconds)
    }
}
