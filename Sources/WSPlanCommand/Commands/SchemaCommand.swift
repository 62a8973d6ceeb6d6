import ArgumentParser
import CSchemas
import LoadMetrics

struct SchemaCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Prints the JSON Schema of plans, or that of reports.",
        discussion: """
            With that of plans an editor completes keys, explains them and marks mistakes while you write. Save it beside your \
            plans and begin each of them with

                # yaml-language-server: $schema=plan.schema.json
            """)

    enum Document: String, CaseIterable, ExpressibleByArgument, Sendable {
        case plan
        case report

        var schema: String {
            switch self {
            case .plan: String(cString: wsplan_plan_schema())
            case .report: String(cString: wsplan_report_schema())
            }
        }
    }

    @Argument(help: "What it describes: a plan, or what --report json=FILE writes.")
    var document = Document.plan

    func run(on console: Console) throws -> Int32 {
        do throws(Console.WriteError) {
            try console.print(document.schema)
            return 0
        } catch {
            console.complain("wsplan: cannot write the schema: \(error.reason)")
            return Verdict.Ground.reportNotWritten.exitCode
        }
    }
}
