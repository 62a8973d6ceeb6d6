import Expressions
import LoadMetrics

/// What leaves the program goes through here.
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
        masking.operands = masking.operands.map { .init($0.text, masked($0.value), depth: $0.depth) }
        masking.answer = masking.answer.map { masked($0) }
        if let transcript = masking.transcript { masking.transcript?.frames = transcript.frames.map { masked($0) } }
        failure = masking
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
