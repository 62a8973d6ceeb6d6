import Diagnostics
import EventProgram
import Expressions
import PlanModel

/// Branches, loops, blocks and groups into jumps and names.
extension ScenarioCompiler {
    /// Compiles steps in which more names are bound than behind them; variables made in them stay visible, and are null
    /// where the steps did not run.
    mutating func compileBranch(_ steps: [Step], binding facts: FactSet = [], _ scope: inout Scope) {
        let outer = (facts: scope.facts, declarationCount: scope.declarationCount)
        scope.facts.formUnion(facts)
        compile(steps, &scope)
        scope.facts = outer.facts
        scope.loosenVariables(declaredAfter: outer.declarationCount)
    }

    mutating func compile(_ branch: If, _ span: SourceSpan, _ scope: inout Scope) {
        let condition = condition(branch.condition, scope).map { code.add($0) } ?? 0
        let otherwise = code.emitJump(.unless, a: condition, at: span)
        compileBranch(branch.then, &scope)
        guard !branch.otherwise.isEmpty else { return code.land(otherwise) }
        let end = code.emitJump(.jump, at: span)
        code.land(otherwise)
        compileBranch(branch.otherwise, &scope)
        code.land(end)
    }

    mutating func compile(_ loop: Repeat, _ span: SourceSpan, _ scope: inout Scope) {
        let slot = takeLocals(1)
        let count = source(of: loop.count, scope) ?? .constant(.int(0))
        code.emit(.setLocal, a: slot, b: code.add(count), at: span)
        let start = code.address
        let end = code.emitJump(.repeatNext, a: slot, at: span)
        compileBranch(loop.steps, &scope)
        code.emit(.jump, a: start, at: span)
        code.land(end)
    }

    mutating func compile(_ loop: While, _ span: SourceSpan, _ scope: inout Scope) {
        let start = code.address
        let condition = condition(loop.condition, scope).map { code.add($0) } ?? 0
        let end = code.emitJump(.unless, a: condition, at: span)
        compileBranch(loop.steps, &scope)
        code.emit(.jump, a: start, at: span)
        code.land(end)
    }

    mutating func compile(_ loop: For, _ span: SourceSpan, _ scope: inout Scope) {
        let slot = takeLocals(3)
        let list = source(of: loop.list, expecting: .list, scope) ?? .constant(.list([]))
        code.emit(.setLocal, a: slot, b: code.add(list), at: span)
        code.emit(.setLocal, a: slot + 1, b: code.add(.constant(.int(0))), at: span)
        let start = code.address
        let end = code.emitJump(.forNext, a: slot, at: span)
        let outer = scope.declarationCount
        declare(loop.variable, .local(Int(slot) + 2), type: list.type.elements, in: &scope)
        compileBranch(loop.steps, &scope)
        scope.loosenVariables(declaredAfter: outer)
        code.emit(.jump, a: start, at: span)
        code.land(end)
    }

    /// What a block awaits is the task's message behind it too; its variables are its own.
    mutating func compile(_ use: Use, _ span: SourceSpan, _ scope: inout Scope) {
        // A missing block and one that uses itself are lint's to report; what they would bind is not known.
        guard let block = blocks[use.block.value], !openBlocks.contains(where: { $0.value == use.block.value }) else {
            scope.facts.insert(.message)
            return
        }
        guard openBlocks.count < Self.blockDepth else {
            return refuse(.blocksTooDeep, at: span, help: "let a block do more itself")
        }
        usedBlocks.insert(use.block.value)
        var inner = scope
        if use.mayLackArguments { inner.mayLackNames = true }
        for argument in use.arguments {
            let slot = takeLocals(1)
            let value = source(of: argument.value, scope)
            if let value { code.emit(.setLocal, a: slot, b: code.add(value), at: argument.name.span) }
            declare(argument.name, .local(Int(slot)), type: value?.type ?? .any, in: &inner)
        }
        guard expandsBlocks else { return }
        openBlocks.append(use.block)
        compile(block, &inner)
        openBlocks.removeLast()
        scope.facts.formUnion(inner.facts)
    }

    mutating func compile(_ group: Group, _ scope: inout Scope) {
        let outer = code.group
        code.group = code.nestedGroup(group.name.value)
        compile(group.steps, &scope)
        code.group = outer
    }
}

extension Diagnostic.Message {
    fileprivate static let blocksTooDeep = Self(
        "blocks use one another more than \(ScenarioCompiler.blockDepth) levels deep")
}
