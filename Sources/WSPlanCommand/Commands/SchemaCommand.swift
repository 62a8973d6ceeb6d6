import ArgumentParser
import CPlanSchema
import LoadMetrics

struct SchemaCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Prints the JSON Schema of plans.",
        discussion: """
            With it an editor completes keys, explains them and marks mistakes while you write. Save it beside your plans and \
            begin each of them with

                # yaml-language-server: $schema=plan.schema.json
            """)

    func run(on console: Console) throws -> Int32 {
        do throws(Console.WriteError) {
            try console.print(String(cString: wsplan_plan_schema()))
            return 0
        } catch {
            console.complain("wsplan: cannot write the schema: \(error.reason)")
            return Verdict.Ground.reportNotWritten.exitCode
        }
    }
}
