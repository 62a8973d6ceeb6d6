import Diagnostics
import EventProgram
import Expressions
import LoadMetrics
import WebSocketCodec
import WebSocketTransport

/// Carrying out what a user asks for.
extension LoadWorker {
    /// Carries out all effects in order, and forgets them. Returns what the user has to be told at once.
    func perform(for index: Int) -> Stimulus? {
        var answer: Stimulus?
        var lastCheck: (name: UInt32, group: UInt16) = (0, Instruction.noGroup)
        // An index and not an iterator: no copy of the list is held while it is used.
        var place = 0
        while place < execution.effects.list.count {
            let effect = execution.effects.list[place]
            place += 1
            switch effect {
            case .send(let payload, let isBinary, let fragments, let group):
                guard let connection = slots[index].connection else { break }
                let sent = loop.send(
                    isBinary ? .binary : .text, execution.effects.bytes.span.bytes.extracting(payload.range),
                    fragments: Int(fragments), on: connection)
                if sent { recorder.add(series.messagesSent(inGroup: group)) }
            case .check(let name, let passed, let group):
                let check = series.check(name, inGroup: group)
                if passed { recorder.pass(check) } else { recorder.fail(check) }
                lastCheck = (name, group)
            case .awaited(let await_, let nanoseconds):
                recorder.record(series.await(await_), nanoseconds: nanoseconds)
            case .timerLag(let nanoseconds):
                recorder.record(series.timerLag, nanoseconds: nanoseconds)
            case .ping(let payload):
                guard let connection = slots[index].connection else { break }
                loop.ping(execution.effects.bytes.span.bytes.extracting(payload.range), on: connection)
            case .pong(let payload):
                guard let connection = slots[index].connection else { break }
                loop.pong(execution.effects.bytes.span.bytes.extracting(payload.range), on: connection)
            case .log(let level, let payload):
                log(level, payload, for: index)
            case .connect(let order):
                answer = connect(execution.effects.connectOrders[order], for: index)
            case .abandonConnect, .abort:
                if let connection = slots[index].connection { abandon(connection, of: index) }
            case .close(let code, let reason):
                guard let connection = slots[index].connection else { break }
                loop.close(connection, code: CloseCode(rawValue: code), reason: text(of: reason))
            case .checkFailure(let detail):
                noteFailure(execution.effects.details[detail], of: lastCheck, for: index)
            case .error(let kind, let detail, let group):
                noteError(kind, execution.effects.details[detail], group, for: index)
            case .sessionClosed(let code, let initiator):
                let tags = series.tags(inGroup: Instruction.noGroup)
                    .with("code", String(code)).with("by", initiator.rawValue)
                recorder.add(recorder.series(.wsCloses, tags))
            case .inboxDropped:
                recorder.add(series.inboxDropped)
            case .stopRun(let detail):
                control.stop(.plan(execution.effects.details[detail].text))
            case .iterationOver(let failed, let cut):
                iterationOver(index, failed: failed, cut: cut)
            }
        }
        execution.effects.removeAll()
        return answer
    }

    // MARK: Connections

    private func abandon(_ connection: ConnectionID, of index: Int) {
        forgetConnection(of: index)
        loop.abort(connection)
    }

    /// A user's connection is gone, or is given up: what was open ends here, and is counted.
    func forgetConnection(of index: Int) {
        slots[index].connection = nil
        if !errands.isEmpty { errands[index] = nil }
        guard slots[index].isOpen else { return }
        slots[index].isOpen = false
        job.gauges.open.adjust(by: -1)
        recorder.record(
            series.sessionDuration, nanoseconds: loop.nowNanoseconds - slots[index].openedNanoseconds)
    }

    // MARK: Words

    private func log(_ level: LogLevel, _ payload: Effect.Payload, for index: Int) {
        var line = Array(
            "\(level.name.uppercased()) [\(job.program.scenario) vu=\(slots[index].user.id) iter=\(slots[index].user.iteration)] "
                .utf8)
        line.appendEscaped(job.facts.secrets.masked(Array(execution.effects.bytes[payload.range])))
        job.log.log(line, atNanoseconds: loop.nowNanoseconds)
    }

    private func noteFailure(_ detail: Effects.Detail, of check: (name: UInt32, group: UInt16), for index: Int) {
        let key = CheckSummary.Key(
            job.program.pools.checkNames[Int(check.name)], group: groupName(check.group),
            scenario: job.program.scenario)
        if result.firstFailures[key] == nil { result.firstFailures[key] = instance(detail, for: index) }
    }

    private func noteError(_ kind: ErrorKind, _ detail: Effects.Detail, _ group: UInt16, for index: Int) {
        recorder.add(recorder.series(.wsErrors, series.tags(inGroup: group).with("kind", kind.rawValue)))
        let key = ErrorSummary.Key(kind.rawValue, scenario: job.program.scenario)
        guard result.firstErrors[key] == nil else { return }
        var first = instance(detail, for: index)
        if let answer = failedAnswer {
            first.answer = FailureInstance.Answer(
                status: answer.status, headers: answer.headers.fields.map { .init($0.name, $0.value) },
                body: answer.body)
        }
        result.firstErrors[key] = first
    }

    private func instance(_ detail: Effects.Detail, for index: Int) -> FailureInstance {
        FailureInstance(
            message: detail.text, vuID: Int(slots[index].user.id), iteration: Int(slots[index].user.iteration),
            sinceStartNanoseconds: loop.nowNanoseconds - job.startNanoseconds, span: detail.span,
            operands: detail.operands.map { .init($0.text, $0.value) })
    }

    private func groupName(_ group: UInt16) -> String? {
        group == Instruction.noGroup ? nil : job.program.pools.groups[Int(group)]
    }

    private func text(of payload: Effect.Payload) -> String {
        String(decoding: execution.effects.bytes[payload.range], as: UTF8.self)
    }
}

extension [UInt8] {
    /// Appends text that anybody may have written, so that a line of the log is one line and does nothing to the terminal.
    /// Tabs stay.
    fileprivate mutating func appendEscaped(_ text: [UInt8]) {
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            self += (scalar == "\t" ? "\t" : scalar.escapedForDisplay).utf8
        }
    }
}
