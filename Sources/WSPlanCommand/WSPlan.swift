package import ArgumentParser
import Glibc
import LoadMetrics

/// `wsplan`, and what its subcommands share.
package struct WSPlan: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "wsplan",
        abstract: "Tests and loads WebSocket services from checked-in plan files.",
        version: version,
        subcommands: [
            RunCommand.self, ReportCommand.self, LintCommand.self, CompileCommand.self, EvalCommand.self,
            SchemaCommand.self, ServeCommand.self,
        ])

    package static let version = "0.1.0"

    package init() {}

    /// Parses the command line, carries it out and gives the exit code of the process (plan-language §6).
    package static func run(_ arguments: [String], console: Console = .standard) -> Int32 {
        // A closed pipe is an error of the write, not the end of the process (OpenSSL and stdio write without
        // MSG_NOSIGNAL).
        signal(SIGPIPE, SIG_IGN)
        Console.occupyClosedStandardStreams()
        do {
            var command = try parseAsRoot(arguments)
            if let command = command as? any ConsoleCommand { return try carryOut(command, on: console) }
            try command.run()
            return 0
        } catch let code as ExitCode {
            return code.rawValue
        } catch {
            let text = fullMessage(for: error)
            guard exitCode(for: error).isSuccess else {
                console.complain(text)
                return Verdict.Ground.invalid.exitCode
            }
            try? console.print(text + "\n")
            return 0
        }
    }
}

extension WSPlan {
    /// What turns out to be wrong only now is no matter of syntax: the usage would not help.
    private static func carryOut(_ command: any ConsoleCommand, on console: Console) throws -> Int32 {
        do {
            return try command.run(on: console)
        } catch let problem as ValidationError {
            console.complain("wsplan: \(problem.message)")
            return Verdict.Ground.invalid.exitCode
        }
    }
}

/// A subcommand: it writes to the console that it is given, and gives the exit code.
protocol ConsoleCommand: ParsableCommand {
    func run(on console: Console) throws -> Int32
}
