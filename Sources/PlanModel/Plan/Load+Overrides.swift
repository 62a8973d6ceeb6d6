package import Diagnostics

/// What a command line may say instead of the plan. Each function changes nothing and gives false where a load of this shape
/// has no such key.
extension Load.Shape {
    package mutating func setVUs(_ vus: Located<Int>) -> Bool {
        switch self {
        case .constantVUs(_, let duration): self = .constantVUs(vus: vus, duration: duration)
        case .sharedIterations(_, let iterations, let duration):
            self = .sharedIterations(vus: vus, iterations: iterations, duration: duration)
        case .iterationsPerVU(_, let iterations, let duration):
            self = .iterationsPerVU(vus: vus, iterations: iterations, duration: duration)
        case .rampingVUs, .constantArrivals, .rampingArrivals: return false
        }
        return true
    }

    package mutating func setDuration(_ duration: Located<Int64>) -> Bool {
        switch self {
        case .constantVUs(let vus, _), .iterationsPerVU(let vus, nil, _):
            self = .constantVUs(vus: vus, duration: duration)
        case .sharedIterations(let vus, let iterations, _):
            self = .sharedIterations(vus: vus, iterations: iterations, duration: duration)
        case .iterationsPerVU(let vus, let iterations, _):
            self = .iterationsPerVU(vus: vus, iterations: iterations, duration: duration)
        case .constantArrivals(let rate, _, let maxVUs):
            self = .constantArrivals(rate: rate, duration: duration, maxVUs: maxVUs)
        case .rampingVUs, .rampingArrivals: return false
        }
        return true
    }

    /// Iterations in all. A load that counts those of each VU is another one.
    package mutating func setIterations(_ iterations: Located<Int>) -> Bool {
        switch self {
        case .constantVUs(let vus, let duration):
            self = .sharedIterations(vus: vus, iterations: iterations, duration: duration)
        case .sharedIterations(let vus, _, let duration), .iterationsPerVU(let vus, nil, let duration):
            self = .sharedIterations(vus: vus, iterations: iterations, duration: duration)
        case .iterationsPerVU, .rampingVUs, .constantArrivals, .rampingArrivals: return false
        }
        return true
    }

    /// The keys of the shape, as far as the plan says them or has to.
    package var keys: [String] {
        switch self {
        case .constantVUs: ["vus", "duration"]
        case .sharedIterations: ["vus", "iterations"]
        case .iterationsPerVU: ["vus", "iterations_per_vu"]
        case .rampingVUs: ["start_vus", "stages"]
        case .constantArrivals: ["rate", "duration", "max_vus"]
        case .rampingArrivals: ["start_rate", "stages", "max_vus"]
        }
    }
}
