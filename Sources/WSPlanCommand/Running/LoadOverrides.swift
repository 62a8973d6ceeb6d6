import ArgumentParser
import Diagnostics
import Expressions
import PlanModel
import Quantities
import WebSocketCodec

/// What the command line says instead of the plan's `load` and `url`.
struct LoadOverrides: ParsableArguments {
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

    /// Changes the scenarios of a plan. Throws where a load has no such key.
    func apply(to plan: inout Plan) throws {
        for index in plan.scenarios.indices {
            try apply(to: &plan.scenarios[index])
        }
    }

    private func apply(to scenario: inout Scenario) throws {
        let span = scenario.span
        if let vus, !scenario.load.shape.setVUs(Located(vus, at: span)) {
            throw ValidationError("--vus: \(scenario.loadInWords) has no 'vus'")
        }
        if let duration, !scenario.load.shape.setDuration(Located(duration.nanoseconds, at: span)) {
            throw ValidationError("--duration: \(scenario.loadInWords) has no 'duration'")
        }
        if let iterations, !scenario.load.shape.setIterations(Located(iterations, at: span)) {
            throw ValidationError("--iterations: \(scenario.loadInWords) has no 'iterations'")
        }
        if let url {
            scenario.url = ParsedTemplate(literal: LocatedText(url, at: scenario.urlSpan))
            scenario.secrets += (try? WebSocketURL(url))?.secrets ?? []
        }
    }
}

extension Scenario {
    /// `the load of 'checkout' (start_vus, stages)`.
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
