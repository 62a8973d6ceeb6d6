import Diagnostics
import Expressions
import Testing

@Suite struct ExplainTests {
    private static let message = #"{"type":"ack","id":7,"list":[4,5,6],"a":{"b":null}}"#
    private static let user = #"{"id":42,"name":"Ada","tags":["a","b"]}"#

    /// Each part behind as many `>` as it is parts deep.
    @Test(arguments: [
        ("n == 4", "n: 3"),
        (
            "size(items) > 5 || n > 5",
            "size(items) > 5: false | > size(items): 3 | >> items: [1,2,3] | n > 5: false | > n: 3"
        ),
        ("n > 2 && n < 2", "n > 2: true | > n: 3 | n < 2: false"),
        ("n * 2 + 1 == size(name)", "n * 2 + 1: 7 | > n * 2: 6 | >> n: 3 | size(name): 3 | > name: \"Ada\""),
        ("name != 'Ada'", "name: \"Ada\""),
        ("!yes", "yes: true"),
        ("-n > 0", "n: 3"),
        // What is decided needs no more values.
        ("user.id > 50 && name != 'Ada'", "user.id > 50: false | > user.id: 42"),
        ("has(user.nick) && user.nick.size() > 3", "has(user.nick): false | > user: \(user)"),
        (
            "(n > 5 || yes) && n > 4",
            "(n > 5 || yes): true | > n > 5: false | >> n: 3 | > yes: true | n > 4: false"
        ),
        ("yes && n < 9 && n > 7", "yes: true | n < 9: true | > n: 3 | n > 7: false"),
        ("(yes ? user : {}).name == 'Bo'", "(yes ? user : {}).name: \"Ada\" | > yes: true | > user: \(user)"),
        // A message is looked into.
        (
            "message.json.type == 'order' || message.json.id in items",
            "message.json.type == 'order': false | > message.json.type: \"ack\" | message.json.id in items: false "
                + "| > message.json.id: 7 | > items: [1,2,3]"
        ),
        ("message.json.list.size() == 2", "message.json.list.size(): 3 | > message.json.list: [4,5,6]"),
        ("has(message.json.price)", "message.json: \(message)"),
        ("message.text.startsWith('x')", "message.text: \"\(message.replacing("\"", with: "\\\""))\""),
        // Where a path leads nowhere, it shows how far it led.
        (
            "n == 3 && message.json.nope == 1",
            "n == 3: true | > n: 3 | message.json.nope == 1: no value | > message.json.nope: no value: no such key: \"nope\" "
                + "| >> message.json: \(message)"
        ),
        (
            "message.json.a['x.y'].c == 1",
            "message.json.a['x.y'].c: no value: no such key: \"x.y\" | > message.json.a: {\"b\":null}"
        ),
        (
            ".message.json.a.`x.y`.c == 1",
            ".message.json.a.`x.y`.c: no value: no such key: \"x.y\" | > .message.json.a: {\"b\":null}"
        ),
        (
            "message.json.list[3] == 1",
            "message.json.list[3]: no value: index 3 is out of range | > message.json.list: [4,5,6]"
        ),
        (
            "user.tags[5] == 'c'",
            "user.tags[5]: no value: index 5 is out of range: the list has 2 elements | > user.tags: [\"a\",\"b\"]"
        ),
        ("items[n - 3] == 2", "items[n - 3]: 1 | > n - 3: 0 | >> n: 3"),
        // Macros have many values: only what they walk over is one.
        ("items.all(i, i > n)", "items: [1,2,3]"),
        (
            "items.filter(i, i > 1).size() > n",
            "items.filter(i, i > 1).size(): 2 | > items.filter(i, i > 1): [2,3] | >> items: [1,2,3] | n: 3"
        ),
        // What is another value each time is not shown as if it were that one.
        ("random() > n && counter('c') > n", "n: 3"),
        ("raw == b''", "raw: 2 bytes: 00 ff"),
    ])
    func showsTheValuesOfTheParts(_ text: String, _ expected: String) throws {
        let parts = try explain(text)
        let shown = parts.map { part in
            String(repeating: ">", count: part.depth) + (part.depth > 0 ? " " : "") + "\(part.source): \(part.value)"
        }
        #expect(shown.joined(separator: " | ") == expected)
        for part in parts {
            #expect(Array(text.utf8)[part.span.range].elementsEqual(part.source.utf8))
        }
    }

    @Test(arguments: [
        ("name == 'x'", Value.string(String(repeating: "a", count: 161)), "a×120 … a×40", "(161 characters)"),
        ("name == 'x'", .string(String(repeating: "a", count: 160)), "a×160", ""),
        ("name == 'x'", .list(Array(repeating: .int(1), count: 1_000)), "[1,1,1,", ",1] (a list of 1000)"),
    ])
    func abridgesWhatIsLongInItsMiddle(_ text: String, _ value: Value, _ start: String, _ end: String) throws {
        let part = try #require(try explain(text) { $0.variables[3] = value }.first)
        let value = part.value.replacing("\"", with: "")
            .replacing(String(repeating: "a", count: 160), with: "a×160")
            .replacing(String(repeating: "a", count: 120), with: "a×120")
            .replacing(String(repeating: "a", count: 40), with: "a×40")
        #expect(value.hasPrefix(start) && value.hasSuffix(end), "\(part.value)")
        #expect(part.value.utf8.count < 200)
    }

    @Test func hasAnEnd() throws {
        let many = (0..<100).map { "n == \($0 + 10)" }.joined(separator: " || ")
        #expect(try explain(many).count == 32)
    }

    private func explain(
        _ text: String, _ change: (inout EvaluationContext) -> Void = { _ in }
    ) throws -> [Explained] {
        var findings: [Diagnostic] = []
        let expression = try #require(
            TestWorld.parse(text, into: &findings)?.check(in: TestWorld.scope, into: &findings))
        var context = TestWorld.context(message: .owned(Array(Self.message.utf8), binary: false))
        change(&context)
        return expression.explain(in: context)
    }
}
