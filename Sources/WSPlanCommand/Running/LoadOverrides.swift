import ArgumentParser
import Diagnostics
import Expressions
import PlanModel
import Quantities
import WebSocketCodec

/// Which scenarios of a plan are run, and what the command line says instead of their `load` and `url`.
struct LoadOverrides: ParsableArguments {
    @Option(
        name: .customLong("scenario"),
        help: ArgumentHelp("Runs only this scenario; may be given several times.", valueName: "NAME"))
    var scenarios: [String] = []

    @Option(help: "Virtual users, instead of the plan's number.")
    var vus: Int?

    @Option(help: "How long the load lasts, like 30s.")
    var duration: DurationArgument?

    @Option(help: "Iterations in all, instead of the plan's number.")
    var iterations: Int?

    @Option(help: "Where to connect to, instead of the plan's url.")
    var url: String?

    func validate() throws {
        if let vus, !(1...1_000_000).contains(vus) { throw ValidationError("--vus takes a number from 1 to 1000000") }
        if let iterations, iterations < 1 { throw ValidationError("--iterations takes a number from 1") }
        guard let url else { return }
        do {
            _ = try WebSocketURL(url)
        } catch {
            throw ValidationError("--url '\(url)' is no WebSocket address: \(error.inWords)")
        }
    }

    /// Changes the selected scenarios of a plan. Throws where one is not there, or its load has no such key.
    func apply(to plan: inout Plan) throws {
        let names = plan.scenarios.map(\.name)
        if let unknown = scenarios.first(where: { !names.contains($0) }), plan.isWhollyRead {
            throw ValidationError(
                "--scenario: the plan '\(plan.name)' has no scenario '\(unknown)'; it has: "
                    + names.joined(separator: ", "))
        }
        for index in plan.scenarios.indices where selects(plan.scenarios[index].name) {
            try apply(to: &plan.scenarios[index])
        }
    }

    /// Whether a scenario is run: all are, where none is named.
    func selects(_ name: String) -> Bool { scenarios.isEmpty || scenarios.contains(name) }

    private func apply(to scenario: inout Scenario) throws {
        let span = scenario.span
        if let url {
            scenario.url = ParsedTemplate(literal: LocatedText(url, at: scenario.urlSpan))
            scenario.secrets += (try? WebSocketURL(url))?.secrets ?? []
        }
        // What is wrong in the plan comes first.
        guard scenario.load.isWhollyKnown else { return }
        if let vus, !scenario.load.shape.setVUs(Located(vus, at: span)) {
            throw ValidationError("--vus: \(scenario.loadInWords) has no 'vus'")
        }
        if let duration, !scenario.load.shape.setDuration(Located(duration.nanoseconds, at: span)) {
            throw ValidationError("--duration: \(scenario.loadInWords) has no 'duration'")
        }
        if let iterations, !scenario.load.shape.setIterations(Located(iterations, at: span)) {
            throw ValidationError("--iterations: \(scenario.loadInWords) has no 'iterations'")
        }
    }
}

extension Scenario {
    /// `the load of the scenario 'checkout' (start_vus, stages)`.
    fileprivate var loadInWords: String {
        "the load of the scenario '\(name)' (\(load.shape.keys.joined(separator: ", ")))"
    }
}

/// A duration on the command line, with its unit.
struct DurationArgument: ExpressibleByArgument, Sendable {
    var nanoseconds: Int64

    init?(argument: String) {
        guard let nanoseconds = try? DurationText.nanoseconds(of: argument), nanoseconds > 0 else { return nil }
        self.nanoseconds = nanoseconds
    }
}
