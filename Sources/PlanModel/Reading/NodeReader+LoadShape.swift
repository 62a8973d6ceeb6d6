import Diagnostics
import PlanSyntax
import Quantities

/// The shape of a load, which is the one that has all the keys that stand there.
extension NodeReader {
    /// What can be picked by its keys.
    private struct Shapes: OptionSet {
        let rawValue: Int

        static let constant = Shapes(rawValue: 1)
        static let shared = Shapes(rawValue: 2)
        static let perVU = Shapes(rawValue: 4)
        static let ramp = Shapes(rawValue: 8)
        static let arrivals = Shapes(rawValue: 16)
        static let arrivalRamp = Shapes(rawValue: 32)

        /// A number of VUs that stays what it is.
        static let constantVUs: Shapes = [.constant, .shared, .perVU]
        static let all: Shapes = [.constantVUs, .ramp, .arrivals, .arrivalRamp]
    }

    /// The keys that only some shapes have.
    private static let shapesOfKeys: [(key: String, shapes: Shapes)] = [
        ("vus", .constantVUs), ("duration", [.constantVUs, .arrivals]), ("iterations", .shared),
        ("iterations_per_vu", .perVU), ("ramp_up", .constantVUs), ("start_vus", .ramp),
        ("stages", [.ramp, .arrivalRamp]), ("rate", .arrivals), ("start_rate", .arrivalRamp),
        ("max_vus", [.arrivals, .arrivalRamp]),
    ]

    private static let shapesInWords = """
        leave one of them out; the keys of a load are one of
          vus, duration
          vus, iterations
          vus, iterations_per_vu
          start_vus, stages
          rate, duration, max_vus
          start_rate, stages, max_vus
        """

    /// As many virtual users as one run can have.
    static let vuRange = 1...1_000_000

    /// A key that takes part in the choice, and where it is written.
    private struct Choosing {
        var name: String
        var key: LocatedText
        var shapes: Shapes
    }

    /// - Parameter duration: what `duration` says, as far as it is known and right.
    mutating func shape(_ fields: Fields, duration: Located<Int64>?) -> Load.Shape {
        let (possible, chosen) = choose(fields)
        // Each value is read once, whether or not its key can stay.
        let vus = fields["vus"].map { integer($0, of: "'vus'", "vus: 10", in: Self.vuRange) }
        let duration = duration ?? fields["duration"].map { Located(Self.anyDuration, at: $0.span) }
        let iterations = fields["iterations"].map { count($0, of: "iterations", example: 100) }
        let iterationsPerVU = fields["iterations_per_vu"].map { count($0, of: "iterations_per_vu", example: 10) }
        let startVUs = fields["start_vus"].map {
            integer($0, of: "'start_vus'", "start_vus: 1", in: 0...Self.vuRange.upperBound)
        }
        let rate = fields["rate"].map { self.rate($0, of: "'rate'", "rate: 100/s") }
        let startRate = fields["start_rate"].map { self.rate($0, of: "'start_rate'", "start_rate: 10/s", orZero: true) }
        let maxVUs = fields["max_vus"].map { integer($0, of: "'max_vus'", "max_vus: 200", in: Self.vuRange) }
        let has = { (name: String) in chosen.contains { $0.name == name } }
        // What is missing is reported below, and stands for something.
        let (anyDuration, anyVUs) = (Located(Self.anyDuration, at: fields.span), Located(1, at: fields.span))
        let anyRate = Located(Self.anyRate, at: fields.span)

        if !possible.isDisjoint(with: .constantVUs) {
            let vus = has("vus") ? vus : nil
            let duration = has("duration") ? duration : nil
            if has("iterations"), let iterations {
                return .sharedIterations(vus: vus, iterations: iterations, duration: duration)
            }
            if !has("iterations_per_vu"), let duration { return .constantVUs(vus: vus, duration: duration) }
            return .iterationsPerVU(
                vus: vus, iterations: has("iterations_per_vu") ? iterationsPerVU : nil, duration: duration)
        }
        let isOfRates = possible == .arrivalRamp || (possible.contains(.arrivalRamp) && hasRates(fields["stages"]))
        if possible.contains(.ramp), !isOfRates {
            require(["start_vus", "stages"], chosen, fields, Self.rampExample)
            return .rampingVUs(start: startVUs ?? anyVUs, stages: fields["stages"].map { stagesOfVUs($0) } ?? [])
        }
        if possible.contains(.arrivals) {
            let isEither = possible.contains(.arrivalRamp)
            require(
                isEither ? ["rate' or 'start_rate"] : ["rate", "duration", "max_vus"], chosen, fields,
                Self.arrivalsExample)
            return .constantArrivals(
                rate: rate ?? anyRate, duration: duration ?? anyDuration, maxVUs: maxVUs ?? anyVUs)
        }
        require(["start_rate", "stages", "max_vus"], chosen, fields, Self.arrivalRampExample)
        return .rampingArrivals(
            start: startRate ?? anyRate, stages: fields["stages"].map { stagesOfRates($0) } ?? [],
            maxVUs: maxVUs ?? anyVUs)
    }

    /// The shapes that have the keys that stand there, of two that no shape has both the first alone; and these keys.
    private mutating func choose(_ fields: Fields) -> (Shapes, [Choosing]) {
        let present = Self.shapesOfKeys.compactMap { name, shapes in
            fields.entry(name).map { Choosing(name: name, key: $0.key, shapes: shapes) }
        }
        var possible = Shapes.all
        var chosen: [Choosing] = []
        for candidate in present.sorted(by: { $0.key.span.start < $1.key.span.start }) {
            if possible.isDisjoint(with: candidate.shapes) {
                let other = chosen.first { $0.shapes.isDisjoint(with: candidate.shapes) } ?? chosen[0]
                reportConflict(other.key, candidate.key, help: Self.shapesInWords)
            } else {
                possible.formIntersection(candidate.shapes)
                chosen.append(candidate)
            }
        }
        return (possible, chosen)
    }

    /// Reports the keys of a shape that are not there, by what asks for them.
    private mutating func require(_ keys: [String], _ chosen: [Choosing], _ fields: Fields, _ example: String) {
        guard let asking = chosen.min(by: { $0.shapes.rawValue.nonzeroBitCount < $1.shapes.rawValue.nonzeroBitCount })
        else { return }
        for key in keys {
            reportMissing(
                key, of: "'load' with '\(asking.name)'", fields, at: asking.key.span, example: example)
        }
    }

    private static let rampExample =
        "load:\n  start_vus: 0\n  stages:\n    - duration: 1m\n      target: 100"
    private static let arrivalsExample = "load:\n  rate: 100/s\n  duration: 1m\n  max_vus: 200"
    private static let arrivalRampExample =
        "load:\n  start_rate: 0/s\n  stages:\n    - duration: 1m\n      target: 100/s\n  max_vus: 200"

    private mutating func count(_ node: PlanNode, of name: String, example: Int) -> Located<Int> {
        integer(node, of: "'\(name)'", "\(name): \(example)", in: 1...Int.max)
    }
}
