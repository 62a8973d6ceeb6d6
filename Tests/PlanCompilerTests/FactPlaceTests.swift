import Diagnostics
import PlanCompiler
import PlanModel
import PlanSyntax
import Testing

/// The names of plan-language §4 are known where there is something that they are names of, and nowhere else.
@Suite struct FactPlaceTests {
    /// A plan with `NAME` at one place, and the roots that exist there beyond those that exist everywhere.
    struct Place: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let yaml: String
        let roots: Set<String>

        init(_ name: String, _ yaml: String, _ roots: Set<String> = []) {
            testDescription = name
            self.yaml = yaml
            self.roots = roots
        }

        static func handler(_ event: String, _ roots: Set<String>) -> Place {
            Place("on_\(event)", "on_\(event):\n  - log: ${string(NAME)}", roots)
        }
    }

    static let places = [
        Place("url", "url: ws://h/${NAME}"),
        Place("headers", "connect:\n  headers:\n    X: ${NAME}"),
        Place("subprotocols", "connect:\n  subprotocols:\n    - a${NAME}"),
        Place("origin", "connect:\n  origin: ${NAME}"),
        Place("cookies", "connect:\n  cookies:\n    c: ${NAME}"),
        Place("expect", "expect:\n  headers:\n    X: ${NAME}"),
        Place("vars", "vars:\n  x: ${NAME}"),
        Place("vu_vars", "vu_vars:\n  x: ${NAME}"),
        .handler("open", ["response"]),
        .handler("message", ["response", "message"]),
        .handler("ping", ["response"]),
        .handler("pong", ["response"]),
        .handler("error", ["response", "error"]),
        .handler("close", ["response", "close"]),
        Place(
            "a handler's if", "handlers:\n  - event: error\n    if: string(NAME) == ''\n    do:\n      - log: x",
            ["response", "error"]),
        Place(
            "a tick", "on_message:\n  - every: 1s\n    do:\n      - log: ${string(NAME)}", ["response", "message"]),
        Place("an await", "on_open:\n  - await: string(NAME) == ''", ["response", "message"]),
        Place("behind an await", "on_open:\n  - await: any\n  - log: ${string(NAME)}", ["response", "message"]),
        Place(
            "behind an await with else",
            "on_open:\n  - await: any\n    else:\n      - log: late\n  - log: ${string(NAME)}", ["response"]),
        Place(
            "a block of on_close", "blocks:\n  b:\n    - log: ${string(NAME)}\non_close:\n  - use: b",
            ["response", "close"]),
    ]

    static let everywhere = [
        "vu.id", "vu.iteration", "run.iteration", "run.id", "scenario", "env.X", "data.rows.a", "server.url",
    ]
    static let somewhere = [
        "response.status", "response.headers[\"a\"]", "response.headers.a", "response.subprotocol", "response.body",
        "message.data", "message.text", "message.bytes", "message.json", "message.size", "message.binary", "error.kind",
        "error.message", "close.code", "close.reason", "close.by",
    ]

    @Test(arguments: places) func areKnownThere(_ place: Place) throws {
        for name in Self.everywhere + Self.somewhere {
            let root = String(name.prefix { $0 != "." })
            let codes = try diagnostics(of: name, at: place)
            let isThere = Self.everywhere.contains(name) || place.roots.contains(root)
            #expect(codes == (isThere ? [] : [.nameNotAvailable]), "\(name)")
        }
    }

    private func diagnostics(of name: String, at place: Place) throws -> [DiagnosticCode] {
        let url = place.yaml.hasPrefix("url") ? "" : "url: ${server.url}\n"
        let text = """
            \(url)serve: echo
            env: {X: {default: x}}
            data: {rows: {file: rows.csv}}
            timeouts: {session: 1s}
            \(place.yaml.replacing("NAME", with: name))
            """
        let file = SourceFile(name: "plan.yaml", bytes: Array(text.utf8))
        let node = try #require(PlanDocument.read(file).node)
        let plan = try #require(PlanReader(environment: [:]).read(node, of: file).plan)
        return PlanCompiler.compile(plan).diagnostics.map(\.code)
    }
}
