import ArgumentParser
import Diagnostics
import LoadMetrics
import PlanModel
import PlanSyntax

struct CompileCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "compile", abstract: "Prints the event-program that a plan compiles to.",
        discussion: "A line for each instruction: address, opcode, operands, and the line of the plan it came from.")

    @Argument(help: "The plan file, or - for standard input.")
    var path: String

    @Flag(name: .customLong("no-lines"), help: "Leave the plan's lines out, to compare the programs of two files.")
    var omitsLines = false

    func run(on console: Console) throws -> Int32 {
        var loaded: LoadedPlan
        do {
            loaded = try LoadedPlan(path: path, environment: processEnvironment())
            // Where a file that is sent depends on a variable without a value, nobody knows what is in it.
            if loaded.isUsable, loaded.programs.count != loaded.plan?.scenarios.count {
                loaded = try LoadedPlan(path: path, environment: processEnvironment(), needsEnvironment: true)
            }
        } catch let problem as SourceFile.LoadError {
            throw ValidationError(problem.description)
        }
        guard loaded.isUsable else {
            console.complain(loaded.renderedDiagnostics.droppingFinalLineBreak)
            return Verdict.Ground.invalid.exitCode
        }
        do throws(Console.WriteError) {
            try console.print(loaded.listing(withLines: !omitsLines))
        } catch {
            console.complain("wsplan: cannot write the listing: \(error.reason)")
            return Verdict.Ground.reportNotWritten.exitCode
        }
        return 0
    }
}

extension String {
    /// For text that is handed on as lines.
    var droppingFinalLineBreak: String { hasSuffix("\n") ? String(dropLast()) : self }
}
