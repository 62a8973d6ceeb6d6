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
    /// What the command line says of how plans are run.
    struct Settings {
        var loopCount: Int?
        /// Which part of the load is made here.
        var share: Share
        /// Whether one user of each scenario runs one iteration, and all that happens is printed as it happens.
        var isSmoke: Bool
        /// Whether thresholds are judged also where the generator was the bottleneck.
        var allowsLimited: Bool
        /// What the random values of the plan derive from.
        var seed: UInt64
        /// Where the secrets of TLS connections are written to.
        var keyLog: TLSKeyLog?
    }

    private let loaded: LoadedPlan
    private let plan: Plan
    private let settings: Settings
    private let console: Console
    private let signals: SignalWatch

    init(_ loaded: LoadedPlan, _ settings: Settings, console: Console, signals: SignalWatch) {
        guard let plan = loaded.plan, plan.scenarios.count == loaded.programs.count else {
            preconditionFailure("a plan with errors was to be run")
        }
        self.loaded = loaded
        self.plan = plan
        self.settings = settings
        self.console = console
        self.signals = signals
    }

    /// What it needs of this machine.
    func preflight(on host: HostLimits) -> Preflight { Preflight(plan, loaded.programs, settings, on: host) }

    /// Prints the load in words and what it needs, and sends nothing.
    func tell(on host: HostLimits) -> Verdict {
        let preflight = preflight(on: host)
        let mask = SecretMask(plan.secrets)
        do throws(Console.WriteError) {
            let text = DryRun(plan, file: loaded.shownFile, settings, preflight).text
            try console.print(mask.masked(text))
        } catch {
            console.complain("wsplan: cannot write what the plan needs: \(error.reason)")
            return Verdict(reasons: [.init(.reportNotWritten, error.reason)])
        }
        return Verdict(reasons: complain(preflight.reasons, mask).map { .init(.couldNotRun, $0) })
    }

    /// Says and reports why it is not run.
    func refuse(_ reasons: [String], _ output: ResultOutput, isLast: Bool) -> Verdict {
        let mask = SecretMask(plan.secrets)
        let words = complain(reasons, mask)
        let record = mask.masked(RunRecord(ofNothing: words, loaded, plan, settings))
        return output.judge(record, isLast: isLast || SignalWatch.signal != nil, showsSummary: false)
    }

    /// Runs, writes the reports, prints the summary, and gives the verdict.
    ///
    /// - Parameter isLast: whether no plan follows.
    func run(_ output: ResultOutput, isLast: Bool) -> Verdict {
        let mask = SecretMask(plan.secrets)
        let outcome: LoadRun.Outcome
        do {
            outcome = try execute(plan, mask, isQuiet: output.isQuiet)
        } catch {
            return refuse(["\(error)"], output, isLast: isLast)
        }
        let record = mask.masked(RunRecord(of: outcome, loaded, plan, settings))
        return output.judge(record, isLast: isLast || SignalWatch.signal != nil)
    }

    /// Says why it cannot be run, and gives the words.
    private func complain(_ reasons: [String], _ mask: SecretMask) -> [String] {
        let words = reasons.map { mask.masked("cannot run '\(plan.name)' here: \($0)") }
        for words in words { console.complain("wsplan: \(words)") }
        return words
    }

    private func execute(_ plan: Plan, _ mask: SecretMask, isQuiet: Bool) throws -> LoadRun.Outcome {
        let log = settings.isSmoke ? console.transcriptSink() : console.logSink()
        let scenarios = try self.scenarios(of: plan, mask, log)
        let server = plan.serve == nil ? nil : try EchoServer()
        defer { server?.stop() }
        if settings.isSmoke {
            for scenario in plan.scenarios {
                let name = plan.scenarios.count == 1 ? plan.name : "\(plan.name), \(scenario.name)"
                let heading = "\(mask.masked(name).escaped()): \(scenario.load.inWords(isSmoke: true))"
                log.log(Array(heading.utf8), atNanoseconds: 0)
            }
            log.log([], atNanoseconds: 0)
        }
        let run = try LoadRun(
            scenarios, thresholds: settings.isSmoke ? [] : plan.thresholds, share: settings.share,
            runID: Self.makeRunID(), serverURL: server?.url, loopCount: settings.loopCount, seed: settings.seed,
            log: log)
        signals.onSignal { signal in run.stop(by: signal) }
        defer { signals.onSignal(nil) }
        let progress = isQuiet || settings.isSmoke ? nil : ProgressDisplay(of: run, log: log, console: console)
        progress?.start()
        let outcome = run.run()
        progress?.stop()
        // The summary follows on another stream, and mostly on the same terminal.
        if settings.isSmoke {
            log.log([], atNanoseconds: 0)
            _ = log.flush()
        }
        return outcome
    }

    private func scenarios(of plan: Plan, _ mask: SecretMask, _ log: LogSink) throws -> [LoadScenario] {
        let dealers = self.dealers(of: plan)
        /// By the index of a source: how many users of the scenarios so far read it.
        var readers = Array(repeating: Int64(0), count: plan.data.count)
        return try zip(plan.scenarios, loaded.programs).map { scenario, program in
            let load = LoadShape(scenario.load, isSmoke: settings.isSmoke)
            let rows = program.data.compactMap { used in
                dealers[used.index].map { RowSource($0, usersBefore: readers[used.index]) }
            }
            for used in program.data { readers[used.index] += load.mostUsers }
            let tls =
                try scenario.isWithoutTLS
                ? nil : TLSContext(loaded.file.tls(of: scenario), keyLog: settings.keyLog)
            return LoadScenario(
                program: program, load: load,
                tags: scenario.tags.map { ($0.name.value, mask.masked($0.value.value)) },
                environment: plan.environment.map { $0.value.map { .string($0) } ?? .null }, secrets: mask,
                compression: scenario.connect.compression, tls: tls, rows: rows,
                route: ConnectRoute(scenario.connect.route), redirectLimit: scenario.connect.redirectLimit,
                observe: settings.isSmoke
                    ? observer(mask, log, of: plan.scenarios.count > 1 ? scenario.name : nil) : nil)
        }
    }

    /// Prints what happens as it happens. The lines go to standard error, as those of `log` steps do.
    ///
    /// - Parameter scenario: its name, where there are several.
    private func observer(
        _ mask: SecretMask, _ log: LogSink, of scenario: String?
    ) -> @Sendable (TranscriptEvent) -> Void {
        let transcript = LiveTranscript(style: console.errorStyle, scenario: scenario.map { mask.masked($0) })
        return { event in
            for line in transcript.lines(for: mask.masked(event)) {
                log.log(Array(line.utf8), atNanoseconds: event.sinceNanoseconds)
            }
        }
    }

    /// What deals the rows of each data source. Each has its own branch of the seed's tree, as have users.
    private func dealers(of plan: Plan) -> [RowDealer?] {
        /// By the index of a source: the most users of a scenario that reads it.
        var readers = Array(repeating: Int64(0), count: plan.data.count)
        for (scenario, program) in zip(plan.scenarios, loaded.programs) {
            let users = LoadShape(scenario.load, isSmoke: settings.isSmoke).mostUsers
            for used in program.data { readers[used.index] = max(readers[used.index], users) }
        }
        return plan.data.enumerated().map { index, source in
            source.table.map { table in
                RowDealer(
                    name: source.name.value, table: table, order: source.order, end: source.end,
                    isPerVU: source.per == .vu, share: settings.share, readers: readers[index],
                    seed: RandomSeed(settings.seed).branch(~UInt64(index)))
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
