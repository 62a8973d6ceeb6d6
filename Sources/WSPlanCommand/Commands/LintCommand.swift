import ArgumentParser
import Diagnostics
import LoadMetrics
import PlanSyntax

struct LintCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint", abstract: "Reports everything that is wrong with plans, and runs nothing.",
        discussion: "Prints nothing and exits 0 where all is well; exits 2 where a plan has an error.")

    @Argument(help: "Plan files, folders of them, or - for standard input.")
    var paths: [String]

    func run(on console: Console) throws -> Int32 {
        var isWrong = false
        do {
            for path in try PlanFiles.expand(paths) {
                let loaded = try LoadedPlan(path: path, environment: processEnvironment())
                if !loaded.isUsable { isWrong = true }
                guard !loaded.diagnostics.isEmpty else { continue }
                try console.print(loaded.renderedDiagnostics)
            }
        } catch let problem as PlanFiles.Problem {
            throw ValidationError(problem.reason)
        } catch let problem as SourceFile.LoadError {
            throw ValidationError(problem.description)
        } catch let problem as Console.WriteError {
            console.complain("wsplan: cannot write the diagnostics: \(problem.reason)")
            return isWrong ? Verdict.Ground.invalid.exitCode : Verdict.Ground.reportNotWritten.exitCode
        }
        return isWrong ? Verdict.Ground.invalid.exitCode : 0
    }
}
