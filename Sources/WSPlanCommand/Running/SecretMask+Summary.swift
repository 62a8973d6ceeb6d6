import Diagnostics
import Expressions
import LoadMetrics

/// What leaves the program goes through here: every text, whether a peer, the plan or the environment has written it.
extension SecretMask {
    func masked(_ summary: RunSummary) -> RunSummary {
        guard !isEmpty else { return summary }
        var summary = summary
        summary.planName = masked(summary.planName)
        summary.planFile = masked(summary.planFile)
        summary.scenarios = summary.scenarios.map { masked($0) }
        summary.verdict = Verdict(reasons: summary.verdict.reasons.map { .init($0.ground, masked($0.text)) })
        summary.checks = summary.checks.map { masked($0) }
        summary.errors = summary.errors.map { masked($0) }
        for index in summary.metrics.counters.indices {
            summary.metrics.counters[index].metric = masked(summary.metrics.counters[index].metric)
        }
        for index in summary.metrics.rates.indices {
            summary.metrics.rates[index].metric = masked(summary.metrics.rates[index].metric)
        }
        for index in summary.metrics.gauges.indices {
            summary.metrics.gauges[index].metric = masked(summary.metrics.gauges[index].metric)
        }
        for index in summary.metrics.trends.indices {
            summary.metrics.trends[index].selector = masked(summary.metrics.trends[index].selector)
        }
        summary.marks = summary.marks.map { mark in
            var mark = mark
            mark.key = masked(mark.key)
            mark.scenario = masked(mark.scenario)
            return mark
        }
        summary.missedMeasures = summary.missedMeasures.map { missed in
            var missed = missed
            missed.metric = masked(missed.metric)
            missed.since = masked(missed.since)
            missed.scenario = masked(missed.scenario)
            return missed
        }
        summary.thresholds = summary.thresholds.map { result in
            var result = result
            result.threshold.selector = masked(result.threshold.selector)
            result.threshold.condition = result.threshold.condition.map { masked($0) }
            return result
        }
        summary.notices = summary.notices.map { masked($0) }
        return summary
    }

    private func masked(_ scenario: ScenarioSummary) -> ScenarioSummary {
        var scenario = scenario
        scenario.name = masked(scenario.name)
        scenario.url = masked(scenario.url)
        return scenario
    }

    private func masked(_ check: CheckSummary) -> CheckSummary {
        var check = check
        check.key = CheckSummary.Key(
            masked(check.key.name), group: check.key.group.map { masked($0) }, scenario: masked(check.key.scenario))
        check.firstFailure = check.firstFailure.map { masked($0) }
        return check
    }

    private func masked(_ error: ErrorSummary) -> ErrorSummary {
        var error = error
        error.key.scenario = masked(error.key.scenario)
        error.first = error.first.map { masked($0) }
        return error
    }

    private func masked(_ selector: MetricSelector) -> MetricSelector {
        MetricSelector(
            masked(selector.metric), TagSet(selector.tags.tags.map { Tag($0.name, masked($0.value)) }))
    }

    private func masked(_ metric: MetricDefinition) -> MetricDefinition {
        MetricDefinition(
            masked(metric.name), metric.kind, metric.unit, ownTags: metric.ownTags, summary: metric.summary)
    }

    private func masked(_ failure: FailureInstance) -> FailureInstance {
        var failure = failure
        failure.message = masked(failure.message)
        failure.operands = failure.operands.map { .init(masked($0.text), masked($0.value), depth: $0.depth) }
        failure.answer = failure.answer.map { masked($0) }
        if let transcript = failure.transcript { failure.transcript?.frames = transcript.frames.map { masked($0) } }
        return failure
    }

    private func masked(_ answer: FailureInstance.Answer) -> FailureInstance.Answer {
        FailureInstance.Answer(
            status: answer.status, headers: answer.headers.map { .init(masked($0.name), masked($0.value)) },
            body: masked(answer.body, isCut: true))
    }

    private func masked(_ frame: TranscriptFrame) -> TranscriptFrame {
        var frame = frame
        // The code of a Close frame is no text.
        let start = frame.closing == nil ? 0 : 2
        frame.payload = frame.payload.prefix(start) + masked(Array(frame.payload.dropFirst(start)), isCut: frame.isCut)
        return frame
    }

    /// An event of a run without secrets, while it happens.
    func masked(_ event: TranscriptEvent) -> TranscriptEvent {
        guard !isEmpty else { return event }
        var event = event
        switch event.kind {
        case .connecting(let url): event.kind = .connecting(to: masked(url))
        case .asked(let peer, let security, let request):
            event.kind = .asked(peer: masked(peer), security: security, request: masked(request))
        case .answered(let answer, let reasonPhrase):
            event.kind = .answered(masked(answer), reasonPhrase: masked(reasonPhrase))
        case .frame(let frame): event.kind = .frame(masked(frame))
        case .log(let level, let text): event.kind = .log(level: level, masked(text))
        case .check(let name, let passed): event.kind = .check(masked(name), passed: passed)
        case .error(let kind, let message): event.kind = .error(kind: kind, masked(message))
        case .closed: break
        }
        return event
    }
}
