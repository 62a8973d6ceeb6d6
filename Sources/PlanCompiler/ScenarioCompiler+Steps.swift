import Diagnostics
import EventProgram
import Expressions
import PlanModel

/// Steps into instructions. A `let` is visible from where it stands to the end of its task, in branches as well;
/// `message` only where one is sure to be bound.
extension ScenarioCompiler {
    mutating func compile(_ steps: [Step], _ scope: inout Scope) {
        for step in steps {
            guard !isTooLarge else { return }
            compile(step, &scope)
            stepCount += 1
            if max(stepCount, Int(code.address), localCount) > Self.sizeLimit {
                refuse(.programTooLarge, at: step.span, help: "run steps many times with 'repeat' instead")
            }
        }
    }

    /// Gives up a plan that goes beyond all bounds: once, and nothing more is said about it.
    mutating func refuse(_ message: Diagnostic.Message, at span: SourceSpan, help: String) {
        guard !isTooLarge else { return }
        isTooLarge = true
        diagnostics.append(Diagnostic(.programTooLarge, message, at: span, help: help))
    }

    private mutating func compile(_ step: Step, _ scope: inout Scope) {
        if event.followsSession, step.kind.needsSession {
            diagnostics.append(
                Diagnostic(
                    .sessionHasEnded, .sessionHasEnded(step.verb, on: event), at: step.span,
                    help:
                        "on_error and on_close may only 'wait'; what takes time in the session belongs to its other handlers"
                ))
        }
        switch step.kind {
        case .send(let send): compile(send, step.span, scope)
        case .ping(let payload): compileControl(.ping, payload, step.span, scope)
        case .pong(let payload): compileControl(.pong, payload, step.span, scope)
        case .close(let close): compile(close, step.span, scope)
        case .every(let every): compile(every, step.span, scope)
        case .after(let after): compile(after, step.span, scope)
        case .cancel(let id): code.emit(.cancelTimer, a: code.timerID(id.value), at: step.span)
        case .wait(let wait): compile(wait, step.span, scope)
        case .await(let await_): compile(await_, step.span, &scope)
        case .check(let conditions): compile(conditions, scope)
        case .set(let assignments): compileSet(assignments, scope)
        case .let(let assignments): compileLet(assignments, &scope)
        case .log(let log): compile(log, step.span, scope)
        case .if(let branch): compile(branch, step.span, &scope)
        case .repeat(let loop): compile(loop, step.span, &scope)
        case .while(let loop): compile(loop, step.span, &scope)
        case .for(let loop): compile(loop, step.span, &scope)
        case .use(let use): compile(use, step.span, &scope)
        case .group(let group): compile(group, &scope)
        case .fail(let reason):
            guard let template = template(reason, scope) else { return }
            // The check is named by the text as it stands in the plan: a rendered one would be a new metric each time.
            let name = code.checkName(reason.source.text)
            code.emit(.fail, a: code.add(template), b: name, at: step.span)
        case .stopRun(let reason):
            guard let template = template(reason, scope) else { return }
            code.emit(.stopRun, a: code.add(template), at: step.span)
        case .mark(let key): compileMark(key, step.span, scope)
        case .measure(let measure): compile(measure, step.span, scope)
        case .record(let samples): compile(samples, scope)
        }
    }

    // MARK: Time

    private mutating func compile(_ every: Every, _ span: SourceSpan, _ scope: Scope) {
        if case .nanoseconds(let interval) = every.interval, interval.value < VirtualUser.shortestIntervalNanoseconds {
            diagnostics.append(Diagnostic(.outOfRange, .intervalTooShort, at: interval.span))
        }
        let interval = duration(every.interval, scope) ?? .nanoseconds(VirtualUser.shortestIntervalNanoseconds)
        let schedule = Pools.Timer.Schedule.every(
            interval: interval, first: every.first.flatMap { duration($0, scope) },
            jitter: every.jitter.flatMap { duration($0, scope) }, times: every.times.flatMap { source(of: $0, scope) })
        startTimer(every.id?.value, schedule, every.steps, span, scope)
    }

    private mutating func compile(_ after: After, _ span: SourceSpan, _ scope: Scope) {
        let delay = duration(after.delay, scope) ?? .nanoseconds(0)
        startTimer(after.id?.value, .after(delay), after.steps, span, scope)
    }

    private mutating func startTimer(
        _ id: String?, _ schedule: Pools.Timer.Schedule, _ steps: [Step], _ span: SourceSpan, _ scope: Scope
    ) {
        let index = code.add(Pools.Timer(id: id.map { code.timerID($0) }, body: 0, schedule: schedule))
        code.emit(.startTimer, a: index, at: span)
        pendingBodies.append(
            PendingBody(
                timer: index, steps: steps, scope: scope, group: code.group, openBlocks: openBlocks, span: span))
    }

    private mutating func compile(_ wait: Wait, _ span: SourceSpan, _ scope: Scope) {
        let source: DurationSource?
        switch wait {
        case .fixed(let operand): source = duration(operand, scope)
        case .between(let low, let high):
            let low = duration(low, scope)
            let high = duration(high, scope)
            source = low.flatMap { low in high.map { .between(low, $0) } }
        }
        guard let source else { return }
        code.emit(.wait, a: code.add(source), at: span)
    }

