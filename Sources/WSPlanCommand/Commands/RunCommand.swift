import ArgumentParser
import Diagnostics
import LoadMetrics
import LoadRunner
import PlanModel
import PlanSyntax
import WebSocketTransport

struct RunCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Runs plans and judges what happened.",
        discussion: """
            Every plan is checked first, and none is run if one is wrong.

            Exit codes: 0 passed; 1 an expectation, check or threshold failed; 2 the plan or the command line is wrong; \
            3 could not run here, or a report could not be written; 4 only thresholds failed, and the generator was the \
            bottleneck; 70 a defect of wsplan itself; 130 and 143 interrupted.
            """)

    @Argument(help: "Plan files, folders of them, or - for standard input.")
    var paths: [String]

    @OptionGroup(title: "Load")
    var overrides: LoadOverrides

    @Option(
        name: .customLong("env"), help: ArgumentHelp("Sets a variable that the plan declares.", valueName: "NAME=value")
    )
    var environment: [EnvironmentArgument] = []

    @Option(
        name: .customLong("report"),
        help: ArgumentHelp("Also writes the result to a file: json=FILE or junit=FILE.", valueName: "FORMAT=FILE"))
    var reports: [ReportDestination] = []

    @Option(help: "Event loops; by default one for each 500 virtual users, at most one a core.")
    var loops: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Makes the K-th of N equal parts of the load, all of which together are the plan.", valueName: "K/N"))
    var shard: ShardArgument?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "What random values derive from, to repeat a run; by default another one each time.", valueName: "N"))
    var seed: UInt64?

    @Option(
        help: ArgumentHelp(
            "Appends the secrets of TLS connections to a file, for tools that read recorded traffic.", valueName: "FILE"
        ))
    var keylog: String?

    @Flag(help: "One virtual user, one iteration, and every frame as it passes. Thresholds are not judged.")
    var smoke = false

    @Flag(help: "Judges thresholds also where the generator was the bottleneck: exit code 1 and not 4.")
    var allowLimited = false

    @Flag(help: "Prints the load in words and what it needs of this machine, and sends nothing. No report is written.")
    var dryRun = false

    @Flag(help: "Prints the summary only of plans that did not pass.")
    var quiet = false

    func validate() throws {
        if let loops, !(1...64).contains(loops) { throw ValidationError("--loops takes a number from 1 to 64") }
        if let seed, seed > Self.greatestSeed {
            throw ValidationError("--seed takes a whole number from 0 to \(Self.greatestSeed)")
        }
        if smoke, overrides.vus != nil || overrides.iterations != nil {
            throw ValidationError("--smoke runs one virtual user and one iteration: leave --vus and --iterations out")
        }
        if smoke, shard != nil { throw ValidationError("--smoke runs one virtual user: leave --shard out") }
    }

    /// The greatest whole number up to which all programs read every number of a JSON report as it is (RFC 8259 §6).
    private static let greatestSeed: UInt64 = 1 << 53 - 1

    func run(on console: Console) throws -> Int32 {
        let signals = SignalWatch()
        let plans = try load()
        for plan in plans where !plan.diagnostics.isEmpty {
            console.complain(plan.renderedDiagnostics.droppingFinalLineBreak)
        }
        guard plans.allSatisfy(\.isUsable) else { return Verdict.Ground.invalid.exitCode }
        var settings = PlanRun.Settings(
            loopCount: loops, share: shard?.share ?? .whole, isSmoke: smoke, allowsLimited: allowLimited,
            // Short enough to be typed again.
            seed: seed ?? UInt64(UInt32.random(in: 0...UInt32.max)), keyLog: nil)
        let host = HostLimits.raised()
        if dryRun {
            let runs = plans.map { PlanRun($0, settings, console: console, signals: signals) }
            return Verdict.exitCode(of: runs.map { $0.tell(on: host) })
        }
        guard let writer = ReportWriter(reports, isList: plans.count > 1, console: console) else {
            return Verdict.Ground.reportNotWritten.exitCode
        }
        if let keylog {
            do throws(SystemCallError) {
                settings.keyLog = try TLSKeyLog(path: keylog)
            } catch {
                console.complain("wsplan: cannot write the key log \(keylog): \(error.reason)")
                return Verdict.Ground.couldNotRun.exitCode
            }
        }
        let runs = plans.map { PlanRun($0, settings, console: console, signals: signals) }
        let output = ResultOutput(reports: writer, console: console, isQuiet: quiet)
        var verdicts = carryOut(runs, on: host, output, signals)
        if let problem = settings.keyLog?.problem {
            let words = "cannot write the key log \(keylog ?? ""): \(problem.reason)"
            console.complain("wsplan: \(words)")
            verdicts.append(Verdict(reasons: [.init(.reportNotWritten, words)]))
        }
        // One that came after the last session counts as well: somebody wanted an end.
        switch SignalWatch.signal {
        case .interrupt: verdicts.append(Verdict(reasons: [.init(.interrupted, "interrupted")]))
        case .terminate: verdicts.append(Verdict(reasons: [.init(.terminated, "terminated")]))
        case nil: break
        }
        return Verdict.exitCode(of: verdicts)
    }

    /// Runs one after the other; none, where this machine has too little for one of them.
    private func carryOut(
        _ runs: [PlanRun], on host: HostLimits, _ output: ResultOutput, _ signals: SignalWatch
    ) -> [Verdict] {
        let refusals = runs.map { (run: $0, reasons: $0.preflight(on: host).reasons) }.filter { !$0.reasons.isEmpty }
        // From here on there is something to report.
        signals.holdBack()
        guard refusals.isEmpty else {
            return refusals.enumerated().map { index, refusal in
                refusal.run.refuse(refusal.reasons, output, isLast: index == refusals.count - 1)
            }
        }
        var verdicts: [Verdict] = []
        for (index, run) in runs.enumerated() where !output.reports.isDone {
            verdicts.append(run.run(output, isLast: index == runs.count - 1))
        }
        return verdicts
    }

    private func load() throws -> [LoadedPlan] {
        var variables = processEnvironment()
        for argument in environment { variables[argument.name] = argument.value }
        var plans: [LoadedPlan] = []
        do {
            for path in try PlanFiles.expand(paths) {
                plans.append(
                    try LoadedPlan(
                        path: path, environment: variables, needsEnvironment: true,
                        changes: { try overrides.apply(to: &$0) }, selects: overrides.selects))
            }
        } catch let problem as PlanFiles.Problem {
            throw ValidationError(problem.reason)
        } catch let problem as SourceFile.LoadError {
            throw ValidationError(problem.description)
        }
        let declared = Set(plans.compactMap(\.plan).flatMap { $0.environment.map(\.name.value) })
        for argument in environment where !declared.contains(argument.name) {
            throw ValidationError("--env \(argument.name): no plan declares the variable '\(argument.name)' in its env")
        }
        return plans
    }
}

/// `NAME=value`.
struct EnvironmentArgument: ExpressibleByArgument, Sendable {
    var name: String
    var value: String

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else { return nil }
        name = String(parts[0])
        value = String(parts[1])
    }
}
