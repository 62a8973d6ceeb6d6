import Expressions
import Quantities

/// What fits a metric of the plan's own.
extension Pools.Metric.Kind {
    /// The value as a sample: a number, 0 or 1 of a rate, milliseconds of a trend of times. Nil for what does not fit.
    func sample(of value: Value) -> Double? {
        switch (self, value) {
        case (.rate, .bool(let holds)): return holds ? 1 : 0
        case (.rate, _): return nil
        case (.time, .string(let text)):
            return (try? DurationText.nanoseconds(of: text)).map { Double($0) / 1e6 }
        default: break
        }
        guard let number = value.asDouble else { return nil }
        let fits = self == .gauge ? number.isFinite : (0...SampleLimit.largest).contains(number)
        return fits ? number : nil
    }

    /// In words that continue `a counter takes`.
    fileprivate var wanted: String {
        switch self {
        case .counter, .trend: "a number from 0 to \(SampleLimit.inWords)"
        case .gauge: "a number"
        case .rate: "true or false"
        case .time: "milliseconds from 0 to \(SampleLimit.inWords), or a duration as text, like \"250ms\""
        }
    }

    /// The types of values that may fit.
    fileprivate var types: ValueTypes {
        switch self {
        case .rate: .bool
        case .time: [.number, .string]
        case .counter, .gauge, .trend: .number
        }
    }
}

extension Pools.Metric {
    /// Why a value is no sample of it, in words.
    func refusal(of value: Value, masking secrets: SecretMask) -> String {
        refusal(of: value.shown(masking: secrets) + problem(with: value))
    }

    /// What is wrong with text that begins as a duration does. Nothing of the text is in it, which may be secret.
    private func problem(with value: Value) -> String {
        guard kind == .time, case .string(let text) = value else { return "" }
        do throws(DurationText.Problem) {
            _ = try DurationText.nanoseconds(of: text)
            return ""
        } catch {
            return error == .missingUnit || error == .tooLong ? ", which \(error.inWords)" : ""
        }
    }

    /// Why nothing that a source gives can be a sample of it, in words, as far as that is known before the run.
    package func refusal(of source: ValueSource) -> String? {
        if case .constant(let value) = source {
            return kind.sample(of: value) == nil ? refusal(of: value, masking: .none) : nil
        }
        let types = source.type.types
        return types.isDisjoint(with: kind.types) ? refusal(of: "\(types)") : nil
    }

    private func refusal(of found: String) -> String {
        "'\(name)' is a \(kind.rawValue), which takes \(kind.wanted), not \(found)"
    }
}
