import Diagnostics
import EventProgram
import Expressions
import PlanModel

/// What is known of variables before the run, so that a mistake in what is done with them is found by lint.
extension ScenarioCompiler {
    /// Declares a variable that gets its first value here, of which `type` is known. Where nothing else gives it one, that
    /// stays so.
    func declare(_ name: Located<String>, _ slot: Scope.Slot, type: StaticType, in scope: inout Scope) {
        let isConstant = changingNames.map { !$0.contains(name.value) } ?? false
        scope.declare(name.value, slot, type: isConstant ? type : .any)
    }

    /// Checks what reads these names. Where a mistake is found in it, nothing is taken to be known any more of the variables
    /// among them: a variable that is not what all its readers take it for is one mistake.
    mutating func doubting<Checked>(
        _ references: [NameReference], _ scope: Scope, _ check: (Scope, inout [Diagnostic]) -> Checked
    ) -> Checked {
        let names = references.map(\.root)
        let scope = scope.knowingNothing(of: doubtedNames.intersection(names))
        let before = diagnostics.count
        let checked = notingUse { check(scope, &$0) }
        if diagnostics[before...].contains(where: { $0.severity == .error }) {
            doubtedNames.formUnion(names)
        }
        return checked
    }
}

extension Plan {
    /// The names that `set` changes, and those that `let` makes more than once or of another variable of the task: a loop
    /// may then come back with a value that stands behind it in the plan.
    var changingNames: Set<String> {
        var changing: Set<String> = []
        var made: Set<String> = []
        var bound: Set<String> = []
        walk { step in
            switch step.kind {
            case .set(let assignments): changing.formUnion(assignments.map(\.name.value))
            case .let(let assignments):
                for name in assignments.map(\.name.value) where !made.insert(name).inserted { changing.insert(name) }
            case .for(let loop): bound.insert(loop.variable.value)
            case .use(let use): bound.formUnion(use.arguments.map(\.name.value))
            default: break
            }
        }
        return changing.union(made.intersection(bound))
    }
}
