import Diagnostics
import EventProgram
import Expressions
import PlanCompiler
import PlanModel
import PlanSyntax

extension Benchmark {
    /// What a virtual user makes of a message, beyond the bytes that come in and go out.
    static var ofInterpreter: [Benchmark] {
        [
            Benchmark("interpreter-echo", "a message to a handler that sends 64 B") { operations in
                interpret(
                    """
                    url: ws://127.0.0.1/
                    on_message:
                      - send: aaaaaaaabbbbbbbbccccccccddddddddeeeeeeeeffffffffgggggggghhhhhhhh
                    """, effectCount: 1, operations)
            },
            Benchmark(
                "interpreter-measure", "a message to a handler with an `if` on its JSON, `measure`, `mark` and `send`"
            ) { operations in
                interpret(
                    """
                    url: ws://127.0.0.1/
                    on_open:
                      - mark: sent
                    on_message:
                      - if: message.json.type == "tick"
                        then:
                          - measure: tick_time
                            since: sent
                      - mark: sent
                      - send: '{"symbol":"EURUSD","type":"tick","price":1.08514,"number":170221}'
                    """, effectCount: 2, operations)
            },
        ]
    }

    /// - Parameter effectCount: what the plan asks for at each message.
    private static func interpret(_ plan: String, effectCount: Int, _ operations: Int) -> Int64 {
        let messages = Samples.ticks()
        let program = compiled(plan)
        var user = VirtualUser(id: 1, program: program, seed: RandomSeed(1))
        var context = ExecutionContext(program: program, evaluation: EvaluationContext(run: RunFacts()))
        user.next(after: .start(runIteration: 0), atNanoseconds: 0, in: &context)
        let response = ResponseFact(status: 101, headers: [], subprotocol: "", body: [])
        user.next(after: .opened(response, afterNanoseconds: 0), atNanoseconds: 0, in: &context)
        context.effects.removeAll()
        var now: Int64 = 0
        return fastestRound {
            var effects = 0
            for index in 0..<operations {
                now += 1000
                user.next(
                    after: .message(messages[index & Samples.last], isBinary: false), atNanoseconds: now, in: &context)
                effects += context.effects.list.count
                context.effects.removeAll()
            }
            precondition(effects == operations * effectCount, "\(effects) effects")
        }
    }

    private static func compiled(_ plan: String) -> Program {
        let file = SourceFile(name: "plan.yaml", bytes: Array(plan.utf8))
        guard let node = PlanDocument.read(file).node,
            let plan = PlanReader(environment: [:]).read(node, of: file).plan,
            let program = PlanCompiler.compile(plan).programs.first
        else { preconditionFailure("the plan is wrong") }
        return program
    }
}
