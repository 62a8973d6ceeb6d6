import DataTables
import Diagnostics
import PlanCompiler
import PlanModel
import PlanSyntax
import Testing

/// Columns of data files are known names, once somebody has read the files.
@Suite struct DataColumnTests {
    private static let files = [
        "users.csv": "name,first name\nAda,A\n", "rows.jsonl": "{\"id\": 1, \"late\": 1}\n{\"id\": 2}\n",
    ]

    /// What is said of a template in a plan with two sources, drawn under it.
    private func judge(_ template: String) throws -> [String] {
        let text = """
            url: ws://h
            data:
              users:
                file: users.csv
              rows:
                file: rows.jsonl
            on_open:
              - send: '\(template)'
              - close
            """
        let file = SourceFile(name: "plan.yaml", bytes: Array(text.utf8))
        let node = try #require(PlanDocument.read(file).node)
        var plan = try #require(PlanReader(environment: [:]).read(node, of: file).plan)
        for index in plan.data.indices {
            let name = try #require(plan.data[index].file?.value)
            plan.data[index].table = try DataTable.read(
                Array(try #require(Self.files[name]).utf8), as: try #require(plan.data[index].format))
        }
        return PlanCompiler.compile(plan).diagnostics.map {
            "\(file.text(of: $0.span)): \($0.message.text) [\($0.code)] \($0.help ?? "")"
        }
    }

    @Test(arguments: [
        #"${data.users.name} ${data.users["first name"]} ${data.rows.id + 1}"#,
        "${has(data.rows.late) ? data.rows.late : 0}",
        #"${has(data.rows.late) && data.rows["late"] == 1}"#,
        "${to_json(data.rows)} ${data.users.map(c, c).join()}",
    ])
    func knows(_ template: String) throws { #expect(try judge(template) == []) }

    @Test(arguments: [
        (
            "${data.users.nmae}",
            "nmae: the rows of 'users' have no column 'nmae' [unknownField] did you mean 'name'?"
        ),
        (
            #"${data.users["x y z"]}"#,
            #""x y z": the rows of 'users' have no column 'x y z' [unknownField] there is data.users.name, data.users.first name"#
        ),
        (
            "${data.rows.late}",
            "late: row 2 of 'rows' (line 2 of its file) has no column 'late' [missingCell] give it to every row, or ask for it: has(data.rows.late) ? data.rows.late : …"
        ),
        (
            "${data.users.name + 1}",
            "+: '+' does not take a string and an int [typeMismatch] in a template: ${data.users.name}1; in an expression: data.users.name + string(1)"
        ),
        ("${data.user.name}", "user: the plan declares no data source 'user' [unknownField] did you mean 'users'?"),
        (
            "${data.users.name.first}",
            "first: fields are selected from a map, this is a string [typeMismatch] from_json(text) reads a text as JSON"
        ),
        ("${data}", "data: 'data' is no value itself, but has parts [unknownField] there is data.rows, data.users"),
    ])
    func says(_ template: String, _ words: String) throws { #expect(try judge(template) == [words]) }
}
