import Quantities

/// Metrics that a plan declares (plan-language.md §1).
extension MetricDefinition {
    /// - Parameter isTime: whether a trend's samples are times; those of any other metric are numbers.
    package static func custom(_ name: String, _ kind: MetricKind, isTime: Bool = false) -> MetricDefinition {
        let unit: MetricUnit = isTime ? .time : kind == .rate ? .none : .number
        return MetricDefinition(name, kind, unit, summary: "A \(kind.rawValue) of the plan.")
    }

    /// What a trend counts for one to its reader: nanoseconds for a millisecond, millionths for a number.
    package static let partsPerUnit = 1e6

    /// The largest number that a counter or a trend takes as one sample.
    package static let largestSample = SampleLimit.largest
}
