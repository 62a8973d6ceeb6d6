/// All that an expression may read while it is evaluated, and the few things it moves on: random numbers and counters.
///
/// The interpreter keeps one and changes what a stimulus changes. A borrowed message is valid for one stimulus only.
package struct EvaluationContext {
    /// The slots of `Scope.Slot.session`.
    package var variables: [Value]
    /// The slots of `Scope.Slot.local`: those of the running task.
    package var locals: [Value]
    package var message: MessageFact
    package var response: ResponseFact?
    package var error: ErrorFact?
    package var close: CloseFact?
    /// From 1 in each scenario.
    package var vuID: Int64
    /// Iterations of this VU before this one.
    package var vuIteration: Int64
    /// Iterations of the whole run before this one.
    package var runIteration: Int64
    package var run: RunFacts
    /// The time of this stimulus, since 1970 in UTC.
    package var wallNanoseconds: Int64
    package var random: RandomStream
    /// The last number that `counter(name)` gave to this VU.
    package var counters: [String: Int64]
    /// What the macros under way walk over, the innermost last.
    var bindings: [Value] = []
    /// Elements that this evaluation has made in lists and visited with macros.
    var work = 0
    /// Bytes that this evaluation has made in strings and bytes values.
    var bytesMade = 0
    /// Steps of regular expressions that this evaluation may still take.
    var searchSteps = ExpressionLimits.searchSteps

    package init(
        run: RunFacts, variables: [Value] = [], locals: [Value] = [], message: MessageFact = .none,
        response: ResponseFact? = nil, error: ErrorFact? = nil, close: CloseFact? = nil, vuID: Int64 = 1,
        vuIteration: Int64 = 0, runIteration: Int64 = 0, wallNanoseconds: Int64 = 0,
        random: RandomStream = RandomSeed(0).stream, counters: [String: Int64] = [:]
    ) {
        self.variables = variables
        self.locals = locals
        self.message = message
        self.response = response
        self.error = error
        self.close = close
        self.vuID = vuID
        self.vuIteration = vuIteration
        self.runIteration = runIteration
        self.run = run
        self.wallNanoseconds = wallNanoseconds
        self.random = random
        self.counters = counters
    }

    /// What one evaluation may use is counted anew.
    mutating func beginEvaluation() {
        work = 0
        bytesMade = 0
        searchSteps = ExpressionLimits.searchSteps
    }
}
