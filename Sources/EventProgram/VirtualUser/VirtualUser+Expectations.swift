import Diagnostics
import Expressions
import Quantities

/// What a plan expects of each session (plan-language §1, `expect`). What the end of the load cuts short is not judged.
extension VirtualUser {
    /// Judges the answer that has opened the session, and how long it took. False where its status is not an expected one:
    /// then that alone is said.
    mutating func judgeOpening(
        _ response: ResponseFact, afterNanoseconds duration: Int64, _ context: inout ExecutionContext
    ) -> Bool {
        guard judgeStatus(response, "the server answered with \(response.status)", at: nil, &context) else {
            return false
        }
        if let opening = context.program.expectations.opening {
            judge(
                opening.check, passed: duration <= opening.nanoseconds,
                reason: "it took \(DurationText.text(ofNanoseconds: duration))", at: opening.span, &context)
        }
        judgeAnswer(response, &context)
        return true
    }

    /// Judges a connect that opened no session. True where that is the answer that the plan expects. Where it expects the
    /// error instead, nothing is left to be judged.
    ///
    /// - Parameter response: the complete answer of another status than 101, where that is why.
    mutating func judgeFailedConnect(
        _ kind: ErrorKind, _ response: ResponseFact?, _ message: String, at span: SourceSpan?,
        _ context: inout ExecutionContext
    ) -> Bool {
        let expectations = context.program.expectations
        let isExpectedAnswer = response.map { expectations.statuses.contains(Int($0.status)) } ?? false
        if !isExpectedAnswer, expectations.errors.contains(kind) { return false }
        guard judgeStatus(response, message, at: span, &context), let response else {
            // A session that never opens does not open in time.
            if let opening = context.program.expectations.opening {
                judge(opening.check, passed: false, reason: message, at: opening.span, &context)
            }
            return false
        }
        judgeAnswer(response, &context)
        return true
    }

    /// Judges who has ended a session that was open.
    mutating func judgeEnd(by initiator: CloseFact.Initiator, _ context: inout ExecutionContext) {
        guard let closing = context.program.expectations.closing else { return }
        let isExpected = closing.initiators.contains(initiator)
        guard isExpected || initiator != .loadEnd else { return }
        judge(
            closing.check, passed: isExpected, reason: "closed by \(initiator.rawValue)", at: closing.span, &context)
    }

    private mutating func judgeStatus(
        _ response: ResponseFact?, _ message: @autoclosure () -> String, at span: SourceSpan?,
        _ context: inout ExecutionContext
    ) -> Bool {
        let program = context.program
        let isExpected = response.map { program.expectations.statuses.contains(Int($0.status)) } ?? false
        judge(
            program.expectations.statusCheck, passed: isExpected, reason: message(),
            at: span ?? program.expectations.statusSpan, &context)
        return isExpected
    }

    private mutating func judgeAnswer(_ response: ResponseFact, _ context: inout ExecutionContext) {
        for expected in context.program.expectations.answers {
            let found: String?
            switch expected.part {
            case .subprotocol:
                // Of an answer that opens no session it would mean nothing.
                if response.status != 101 { continue }
                found = response.subprotocol.isEmpty ? nil : response.subprotocol
            case .header(let name): found = response.header(name)
            }
            let span = expected.value.source.span
            do throws(EvaluationError) {
                let wanted = try string(expected.value, &context)
                let isExpected = found.map { $0.utf8.elementsEqual(wanted.utf8) } ?? false
                judge(
                    expected.check, passed: isExpected,
                    reason: found.map { "the server answered with '\($0)'" } ?? "the server answered without one",
                    at: span, &context)
            } catch {
                judge(expected.check, passed: false, reason: error.reason, at: error.span, &context)
            }
        }
    }
}
