import Expressions
import LoadMetrics

extension SecretMask {
    /// The summary without secrets in what was computed from values.
    func masked(_ summary: RunSummary) -> RunSummary {
        guard !isEmpty else { return summary }
        var summary = summary
        summary.planName = masked(summary.planName)
        for index in summary.scenarios.indices { summary.scenarios[index].url = masked(summary.scenarios[index].url) }
        for index in summary.checks.indices { mask(&summary.checks[index].firstFailure) }
        for index in summary.errors.indices { mask(&summary.errors[index].first) }
        summary.notices = summary.notices.map { masked($0) }
        return summary
    }

    private func mask(_ failure: inout FailureInstance?) {
        guard var masking = failure else { return }
        masking.message = masked(masking.message)
        masking.operands = masking.operands.map { .init($0.text, masked($0.value)) }
        if let answer = masking.answer {
            masking.answer = .init(
                status: answer.status,
                headers: answer.headers.map { .init(masked($0.name), masked($0.value)) },
                body: masked(answer.body, isCut: true))
        }
        failure = masking
    }
}
