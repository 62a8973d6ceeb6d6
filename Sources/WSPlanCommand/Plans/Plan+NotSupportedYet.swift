import Diagnostics
import LoadMetrics
import PlanModel

extension Plan {
    /// What the plan asks for that is read and judged, and cannot be run by this version.
    var notSupportedYet: [Diagnostic] {
        let loads = scenarios.filter { !$0.load.isSupported }.map { scenario in
            Diagnostic(
                .notSupportedYet, .loadNotSupportedYet(scenario.load.refusedKeys),
                at: scenario.load.span ?? scenario.span, help: "write one with 'vus' and 'duration' for now")
        }
        let others = scenarios.dropFirst().map { scenario in
            Diagnostic(
                .notSupportedYet, .scenariosNotSupportedYet, at: scenario.span,
                help: "run them one by one, with '--scenario \(scenario.name)'")
        }
        let longForms = thresholds.filter { $0.abortsRun || $0.afterNanoseconds > 0 || $0.windowNanoseconds != nil }
            .map { threshold in
                Diagnostic(
                    .notSupportedYet, .longFormNotSupportedYet, at: threshold.condition.span,
                    help: "write the condition alone: \(threshold.condition.value)")
            }
        return loads + others.prefix(1) + longForms
    }
}

extension Load {
    fileprivate var refusedKeys: String {
        startAfterNanoseconds > 0 ? "start_after" : shape.keys.joined(separator: ", ")
    }

    fileprivate var isSupported: Bool {
        switch shape {
        case .constantVUs, .sharedIterations, .iterationsPerVU: startAfterNanoseconds == 0 || !isWhollyKnown
        case .rampingVUs, .constantArrivals, .rampingArrivals: !isWhollyKnown
        }
    }
}

extension Diagnostic.Message {
    fileprivate static let longFormNotSupportedYet = Self(
        "the long form of a threshold is not supported by this version of wsplan yet")

    fileprivate static let scenariosNotSupportedYet = Self(
        "several scenarios side by side are not supported by this version of wsplan yet")

    fileprivate static func loadNotSupportedYet(_ keys: String) -> Self {
        Self("a load with \(keys) is not supported by this version of wsplan yet")
    }
}
