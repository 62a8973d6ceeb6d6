import DataTables
import Diagnostics
import EventProgram
import Expressions
import PlanModel

/// Compiles one scenario: its variables and target into prologues, each handler into a stretch of code.
struct ScenarioCompiler {
    let plan: Plan
    let scenario: Scenario
    var code = CodeBuilder()
    var diagnostics: [Diagnostic] = []
    /// The templates that send what is in files.
    var fileTemplates: [String: UInt32] = [:]
    /// Whether a file is sent that is not there to be compiled.
    var lacksFile = false
    /// The steps of each block.
    let blocks: [String: [Step]]
    /// The blocks that are being expanded, outermost first, each where it is used.
    var openBlocks: [Located<String>] = []
    /// The names of variables that more than one place gives a value; nil where that is not known.
    let changingNames: Set<String>?
    /// The names of variables of which an expression took another type for granted than the plan says.
    var doubtedNames: Set<String> = []
    /// The sources of `data` that something reads.
    var usedData: Set<String> = []
    /// The blocks that were expanded at least once.
    var usedBlocks: Set<String> = []
    /// Whether `use` stands for the steps of its block. Where blocks are only judged, each is judged by itself.
    var expandsBlocks = true
    /// So many levels of them there may be: each takes its part of the stack.
    static let blockDepth = 100
    /// Bodies of timers, compiled behind the code that starts them.
    var pendingBodies: [PendingBody] = []
    /// What starts the handler that is being compiled.
    var event = Program.Event.open
    /// The locals of the handler that is being compiled; its timers' ticks have the same.
    var localCount = 0
    /// Blocks are expanded where they are used: a plan could otherwise grow without bound. That many steps, instructions,
    /// and variables of one handler there may be.
    static let sizeLimit = 50_000
    var stepCount = 0
    var isTooLarge = false

    struct PendingBody {
        var timer: UInt32
        var steps: [Step]
        var scope: Scope
        var group: UInt16
        var openBlocks: [Located<String>]
        var span: SourceSpan
    }

    init(plan: Plan, scenario: Scenario) {
        self.plan = plan
        self.scenario = scenario
        changingNames = plan.isWhollyRead ? plan.changingNames : nil
        blocks = Dictionary(plan.blocks.map { ($0.name.value, $0.steps) }, uniquingKeysWith: { first, _ in first })
    }

    /// The program; nil where the diagnostics have an error.
    mutating func compile() -> Program? {
        var scope = Scope(facts: baseFacts, environment: plan.environment.map(\.name.value))
        scope.mayLackNames = plan.lacking.contains(.variables)
        scope.mayLackEnvironment = plan.lacking.contains(.environment)
        scope.mayLackData = plan.lacking.contains(.data)
        scope.unreadNames = plan.unreadNames
        let slots = DataSlots(of: plan.data, behind: scenario.vuVariables.count)
        for (source, slot) in zip(plan.data, slots.slots) {
            scope.declareData(source.name.value, .session(slot), columns: source.table?.columns)
        }
        let vuPrologue = Program.Prologue(address: code.address)
        compileVariables(scenario.vuVariables, from: 0, &scope)
        code.emit(.end, at: scenario.span)

        let iterationPrologue = Program.Prologue(address: code.address)
        compileVariables(scenario.variables, from: slots.end, &scope)
        let target = compileTarget(scope)
        let expectations = compileExpectations(scope)
        code.emit(.connect, at: scenario.urlSpan)
        code.emit(.end, at: scenario.urlSpan)

        let handlers = scenario.handlers.map { compileHandler($0, scope) }
        checkUnusedBlocks(scope)
        guard let target, plan.isWhollyRead, !lacksFile, !diagnostics.contains(where: { $0.severity == .error }) else {
            return nil
        }
        do throws(VerificationError) {
            return try program(handlers, vuPrologue, iterationPrologue, target, expectations, slots)
        } catch {
            preconditionFailure("the compiler made a program that does not verify: \(error)")
        }
    }

    private func program(
        _ handlers: [Program.Handler], _ vuPrologue: Program.Prologue, _ iterationPrologue: Program.Prologue,
        _ target: Target, _ expectations: Expectations, _ slots: DataSlots
    ) throws(VerificationError) -> Program {
        try Program(
            scenario: scenario.name, instructions: code.instructions, spans: code.spans, pools: code.pools,
            handlers: handlers, vuPrologue: vuPrologue, iterationPrologue: iterationPrologue,
            target: target, expectations: expectations, timeouts: timeouts,
            data: slots.sources(in: plan, used: usedData), vuVariableCount: slots.vuEnd,
            variableCount: slots.end + scenario.variables.count)
    }

