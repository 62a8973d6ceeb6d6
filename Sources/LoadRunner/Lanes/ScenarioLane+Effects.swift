import Diagnostics
import EventProgram
import Expressions
import LoadMetrics
import WebSocketCodec
import WebSocketTransport

/// Carrying out what a user asks for.
extension ScenarioLane {
    /// What an effect needs to know of those before it, and what comes of all of them.
    private struct Outcome {
        var lastCheck: (name: UInt32, group: UInt16) = (0, Instruction.noGroup)
        /// What the user has to be told at once.
        var answer: Stimulus?
    }

    /// Carries out all effects in order, and forgets them. Returns what the user has to be told at once.
    func perform(for index: Int) -> Stimulus? {
        var outcome = Outcome()
        // An index and not an iterator: no copy of the list is held while it is used.
        var place = 0
        while place < execution.effects.list.count {
            let effect = execution.effects.list[place]
            place += 1
            switch effect {
            case .send(let payload, let isBinary, let fragments, let group):
                withBytes(of: payload) {
                    send($0, isBinary: isBinary, fragments: fragments, inGroup: group, for: index)
                }
            case .check(let name, let passed, let group):
                let check = series.check(name, inGroup: group)
                if passed { recorder.pass(check) } else { recorder.fail(check) }
                outcome.lastCheck = (name, group)
                if let observer { observer.tell(.check(checkName(name, group), passed: passed)) }
            case .awaited(let await_, let nanoseconds):
                recorder.record(series.await(await_), nanoseconds: nanoseconds)
            case .measured(let measure, let nanoseconds):
                recorder.record(series.measure(measure), nanoseconds: nanoseconds)
            default:
                performOther(effect, for: index, &outcome)
            }
        }
        execution.effects.removeAll()
        return outcome.answer
    }

    /// What messages do not do all the time. By itself, since the compiler moves checks for exclusive access that only these need
    /// to the start of all: they were 150 instructions of each message.
    @inline(never)
    private func performOther(_ effect: Effect, for index: Int, _ outcome: inout Outcome) {
        switch effect {
        case .send, .check, .awaited, .measured: preconditionFailure("an effect of every day is carried out elsewhere")
        case .sendValue(let value, let isBinary, let fragments, let group):
            execution.effects.withBytes(ofValue: value) {
                send($0, isBinary: isBinary, fragments: fragments, inGroup: group, for: index)
            }
        case .recorded(let record, let sample):
            self.record(sample, of: series.record(record))
        case .timerLag(let nanoseconds):
            recorder.record(series.timerLag, nanoseconds: nanoseconds)
            watch.begun(lateNanoseconds: nanoseconds)
        case .ping(let payload):
            guard let connection = slots[index].connection else { break }
            withBytes(of: payload) { if loop.ping($0, on: connection) { note(.sentPing, $0, for: index) } }
        case .pong(let payload):
            guard let connection = slots[index].connection else { break }
            withBytes(of: payload) { if loop.pong($0, on: connection) { note(.sentPong, $0, for: index) } }
        case .log(let level, let payload):
            log(level, payload, for: index)
        case .connect(let order):
            outcome.answer = connect(execution.effects.connectOrders[order], for: index)
        case .abandonConnect, .abort:
            if let connection = slots[index].connection { abandon(connection, of: index) }
        case .close(let code, let reason):
            guard let connection = slots[index].connection else { break }
            let frame = ConnectionEnd.CloseFrame(code: CloseCode(rawValue: code), reason: text(of: reason))
            if loop.close(connection, code: frame.code, reason: frame.reason) {
                note(.sentClose, frame, for: index)
            }
        case .checkFailure(let detail):
            noteFailure(execution.effects.details[detail], of: outcome.lastCheck, for: index)
        case .error(let kind, let detail, let group):
            noteError(kind, execution.effects.details[detail], group, for: index)
        case .sessionClosed(let code, let initiator):
            observer?.tell(.closed(code: Int(code), by: initiator.rawValue))
            recorder.add(closes(code, by: initiator))
        case .inboxDropped:
            recorder.add(series.inboxDropped)
        case .stopRun(let detail):
            job.control.stop(.plan(execution.effects.details[detail].text))
        case .iterationOver(let failed, let cut):
            iterationOver(index, failed: failed, cut: cut)
        }
    }

    /// A span and not the array itself, which each use of its bytes would retain and release.
    @inline(__always)
    private func withBytes(of payload: Effect.Payload, _ body: (RawSpan) -> Void) {
        if payload.isLiteral {
            let start = execution.literals + Int(payload.start)
            return body(UnsafeRawBufferPointer(start: start, count: Int(payload.count)).bytes)
        }
        return body(execution.effects.bytes.span.bytes.extracting(payload.range))
    }

