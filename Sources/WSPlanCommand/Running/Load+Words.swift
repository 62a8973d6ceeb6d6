import Diagnostics
import PlanModel
import Quantities

extension Load {
    /// The load for people; of a smoke run, what it is run instead of.
    func inWords(isSmoke: Bool) -> String {
        isSmoke ? "smoke run of 1 VU, 1 iteration (the plan's load: \(inWords))" : inWords
    }

    /// The load for people: `10 VUs for 30s`.
    private var inWords: String {
        let words = shape.inWords
        return startAfterNanoseconds == 0
            ? words : "\(words), after \(DurationText.text(ofNanoseconds: startAfterNanoseconds))"
    }
}

extension Load.Shape {
    fileprivate var inWords: String {
        switch self {
        case .constantVUs(_, let duration): "\(vusInWords) for \(duration.value.inWords)"
        case .sharedIterations(_, let iterations, let duration):
            vusInWords + inWords(iterations.value, " in all") + ceiling(duration?.value)
        case .iterationsPerVU(_, let iterations, let duration):
            vusInWords + inWords(iterations?.value ?? 1, " each") + ceiling(duration?.value)
        case .rampingVUs(let start, let stages):
            stages.reduce("from \(start.value) VUs") { "\($0) to \($1.target.value) in \($1.duration.value.inWords)" }
        case .constantArrivals(let rate, let duration, let maxVUs):
            "\(RateText.text(of: rate.value)) for \(duration.value.inWords), at most \(Self.vus(maxVUs.value))"
        case .rampingArrivals(let start, let stages, let maxVUs):
            stages.reduce("from \(RateText.text(of: start.value))") {
                "\($0) to \(RateText.text(of: $1.target.value)) in \($1.duration.value.inWords)"
            } + ", at most \(Self.vus(maxVUs.value))"
        }
    }

    private var vusInWords: String { Self.vus(mostVUs) }

    private static func vus(_ count: Int) -> String { count == 1 ? "1 VU" : "\(count) VUs" }

    /// Of one virtual user alone, all iterations are its own.
    private func inWords(_ iterations: Int, _ share: String) -> String {
        ", " + (iterations == 1 ? "1 iteration" : "\(iterations) iterations") + (mostVUs == 1 ? "" : share)
    }

    private func ceiling(_ nanoseconds: Int64?) -> String { nanoseconds.map { ", at most \($0.inWords)" } ?? "" }
}

extension Int64 {
    fileprivate var inWords: String { DurationText.text(ofNanoseconds: self) }
}
