import ArgumentParser
import Diagnostics
import Expressions
import Glibc
import JSON
import LoadMetrics

struct EvalCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval", abstract: "Evaluates an expression and prints its value as JSON.",
        discussion: """
            What begins with '-' stands behind '--': wsplan eval -- '-1 + 2'.

            In JSON, bytes are a string of Base64, NaN and infinities a string, and keys of maps their text; --typed tells all \
            values apart.

            Exit codes: 0 with a value; 1 where there is none, as with a missing key or a division by zero; 2 where the \
            expression or the command line is wrong.
            """)

    @Argument(help: "The expression.")
    var expression: String

    @Option(parsing: .unconditional, help: ArgumentHelp("The text of a message, to be 'message'.", valueName: "TEXT"))
    var message: String?

    @Option(
        name: .customLong("var"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Makes a variable; may be given several times.", valueName: "name=JSON"),
        transform: VariableArgument.init)
    var variables: [VariableArgument] = []

    @Flag(help: "Prints the type of each value with it: {\"type\": \"int\", \"value\": \"1\"}.")
    var typed = false

    func validate() throws {
        var names: Set<String> = []
        for variable in variables where !names.insert(variable.name).inserted {
            throw ValidationError("--var \(variable.name) is given twice")
        }
    }

    func run(on console: Console) throws -> Int32 {
        let file = SourceFile(name: "<expression>", bytes: Array(expression.utf8))
        let renderer = DiagnosticRenderer(file: file)
        let text = LocatedText(expression, at: SourceSpan(0..<file.bytes.count))
        var findings: [Diagnostic] = []
        let checked = ParsedExpression.parse(text, into: &findings)?
            .check(in: scope, findsFailures: false, into: &findings)
        if !findings.isEmpty { console.complain(renderer.render(findings).droppingFinalLineBreak) }
        guard let checked else { return Verdict.Ground.invalid.exitCode }
        let value: Value
        do throws(EvaluationError) {
            var context = context
            value = try checked.evaluate(in: &context)
        } catch {
            console.complain(renderer.render(error: error.reason, at: error.span).droppingFinalLineBreak)
            return Verdict.Ground.expectation.exitCode
        }
        var writer = JSONWriter()
        if typed { value.writeTyped(to: &writer) } else { _ = value.write(to: &writer, as: .readable) }
        do throws(Console.WriteError) {
            try console.print(writer.text + "\n")
        } catch {
            console.complain("wsplan: cannot write the value: \(error.reason)")
            return Verdict.Ground.reportNotWritten.exitCode
        }
        return 0
    }

    /// What there is without a plan: the variables, a virtual user in its first iteration, and the message if there is one.
    private var scope: Scope {
        var scope = Scope(facts: [.vu, .run, .scenario])
        if message != nil { scope.facts.insert(.message) }
        for (slot, variable) in variables.enumerated() { scope.declare(variable.name, .session(slot)) }
        return scope
    }

    private var context: EvaluationContext {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return EvaluationContext(
            run: RunFacts(runID: "eval", scenario: "eval"), variables: variables.map(\.value),
            message: message.map { .owned(Array($0.utf8), binary: false) } ?? .none,
            wallNanoseconds: Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec),
            random: RandomStream(seed: .random(in: .min ... .max)))
    }
}

/// `name=JSON`
struct VariableArgument: Sendable {
    var name: String
    var value: Value

    init(_ argument: String) throws {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { throw ValidationError("it is written name=JSON, such as n=3 or text='\"a\"'") }
        guard Scope.isIdentifier(parts[0]) else {
            throw ValidationError("a name is letters, digits and '_', and does not begin with a digit")
        }
        guard !Scope.reservedNames.contains(parts[0]), !Scope.languageWords.contains(parts[0]) else {
            throw ValidationError("the name '\(parts[0])' is reserved")
        }
        name = parts[0]
        do throws(JSONError) {
            value = try Value.json(parts[1])
        } catch {
            throw ValidationError("the value is no JSON: \(error)")
        }
    }
}
