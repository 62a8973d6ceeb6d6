import Diagnostics
import Expressions
import LoadMetrics

/// What leaves the program goes through here: every text, whether a peer, the plan or the environment has written it.
extension SecretMask {
    func masked(_ record: RunRecord) -> RunRecord {
        guard !isEmpty else { return record }
        let names = Renaming(of: record.measurements.metrics) { masked($0) }
        var record = record
        record.plan.name = masked(record.plan.name)
        record.plan.files = record.plan.files.map { .init(path: masked($0.path), digest: $0.digest) }
        record.scenarios = record.scenarios.map { masked($0) }
        record.measurements = record.measurements.renamed(names)
        record.preflightProblems = record.preflightProblems.map { masked($0) }
        record.defects = record.defects.map { masked($0) }
        record.firstFailures = Dictionary(
            record.firstFailures.map { (masked($0), masked($1)) }, uniquingKeysWith: { first, _ in first })
        record.firstErrors = Dictionary(
            record.firstErrors.map { (.init($0.kind, scenario: masked($0.scenario)), masked($1)) },
            uniquingKeysWith: { first, _ in first })
        record.marks = record.marks.map { mark in
            var mark = mark
            mark.key = masked(mark.key)
            mark.scenario = masked(mark.scenario)
            return mark
        }
        record.missedMeasures = record.missedMeasures.map { missed in
            var missed = missed
            missed.metric = missed.metric.renamed(names)
            missed.since = masked(missed.since)
            missed.scenario = masked(missed.scenario)
            return missed
        }
        record.notices = record.notices.map { masked($0) }
        return record
    }

    private func masked(_ scenario: ScenarioSummary) -> ScenarioSummary {
        var scenario = scenario
        scenario.name = masked(scenario.name)
        scenario.url = masked(scenario.url)
        return scenario
    }

    private func masked(_ key: CheckSummary.Key) -> CheckSummary.Key {
        CheckSummary.Key(masked(key.name), group: key.group.map { masked($0) }, scenario: masked(key.scenario))
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