    /// The names of §4 that exist everywhere in this plan.
    private var baseFacts: FactSet {
        var facts = FactSet.always
        if plan.serve == nil, !plan.lacking.contains(.sections) { facts.remove(.server) }
        return facts
    }

    private var timeouts: Program.Timeouts {
        Program.Timeouts(
            connectNanoseconds: scenario.timeouts.connectNanoseconds,
            awaitNanoseconds: scenario.timeouts.awaitNanoseconds,
            closeNanoseconds: scenario.timeouts.closeNanoseconds,
            sessionNanoseconds: scenario.timeouts.sessionNanoseconds)
    }

    // MARK: Prologues

    /// Each variable is visible to those that follow it.
    private mutating func compileVariables(_ variables: [VariableDeclaration], from slot: Int, _ scope: inout Scope) {
        for (offset, variable) in variables.enumerated() {
            let value = source(of: variable.value, scope)
            if let value {
                code.emit(.setSession, a: UInt32(slot + offset), b: code.add(value), at: variable.name.span)
            }
            declare(variable.name, .session(slot + offset), type: value?.type ?? .any, in: &scope)
        }
    }

    private mutating func compileTarget(_ scope: Scope) -> Target? {
        let url = template(scenario.url, scope)
        let headers = scenario.connect.headers.compactMap { header in
            template(header.value, scope).map { Target.Field(name: header.name.value, value: $0) }
        }
        let subprotocols = scenario.connect.subprotocols.compactMap { template($0, scope) }
        let origin = scenario.connect.origin.flatMap { template($0, scope) }
        let cookies = scenario.connect.cookies.compactMap { cookie in
            template(cookie.value, scope).map { Target.Field(name: cookie.name.value, value: $0) }
        }
        let limits = Target.Limits(
            maximumMessageSize: scenario.connect.maximumMessageSize?.value,
            keepalive: scenario.connect.keepalive.map {
                Target.Keepalive(
                    intervalNanoseconds: $0.intervalNanoseconds, timeoutNanoseconds: $0.timeoutNanoseconds)
            })
        return url.map {
            Target(
                url: $0, headers: headers, subprotocols: subprotocols, origin: origin, cookies: cookies, limits: limits)
        }
    }

    // MARK: Handlers

    private mutating func compileHandler(_ handler: Handler, _ base: Scope) -> Program.Handler {
        var scope = base
        scope.facts.formUnion(facts(in: handler.event))
        // What cannot be read may have been an `await`.
        if plan.mayDeclare("message", in: .variables) { scope.facts.insert(.message) }
        localCount = 0
        event = Program.Event(handler.event)
        let condition = handler.condition.flatMap { self.condition($0, scope) }.map { code.add($0) }
        let address = code.address
        compile(handler.steps, &scope)
        code.emit(.end, at: handler.span)
        compilePendingBodies()
        return Program.Handler(
            event: event, name: handler.name?.value, condition: condition, address: address,
            localCount: localCount)
    }

    /// Timers may start timers in turn: their bodies follow one another until none is left.
    private mutating func compilePendingBodies() {
        var next = 0
        while next < pendingBodies.count {
            let body = pendingBodies[next]
            next += 1
            code.pools.timers[Int(body.timer)].body = code.address
            var scope = body.scope
            code.group = body.group
            openBlocks = body.openBlocks
            compile(body.steps, &scope)
            code.emit(.end, at: body.span)
        }
        pendingBodies.removeAll()
        code.group = Instruction.noGroup
        openBlocks = []
    }

    // MARK: Unused blocks

    /// Reports what is wrong with the steps of blocks that nothing uses, wherever they were meant to be used. They leave
    /// no code.
    private mutating func checkUnusedBlocks(_ base: Scope) {
        var trial = self
        var scope = base
        scope.facts.formUnion([.response, .message, .error, .close])
        scope.mayLackNames = true
        trial.event = .open
        trial.expandsBlocks = false
        for block in plan.blocks where !usedBlocks.contains(block.name.value) {
            var inner = scope
            trial.compile(block.steps, &inner)
            trial.compilePendingBodies()
        }
        diagnostics = trial.diagnostics
        isTooLarge = trial.isTooLarge
    }

    /// What only the handlers of an event know.
    private func facts(in event: PlanModel.Handler.Event) -> FactSet {
        switch event {
        case .open, .ping, .pong: [.response]
        case .message: [.response, .message]
        case .close: [.response, .close]
        case .error: [.response, .error]
        }
    }
}

extension Program.Event {
    fileprivate init(_ event: PlanModel.Handler.Event) {
        self =
            switch event {
            case .open: .open
            case .message: .message
            case .ping: .ping
            case .pong: .pong
            case .close: .close
            case .error: .error
            }
    }
}