    private mutating func compile(_ step: Await, _ span: SourceSpan, _ scope: inout Scope) {
        var messageScope = scope
        messageScope.facts.insert(.message)
        var index: UInt32?
        if case .matching(let parsed) = step.condition {
            index = condition(parsed, messageScope).map { code.add($0) }
        }
        let timeout = step.timeout.flatMap { duration($0, scope) }
        let count = step.count.flatMap { source(of: $0, scope) }
        let since = since(step.since, scope)
        let operand = code.add(
            Pools.Await(
                name: step.label, check: code.checkName(step.checkName), condition: index,
                timeout: timeout ?? .nanoseconds(scenario.timeouts.awaitNanoseconds),
                count: count ?? .constant(.int(1)), since: since))
        guard let otherwise = step.otherwise else {
            code.emit(.await, a: operand, at: span)
            scope.facts.insert(.message)
            compile(step.then ?? [], &scope)
            return
        }
        let late = code.emitJump(.await, a: operand, at: span)
        compileBranch(step.then ?? [], binding: .message, &scope)
        code.emit(.unbindMessage, at: span)
        let end = code.emitJump(.jump, at: span)
        code.land(late)
        compileBranch(otherwise, &scope)
        code.land(end)
    }

    private mutating func since(_ written: Located<Await.Since>?, _ scope: Scope) -> Pools.Await.Since {
        switch written?.value {
        case nil: .send
        case .send: .writtenSend
        case .open: .open
        case .now: .now
        case .mark(let key): template(key, scope).map { .mark(code.markReference($0)) } ?? .now
        }
    }

    // MARK: Values

    private mutating func compile(_ conditions: [NamedCondition], _ scope: Scope) {
        for named in conditions {
            guard let condition = condition(named.condition, scope) else { continue }
            let check = code.add(Pools.Check(name: code.checkName(named.name.value), condition: condition))
            code.emit(.check, a: check, at: named.name.span)
        }
    }

    private mutating func compileSet(_ assignments: [Assignment], _ scope: Scope) {
        for assignment in assignments {
            let value = source(of: assignment.value, scope)
            guard let slot = scope.lookup(assignment.name.value) else {
                if !scope.mayDeclare(assignment.name.value) {
                    notingUse { $0.append(.undeclaredVariable(assignment.name, scope)) }
                }
                continue
            }
            guard let value else { continue }
            switch slot {
            case .session(let index):
                code.emit(.setSession, a: UInt32(index), b: code.add(value), at: assignment.name.span)
            case .local(let index):
                code.emit(.setLocal, a: UInt32(index), b: code.add(value), at: assignment.name.span)
            }
        }
    }

    private mutating func compileLet(_ assignments: [Assignment], _ scope: inout Scope) {
        for assignment in assignments {
            guard let value = source(of: assignment.value, scope) else {
                scope.declare(assignment.name.value, .local(Int(takeLocals(1))))
                continue
            }
            let slot: UInt32
            if case .local(let known)? = scope.lookup(assignment.name.value) {
                slot = UInt32(known)
            } else {
                slot = takeLocals(1)
            }
            code.emit(.setLocal, a: slot, b: code.add(value), at: assignment.name.span)
            declare(assignment.name, .local(Int(slot)), type: value.type, in: &scope)
        }
    }

    private mutating func compile(_ log: Log, _ span: SourceSpan, _ scope: Scope) {
        guard let template = template(log.message, scope) else { return }
        let level: LogLevel =
            switch log.level {
            case .debug: .debug
            case .info: .info
            case .warn: .warn
            case .error: .error
            }
        code.emit(.log, a: code.add(template), b: UInt32(level.rawValue), at: span)
    }

    mutating func takeLocals(_ count: Int) -> UInt32 {
        localCount += count
        return UInt32(localCount - count)
    }
}

extension Diagnostic {
    /// `set` of a name that nothing declares.
    fileprivate static func undeclaredVariable(_ name: Located<String>, _ scope: Scope) -> Diagnostic {
        let near = suggestion(for: name.value, among: scope.variableNames.sorted())
        return Diagnostic(
            .undeclaredVariable, .undeclaredVariable(name.value), at: name.span,
            help: near.map { "did you mean '\($0)'?" }
                ?? "declare it in vars or vu_vars, or make it with let before it is set")
    }
}

extension Program.Event {
    /// Whether its handlers only start when the session has ended, or never began.
    fileprivate var followsSession: Bool { self == .error || self == .close }
}

extension Step.Kind {
    /// Whether it waits for something that only a session brings about.
    fileprivate var needsSession: Bool {
        switch self {
        case .every, .after, .await: true
        default: false
        }
    }
}

extension Diagnostic.Message {
    fileprivate static func sessionHasEnded(_ verb: Verb, on event: Program.Event) -> Self {
        Self("'\(verb.rawValue)' can do nothing in on_\(event): the session has ended")
    }

    fileprivate static func undeclaredVariable(_ name: String) -> Self {
        Self("there is no variable '\(name)' to set")
    }

    fileprivate static let programTooLarge = Self(
        "the plan comes to more than \(ScenarioCompiler.sizeLimit) steps: blocks that use blocks multiply")

    fileprivate static let intervalTooShort = Self("an interval is at least 100us")
}
