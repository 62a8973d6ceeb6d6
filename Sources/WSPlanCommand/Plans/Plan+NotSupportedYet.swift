import Diagnostics
import PlanModel

extension Plan {
    /// What the plan asks for that is read and judged, and cannot be run by this version.
    var notSupportedYet: [Diagnostic] {
        scenarios.filter { !$0.load.isSupported }.map { scenario in
            Diagnostic(
                .notSupportedYet, .loadNotSupportedYet(scenario.load.shape.keys.joined(separator: ", ")),
                at: scenario.load.span ?? scenario.span, help: "write one with 'vus' and 'duration' for now")
        }
    }
}

extension Load {
    fileprivate var isSupported: Bool {
        switch shape {
        case .constantVUs, .sharedIterations, .iterationsPerVU: startAfterNanoseconds == 0
        case .rampingVUs, .constantArrivals, .rampingArrivals: false
        }
    }
}

extension Diagnostic.Message {
    fileprivate static func loadNotSupportedYet(_ keys: String) -> Self {
        Self("a load of \(keys) is not supported by this version of wsplan yet")
    }
}
