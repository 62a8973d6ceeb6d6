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
            let span = plan.scenarios[index].span
            if let vus { plan.scenarios[index].load.vus = Located(vus, at: span) }
            if let duration { plan.scenarios[index].load.duration = Located(duration.nanoseconds, at: span) }
            if let iterations {
                guard plan.scenarios[index].load.iterationsPerVU == nil else {
                    throw ValidationError(
                        "--iterations: the load of '\(plan.name)' counts iterations_per_vu, not iterations")
                }
                plan.scenarios[index].load.iterations = Located(iterations, at: span)
            }
            if let url {
                plan.scenarios[index].url = ParsedTemplate(
                    literal: LocatedText(url, at: plan.scenarios[index].urlSpan))
                plan.scenarios[index].secrets += (try? WebSocketURL(url))?.secrets ?? []
            }
        }
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