    /// Sends a message where there is a connection that takes it, and counts it.
    @inline(__always)
    private func send(_ bytes: RawSpan, isBinary: Bool, fragments: UInt32, inGroup group: UInt16, for index: Int) {
        guard let connection = slots[index].connection,
            loop.send(isBinary ? .binary : .text, bytes, fragments: Int(fragments), on: connection)
        else { return }
        recorder.add(series.messagesSent(inGroup: group))
        note(isBinary ? .sentBinary : .sentText, bytes, for: index)
    }

    // MARK: Samples

    /// The series of sessions that were closed in one way. Finding it by its tags took 7,000 instructions a session.
    private func closes(_ code: UInt16, by initiator: CloseFact.Initiator) -> SeriesID {
        if let known = closeSeries[initiator]?[code] { return known }
        let tags = series.tags(inGroup: Instruction.noGroup)
            .with("code", String(code)).with("by", initiator.rawValue)
        let series = recorder.series(.wsCloses, tags)
        closeSeries[initiator, default: [:]][code] = series
        return series
    }

    private func record(_ sample: Double, of record: SeriesTable.Record) {
        switch record.kind {
        case .counter: recorder.add(record.series, amount: sample)
        case .gauge: recorder.set(record.series, to: sample, atNanoseconds: loop.nowNanoseconds)
        case .rate: if sample == 0 { recorder.fail(record.series) } else { recorder.pass(record.series) }
        case .trend: recorder.record(record.series, number: sample)
        case .time: recorder.record(record.series, nanoseconds: Int64((sample * 1e6).rounded()))
        }
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
        guard slots[index].isOpen, let opened = slots[index].openedNanoseconds else { return }
        slots[index].isOpen = false
        job.gauges.open.adjust(by: -1, atNanoseconds: loop.nowNanoseconds)
        recorder.record(series.sessionDuration, nanoseconds: loop.nowNanoseconds - opened)
    }

    // MARK: Frames

    /// Keeps a frame that has been sent, for when something fails.
    @inline(__always)
    private func note(_ kind: FrameLog.Kind, _ bytes: RawSpan, for index: Int) {
        bytes.withUnsafeBytes { frames[index].note(kind, $0, atNanoseconds: loop.nowNanoseconds) }
    }

    func note(_ kind: FrameLog.Kind, _ frame: ConnectionEnd.CloseFrame, for index: Int) {
        frame.withPayload { frames[index].note(kind, $0, atNanoseconds: loop.nowNanoseconds) }
    }

    // MARK: Words

    private func log(_ level: LogLevel, _ payload: Effect.Payload, for index: Int) {
        let text = { self.execution.effects.bytes[payload.range] }
        if let observer { return observer.tell(.log(level: level.name, Array(text()))) }
        job.log.log(
            LogLine.make(level, text(), of: slots[index].user, in: job), atNanoseconds: loop.nowNanoseconds)
    }

    private func noteFailure(_ detail: Effects.Detail, of check: (name: UInt32, group: UInt16), for index: Int) {
        let key = CheckSummary.Key(
            job.program.pools.checkNames[Int(check.name)], group: groupName(check.group),
            scenario: job.program.scenario)
        if result.firstFailures[key] == nil { result.firstFailures[key] = instance(detail, for: index) }
    }

    private func noteError(_ kind: ErrorKind, _ detail: Effects.Detail, _ group: UInt16, for index: Int) {
        recorder.add(recorder.series(.wsErrors, series.tags(inGroup: group).with("kind", kind.rawValue)))
        result.errors += 1
        slots[index].hasErrors = true
        observer?.tell(.error(kind: kind.rawValue, detail.text))
        let key = ErrorSummary.Key(kind.rawValue, scenario: job.program.scenario)
        guard result.firstErrors[key] == nil else { return }
        var first = instance(detail, for: index)
        if let answer = failedAnswer { first.answer = FailureInstance.Answer(answer) }
        result.firstErrors[key] = first
    }

    private func instance(_ detail: Effects.Detail, for index: Int) -> FailureInstance {
        FailureInstance(
            message: detail.text, vuID: Int(slots[index].user.id), iteration: Int(slots[index].user.iteration),
            sinceStartNanoseconds: loop.nowNanoseconds - job.startNanoseconds, span: detail.span,
            operands: detail.operands.map { .init($0.source, $0.value, depth: $0.depth) },
            transcript: slots[index].openedNanoseconds.map {
                frames[index].transcript(openedNanoseconds: $0, atNanoseconds: loop.nowNanoseconds)
            })
    }

    private func checkName(_ name: UInt32, _ group: UInt16) -> String {
        let own = job.program.pools.checkNames[Int(name)]
        return groupName(group).map { "\($0) › \(own)" } ?? own
    }

    private func groupName(_ group: UInt16) -> String? {
        group == Instruction.noGroup ? nil : job.program.pools.groups[Int(group)]
    }

    private func text(of payload: Effect.Payload) -> String {
        String(decoding: execution.effects.bytes[payload.range], as: UTF8.self)
    }
}
