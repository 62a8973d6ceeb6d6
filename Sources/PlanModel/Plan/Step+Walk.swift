import Diagnostics

extension Step {
    /// The lists of steps within this one, in source order.
    package var bodies: [[Step]] {
        switch kind {
        case .every(let every): [every.steps]
        case .after(let after): [after.steps]
        case .await(let step): [step.then, step.otherwise].compactMap(\.self)
        case .if(let branch): [branch.then, branch.otherwise]
        case .repeat(let loop): [loop.steps]
        case .while(let loop): [loop.steps]
        case .for(let loop): [loop.steps]
        case .group(let group): [group.steps]
        case .send, .ping, .pong, .close, .cancel, .wait, .check, .set, .let, .log, .use, .fail, .stopRun, .mark,
            .measure, .record:
            []
        }
    }

    /// Calls `visit` with this step and every step within it, outer ones first.
    package func walk(_ visit: (Step) -> Void) {
        visit(self)
        for body in bodies {
            for step in body { step.walk(visit) }
        }
    }
}

extension Plan {
    /// Every list of steps that stands for itself: those of handlers, each once for all scenarios that have it, then those of
    /// blocks.
    package var stepLists: [[Step]] {
        var known: Set<SourceSpan> = []
        let own = scenarios.flatMap { $0.handlers.filter { known.insert($0.span).inserted } }
        return own.map(\.steps) + blocks.map(\.steps)
    }

    /// Calls `visit` with every step of the plan as it is written: the steps of a block once, wherever it is used.
    package func walk(_ visit: (Step) -> Void) {
        for list in stepLists {
            for step in list { step.walk(visit) }
        }
    }
}
